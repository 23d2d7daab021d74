//! The mutants, by the part of the code that they break.

mod clock;
mod draws;
mod incoming;
mod model;
mod outgoing;
mod recovery;
mod slots;

use crate::mutant::Mutant;

/// All mutants.
pub(crate) fn all() -> impl Iterator<Item = Mutant> {
    let parts: [&'static [Mutant]; 7] = [
        clock::MUTANTS,
        model::MUTANTS,
        outgoing::MUTANTS,
        incoming::MUTANTS,
        slots::MUTANTS,
        draws::MUTANTS,
        recovery::MUTANTS,
    ];
    parts.into_iter().flatten().copied()
}

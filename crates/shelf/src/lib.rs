//! A million values of which few are in use at a time: the others lie packed.
//!
//! A machine of a run in virtual time is made for speed: its numbers are as wide as they
//! may ever become, and what belongs together lies in one line of the processor's cache.
//! That takes half a kilobyte. Of what most machines are, little more than a hundred bytes are
//! news: the rest is zeros, and what all machines of the run have in common.

mod hint;
mod pass;
mod shelf;

pub use hint::prefetch;
pub use pass::Pass;
pub use shelf::{HalfLine, Rest, Shelf, WholeLine};

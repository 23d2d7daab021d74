//! Which colour a machine has, in every chart and in the diagram.

/// How many colours the style sheet has: `--m1` and so on. More would not be told
/// apart; the names are always there, too.
pub(crate) const TINTS: usize = 8;

/// The number of the colour of the machine at this place of the trace, from 1.
pub(crate) fn tint(index: usize) -> usize {
    index % TINTS + 1
}

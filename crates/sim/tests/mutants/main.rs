//! What notices when the machine code is broken.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod detector;

#[test]
fn the_code_as_it_is_passes() {
    assert_eq!(detector::report(), "passes");
}

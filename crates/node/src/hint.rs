//! Commands of `offbeat` in hints, as whoever reads them would type them.

/// `args` with how this was started before them.
pub(crate) fn command(args: &str) -> String {
    match std::env::var_os("CARGO") {
        Some(_) => format!("cargo run --release -- {args}"),
        None => format!("offbeat {args}"),
    }
}

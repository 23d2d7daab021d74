//! How much of the campaign is run.

/// `short` as part of all tests, `full` if the environment asks for it.
pub(crate) fn of<T>(short: T, full: T) -> T {
    match std::env::var("OFFBEAT_CAMPAIGN").as_deref() {
        Ok("full") => full,
        _ => short,
    }
}

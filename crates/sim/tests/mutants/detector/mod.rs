//! Looks for a fault in the machine code, and says what showed it.
//!
//! It drives the code that it is compiled with and knows of no mutant: first whole
//! runs through the simulator, the judge and the replay of logs, then a handful of
//! checks of what hardly any run shows. Everything follows from fixed seeds, so the
//! same code always gives the same answer.

mod finding;
mod journals;
mod limits;
mod links;
mod plans;
mod pristine;
mod runs;
mod slots;
mod welcomes;

use std::panic::{self, AssertUnwindSafe};

use finding::Finding;

/// The first fault found, as `caught C2` with what it was on the lines below, or
/// `passes`.
pub(crate) fn report() -> String {
    match panic::catch_unwind(AssertUnwindSafe(search)) {
        Ok(Ok(())) => "passes".to_owned(),
        Ok(Err(finding)) => format!("caught {finding}"),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("caught panic: {}", text.unwrap_or("without a word"))
        }
    }
}

fn search() -> Result<(), Finding> {
    runs::hold()?;
    slots::hold()?;
    links::hold()?;
    welcomes::hold()?;
    limits::hold()?;
    journals::hold()
}

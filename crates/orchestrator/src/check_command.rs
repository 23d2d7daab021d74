//! `offbeat check`: the judge.

use check::{Outcome, Verdict, judge};
use journal::Folder;
use node::Exit;

use crate::cli::CheckArgs;
use crate::complaint::Complaint;
use crate::conclusion::painted;
use crate::terminal;

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Complaint> {
    let folder = Folder::open(&args.folder.folder)?;
    let verdict = judge(&folder);
    if args.json {
        let json = serde_json::to_string_pretty(&verdict)
            .map_err(|error| Complaint::failed(format!("cannot write the verdict: {error}")))?;
        terminal::result(&json);
    } else {
        terminal::result(&format!("{}\n\n{}", painted(&verdict), verdict.rules_table()));
    }
    Ok(exit_of(&verdict))
}

/// The exit code that says what the verdict is.
pub(crate) fn exit_of(verdict: &Verdict) -> Exit {
    match verdict.outcome {
        Outcome::Holds => Exit::Done,
        Outcome::Violated => Exit::Violated,
        Outcome::CannotTell => Exit::CannotTell,
    }
}

//! `offbeat replay`: re-drives the machine code with the inputs that each log fixes;
//! every record must come out the same but for its time.

use journal::Folder;
use node::Exit;

use crate::cli::ReplayArgs;
use crate::complaint::Complaint;
use crate::replays::{Outcome, Replays};
use crate::terminal::{self, BAD, GOOD, NOTABLE, paint_lead};

pub(crate) fn run(args: &ReplayArgs) -> Result<Exit, Complaint> {
    let folder = Folder::open(&args.folder.folder)?;
    let replays = Replays::of(&folder);
    if args.json {
        let json = serde_json::to_string_pretty(&replays)
            .map_err(|error| Complaint::failed(format!("cannot write the replays: {error}")))?;
        terminal::result(&json);
    } else {
        let style = match replays.outcome {
            Outcome::Same => GOOD,
            Outcome::Departs | Outcome::Damaged => BAD,
            Outcome::CannotTell => NOTABLE,
        };
        let conclusion = paint_lead(style, &replays.conclusion());
        terminal::result(&format!("{}\n{conclusion}", replays.table()));
    }
    Ok(replays.exit())
}

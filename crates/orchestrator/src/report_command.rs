//! `offbeat report`: what a run amounted to, and why.

use journal::Folder;
use node::Exit;
use report::Summary;

use crate::cli::ReportArgs;
use crate::complaint::Complaint;
use crate::conclusion::figures;
use crate::page_command::write_page;
use crate::terminal;

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Complaint> {
    let folder = Folder::open(&args.folder.folder)?;
    let (summary, errors) = Summary::read(&folder);
    if args.html {
        let path = write_page(&folder, &summary)?;
        terminal::result(&path.display().to_string());
    } else if args.json {
        let json = serde_json::to_string_pretty(&summary)
            .map_err(|error| Complaint::failed(format!("cannot write the figures: {error}")))?;
        terminal::result(&json);
    } else {
        terminal::result(&figures(&summary));
    }
    Ok(if errors.is_empty() { Exit::Done } else { Exit::LogRefused })
}

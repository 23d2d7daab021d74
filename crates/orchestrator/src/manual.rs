//! What the command says of itself: shell completions and man pages, made from
//! the command line's own definition.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};
use clap_mangen::generate_to;
use node::Exit;

use crate::cli::Cli;
use crate::complaint::Complaint;
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell to complete in
    shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder to write the pages to
    #[arg(value_name = "DIR", default_value = "man")]
    folder: PathBuf,
}

/// Prints the completions of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Exit {
    let mut text = Vec::new();
    generate(args.shell, &mut Cli::command(), "offbeat", &mut text);
    terminal::result(String::from_utf8_lossy(&text).trim_end());
    Exit::Done
}

/// Writes a man page of the command, and of each of its commands.
pub(crate) fn man(args: &ManArgs) -> Result<Exit, Complaint> {
    let folder: &Path = &args.folder;
    fs::create_dir_all(folder).map_err(|error| Complaint::io("make the folder", folder, &error))?;
    generate_to(Cli::command(), folder)
        .map_err(|error| Complaint::io("write man pages to", folder, &error))?;
    terminal::result(&format!("man -l {}", folder.join("offbeat.1").display()));
    Ok(Exit::Done)
}

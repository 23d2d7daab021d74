//! From an experiment file and the command line to settings that can be run.

use std::path::Path;

use clap::CommandFactory as _;
use node::{Problem, load};

use crate::cli::Cli;
use crate::complaint::Complaint;
use crate::hint::Program;
use crate::settings::Settings;
use crate::settings_check::TimeKind;

/// The settings of a run: the command line over the environment over the file.
/// The name is the file's, unless it gives one.
pub(crate) fn settings(
    file: Option<&Path>,
    command_line: Settings,
    time: TimeKind,
) -> Result<Settings, Complaint> {
    let from_file = file.map(|file| read(file, time)).transpose()?.unwrap_or_default();
    command_line.check_port_words().map_err(|problem| complaint(&problem, file))?;
    let settings = command_line.or(from_file);
    settings.check(time).map_err(|problem| complaint(&problem, file))?;
    Ok(settings)
}

fn read(path: &Path, time: TimeKind) -> Result<Settings, Complaint> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut settings = load(path, |settings: Settings| {
        settings.check(time)?;
        Ok(settings)
    })
    .map_err(|error| match is_node_config(&error.keys()) {
        true => error.misplaced(
            "this is the config of one node, not an experiment",
            format!(
                "start it with {} {}",
                Program::as_started().on("node --config"),
                path.display()
            ),
        ),
        false => error,
    })?;
    if settings.name.is_none() {
        settings.name = match &settings.run {
            Some(past) => past.rsplit_once('-').map(|(name, _)| name.to_owned()),
            None => node::check_run_name(&stem).is_ok().then_some(stem),
        };
    }
    Ok(settings)
}

/// Whether a file with these keys, which is no experiment, was meant as the config
/// of a node.
fn is_node_config(keys: &[String]) -> bool {
    let has_one_of = |these: &[&str]| keys.iter().any(|key| these.contains(&key.as_str()));
    has_one_of(&["listen", "peers"]) && !has_one_of(&["rates", "ports", "host"])
}

/// A problem that the file has not alone is one of an option, or of the file and
/// an option together.
fn complaint(problem: &Problem, file: Option<&Path>) -> Complaint {
    let key = problem.key.first().map(String::as_str).unwrap_or_default();
    let option = node::origin(&Cli::command(), &key.replace('_', "-"));
    let place = match (option, file) {
        (Some(option), _) => option,
        (None, Some(file)) => format!("`{key}` in {}, with these options", file.display()),
        (None, None) => key.to_owned(),
    };
    Complaint::usage(format!("{place}: {}", problem.message)).remedy(&problem.remedy)
}

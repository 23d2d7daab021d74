//! From an experiment file and the command line to settings that can be run.

use std::path::Path;

use node::{Exit, Problem, load};

use crate::complaint::Complaint;
use crate::settings::Settings;

/// The settings of a run: the command line over the environment over the file.
/// The name is the file's, unless it gives one.
pub(crate) fn settings(file: Option<&Path>, command_line: Settings) -> Result<Settings, Complaint> {
    let from_file = file.map(read).transpose()?.unwrap_or_default();
    let settings = command_line.or(from_file);
    settings.check().map_err(|problem| on_command_line(&problem))?;
    Ok(settings)
}

fn read(path: &Path) -> Result<Settings, Complaint> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut settings = load(path, |settings: Settings| {
        settings.check()?;
        Ok(settings)
    })
    .map_err(|error| match is_node_config(path) {
        true => error.or_remedy(&format!(
            "this is the config of one node: offbeat node --config {}",
            path.display()
        )),
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

/// Whether the file would do for `offbeat node`.
fn is_node_config(path: &Path) -> bool {
    node::Config::load(path, None).is_ok()
}

/// A problem that no file has alone is one of an option.
fn on_command_line(problem: &Problem) -> Complaint {
    let option = problem.key.first().map(|key| key.replace('_', "-")).unwrap_or_default();
    Complaint {
        exit: Exit::Usage,
        message: format!("--{option}: {}\n{}", problem.message, problem.remedy),
    }
}

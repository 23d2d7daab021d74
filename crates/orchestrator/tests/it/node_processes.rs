//! Which processes are the nodes of a command.

use std::fs;
use std::path::Path;

/// The process ids of the nodes of a command that was started in this folder.
pub(crate) fn nodes_of(folder: &Path) -> Vec<i32> {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| {
            let cwd = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            cwd.to_string_lossy().contains(&name) && line.contains("--supervised")
        })
        .collect()
}

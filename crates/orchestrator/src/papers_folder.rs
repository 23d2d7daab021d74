//! The folders with what machines prove themselves with, one a machine, so that
//! each can be given its own and no other's.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::certificates::Papers;
use crate::complaint::Complaint;

/// The certificate of the authority.
pub(crate) const AUTHORITY: &str = "authority.pem";

/// The certificate of the machine.
pub(crate) const CERTIFICATE: &str = "certificate.pem";

/// The key of the machine.
pub(crate) const KEY: &str = "key.pem";

/// Who may read it: the owner.
const KEY_MODE: u32 = 0o600;

/// Who may read the rest: anyone.
const MODE: u32 = 0o644;

/// The folder of `machine` below `folder`.
pub(crate) fn of_machine(folder: &Path, machine: u32) -> PathBuf {
    folder.join(format!("machine-{machine}"))
}

/// Writes all into new folders below `folder`, which is made if it is not there.
///
/// # Errors
/// A [`Complaint`] if one is there already, or cannot be written. Then nothing is
/// left of them.
pub(crate) fn write_new(folder: &Path, papers: &[Papers]) -> Result<(), Complaint> {
    let folders: Vec<_> = papers.iter().map(|it| of_machine(folder, it.machine)).collect();
    if let Some(taken) = folders.iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(Complaint::usage(format!("{} is there already", taken.display()))
            .remedy("say another folder with --out; nothing is overwritten"));
    }
    let write = |path: &PathBuf, papers: &Papers| {
        fs::create_dir_all(path).and_then(|()| write(path, papers))
    };
    for (index, (path, papers)) in folders.iter().zip(papers).enumerate() {
        write(path, papers).map_err(|error| {
            // What cannot be removed either does no harm: nobody was given it.
            let _ = folders[..=index].iter().try_for_each(fs::remove_dir_all);
            Complaint::of_folder("write to", path, &error)
        })?;
    }
    Ok(())
}

/// Writes what one machine gets into `folder`, in place of what is there.
pub(crate) fn write(folder: &Path, papers: &Papers) -> io::Result<()> {
    write_file(&folder.join(KEY), &papers.key, KEY_MODE)?;
    write_file(&folder.join(CERTIFICATE), &papers.certificate, MODE)?;
    write_file(&folder.join(AUTHORITY), &papers.authority, MODE)
}

/// Nobody sees half of it, or a key with another mode.
fn write_file(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options().write(true).create_new(true).mode(mode).open(&new)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&new, path)
}

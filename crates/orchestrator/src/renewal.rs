//! The certificates of nodes in containers: minted anew for a run that begins, kept
//! for one that goes on, and never taken from under nodes that are alive.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use machine::MachineId;
use node::{TlsConfig, check_certificates};

use crate::certificates::Terms;
use crate::complaint::Complaint;
use crate::papers_folder::{AUTHORITY, CERTIFICATE, KEY, of_machine, write};

/// How long certificates must still be good for a run to go on with them.
const LEFT_MIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the certificates are, and how they are to be.
#[derive(Clone, Debug)]
pub(crate) struct Renewal<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) terms: Terms,
}

impl Renewal<'_> {
    /// Whether there are certificates for a run to go on with.
    pub(crate) fn is_good(&self) -> bool {
        let then = self.terms.now + LEFT_MIN;
        // All of one authority, and not what is left of a minting that was cut short.
        let authority = |machine| fs::read(self.of_machine(machine).join(AUTHORITY)).ok();
        let is_good = |machine| {
            let files = files(&self.of_machine(machine));
            check_certificates(&files, MachineId::new(machine), then).is_ok()
        };
        (1..=self.terms.machines)
            .all(|machine| authority(machine) == authority(1) && is_good(machine))
    }

    /// Mints anew, in place of what is there.
    ///
    /// # Errors
    /// A [`Complaint`] if it cannot be written.
    pub(crate) fn mint(&self) -> Result<(), Complaint> {
        let papers = self
            .terms
            .mint()
            .map_err(|error| Complaint::failed(format!("cannot mint certificates: {error}")))?;
        for papers in papers {
            let folder = self.of_machine(papers.machine);
            fs::create_dir_all(&folder)
                .and_then(|()| write(&folder, &papers))
                .map_err(|error| Complaint::io("write certificates to", &folder, &error))?;
        }
        Ok(())
    }

    /// Does `give` to the folder of each machine and to all that is in it.
    ///
    /// # Errors
    /// What it says.
    pub(crate) fn for_all(&self, mut give: impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
        for machine in 1..=self.terms.machines {
            let folder = self.of_machine(machine);
            give(&folder)?;
            for name in [AUTHORITY, CERTIFICATE, KEY] {
                give(&folder.join(name))?;
            }
        }
        Ok(())
    }

    fn of_machine(&self, machine: u32) -> PathBuf {
        of_machine(self.folder, machine)
    }
}

fn files(folder: &Path) -> TlsConfig {
    let [authority, certificate, key] = [AUTHORITY, CERTIFICATE, KEY].map(|name| folder.join(name));
    TlsConfig { authority, certificate, key }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use tempfile::TempDir;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn renewal(folder: &Path, now: SystemTime) -> Renewal<'_> {
        Renewal { folder, terms: Terms { machines: 2, run: None, now, days: 30 } }
    }

    #[test]
    fn certificates_are_good_until_a_day_before_they_expire() {
        let (folder, now) = (TempDir::new().unwrap(), SystemTime::now());
        assert!(!renewal(folder.path(), now).is_good());
        renewal(folder.path(), now).mint().unwrap();
        assert!(renewal(folder.path(), now).is_good());
        assert!(renewal(folder.path(), now + 28 * DAY).is_good());
        let late = now + 29 * DAY + Duration::from_secs(1);
        assert!(!renewal(folder.path(), late).is_good());
        renewal(folder.path(), late).mint().unwrap();
        assert!(renewal(folder.path(), late).is_good());
    }

    #[test]
    fn what_is_left_of_a_minting_that_was_cut_short_is_not_good() {
        let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let now = SystemTime::now();
        for place in [&folder, &other] {
            renewal(place.path(), now).mint().unwrap();
        }
        let key = "machine-2/key.pem";
        fs::copy(other.path().join(key), folder.path().join(key)).unwrap();
        assert!(!renewal(folder.path(), now).is_good());
        for name in [AUTHORITY, CERTIFICATE, KEY] {
            let name = format!("machine-2/{name}");
            fs::copy(other.path().join(&name), folder.path().join(&name)).unwrap();
        }
        assert!(!renewal(folder.path(), now).is_good());
    }
}

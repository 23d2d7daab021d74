//! Who the other end of a connection has proved to be.

use machine::MachineId;
use rustls::pki_types::CertificateDer;
use webpki::EndEntityCert;

/// Whom a connection may speak for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Anyone: it is in plain text, where nothing is proved.
    None,
    /// Those whom its certificate names.
    Names(Vec<String>),
}

impl Proof {
    /// The proof that a certificate gives which was found good, the first of its
    /// chain.
    pub(crate) fn of(chain: Option<&[CertificateDer<'_>]>) -> Self {
        let names = chain
            .and_then(<[_]>::first)
            .and_then(|certificate| EndEntityCert::try_from(certificate).ok())
            .map(|certificate| certificate.valid_dns_names().map(str::to_owned).collect());
        Self::Names(names.unwrap_or_default())
    }

    /// Whether it may speak for `machine` in the run `run`.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn check(&self, machine: MachineId, run: &str) -> Result<(), String> {
        let Self::Names(names) = self else { return Ok(()) };
        let name = format!("machine-{machine}");
        if !names.contains(&name) {
            let others = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
            return Err(format!("its certificate is for {others}, not for {name}"));
        }
        let mut runs = names.iter().filter_map(|it| it.strip_prefix(&name)?.strip_prefix('.'));
        match runs.clone().next() {
            Some(other) if runs.all(|named| named != run) => {
                Err(format!("its certificate is for run {other}, not for {run}"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], run: &str) -> Result<(), String> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Proof::Names(names).check(MachineId::new(2), run)
    }

    #[test]
    fn a_certificate_speaks_for_the_machine_that_it_names_in_the_run_that_it_names() {
        assert_eq!(check(&["machine-2"], "any"), Ok(()));
        assert_eq!(check(&["machine-2", "machine-2.demo"], "demo"), Ok(()));
        assert_eq!(check(&["machine-2", "machine-2.a", "machine-2.b"], "b"), Ok(()));
        for (names, reason) in [
            (&["machine-3"][..], "its certificate is for machine-3, not for machine-2"),
            (&["machine-22"], "its certificate is for machine-22, not for machine-2"),
            (&["machine-2.demo"], "its certificate is for machine-2.demo, not for machine-2"),
            (&["*"], "its certificate is for *, not for machine-2"),
            (&["machine-2", "machine-2.old"], "its certificate is for run old, not for demo"),
        ] {
            assert_eq!(check(names, "demo"), Err(reason.to_owned()));
        }
        assert!(check(&[], "demo").is_err());
        assert_eq!(Proof::None.check(MachineId::new(2), "demo"), Ok(()));
    }
}

//! Mints what the machines of a run prove themselves with: one authority, and a
//! certificate and a key for each machine.
//!
//! The authority's own key is kept nowhere. So nobody can mint a machine to a run
//! later, and the authority is as good as the run: docs/security.md.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use machine::draw::entropy;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, Error, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};

/// How far behind this clock those of other computers may be.
const SKEW_MAX: Duration = Duration::from_secs(60 * 60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is to be minted.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) machines: u32,
    /// The one run that they are for; none if for any that trusts the authority.
    pub(crate) run: Option<String>,
    pub(crate) now: SystemTime,
    pub(crate) days: u32,
}

/// What one machine gets, in PEM.
pub(crate) struct Papers {
    pub(crate) machine: u32,
    pub(crate) authority: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Terms {
    /// Until when they are good.
    pub(crate) fn until(&self) -> SystemTime {
        self.now + DAY * self.days
    }

    /// Mints.
    ///
    /// # Errors
    /// If there is no entropy.
    pub(crate) fn mint(&self) -> Result<Vec<Papers>, Error> {
        let (authority, issuer) = self.authority()?;
        (1..=self.machines).map(|machine| self.papers(machine, &authority, &issuer)).collect()
    }

    fn authority(&self) -> Result<(String, Issuer<'static, KeyPair>), Error> {
        let mut params = self.params(Vec::new())?;
        // A name that no other has, or a certificate of another authority would be
        // taken for a forged one of this.
        let mut name = "Offbeat authority".to_owned();
        for _ in 0..2 {
            let digits = entropy().map_err(|_| Error::RingUnspecified)?;
            let _ = write!(name, " {digits:08x}");
        }
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        Ok((certificate, Issuer::new(params, key)))
    }

    fn papers(
        &self,
        machine: u32,
        authority: &str,
        issuer: &Issuer<'_, KeyPair>,
    ) -> Result<Papers, Error> {
        let name = format!("machine-{machine}");
        let of_the_run = self.run.iter().map(|run| format!("{name}.{run}"));
        let mut params = self.params([name.clone()].into_iter().chain(of_the_run).collect())?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, issuer)?.pem();
        Ok(Papers {
            machine,
            authority: authority.to_owned(),
            certificate,
            key: key.serialize_pem(),
        })
    }

    fn params(&self, names: Vec<String>) -> Result<CertificateParams, Error> {
        let mut params = CertificateParams::new(names)?;
        params.not_before = (self.now - SKEW_MAX).into();
        params.not_after = self.until().into();
        params.distinguished_name = rcgen::DistinguishedName::new();
        if let Some(run) = &self.run {
            params.distinguished_name.push(DnType::OrganizationName, run.as_str());
        }
        Ok(params)
    }
}

//! Authorities, certificates and keys, good ones and bad ones, and TLS as a peer
//! of the node speaks it with them.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// A day before and after now.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Who mints certificates.
pub(crate) struct Authority {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

/// What one machine has.
#[derive(Clone)]
pub(crate) struct Papers {
    pub(crate) authority: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    /// One whose name no other has.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        Self::named(&format!("authority {}", NUMBER.fetch_add(1, Ordering::Relaxed)))
    }

    /// One of that name, which others may have as well.
    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// A good certificate for `machine`.
    pub(crate) fn papers(&self, machine: u32) -> Papers {
        self.mint(&[&format!("machine-{machine}")], |_| {})
    }

    /// A certificate for these names, good but for what `change` changes.
    pub(crate) fn mint(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Papers {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = (SystemTime::now() - DAY).into();
        params.not_after = (SystemTime::now() + DAY).into();
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        let authority = self.certificate.clone();
        Papers { authority, certificate, key: key.serialize_pem() }
    }

    /// A certificate of `machine` that was good until yesterday.
    pub(crate) fn expired(&self, machine: u32) -> Papers {
        self.mint(&[&format!("machine-{machine}")], |params| {
            params.not_before = (SystemTime::now() - 3 * DAY).into();
            params.not_after = (SystemTime::now() - DAY).into();
        })
    }

    /// One that is good from tomorrow.
    pub(crate) fn early(&self, machine: u32) -> Papers {
        self.mint(&[&format!("machine-{machine}")], |params| {
            params.not_before = (SystemTime::now() + DAY).into();
            params.not_after = (SystemTime::now() + 3 * DAY).into();
        })
    }
}

impl Papers {
    /// Writes them where the config of the lab says that they are.
    pub(crate) fn write(&self, folder: &Path) {
        fs::write(folder.join("authority.pem"), &self.authority).unwrap();
        fs::write(folder.join("certificate.pem"), &self.certificate).unwrap();
        fs::write(folder.join("key.pem"), &self.key).unwrap();
    }

    /// The same certificate, where `authority` is the one to trust.
    pub(crate) fn trusting(&self, authority: &Authority) -> Self {
        Self { authority: authority.certificate.clone(), ..self.clone() }
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.authority.as_bytes()).unwrap()).unwrap();
        Arc::new(roots)
    }

    fn own(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        (vec![certificate], PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap())
    }

    /// As who dials.
    pub(crate) fn connector(&self) -> TlsConnector {
        let (chain, key) = self.own();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_root_certificates(self.roots())
            .with_client_auth_cert(chain, key);
        Arc::new(config.unwrap()).into()
    }

    /// As who dials and shows no certificate.
    pub(crate) fn anonymous(&self) -> TlsConnector {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_root_certificates(self.roots())
            .with_no_client_auth();
        Arc::new(config).into()
    }

    /// As who is dialled.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let (chain, key) = self.own();
        let provider = Arc::new(default_provider());
        let clients = WebPkiClientVerifier::builder_with_provider(self.roots(), provider.clone());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_client_cert_verifier(clients.build().unwrap())
            .with_single_cert(chain, key);
        Arc::new(config.unwrap()).into()
    }
}

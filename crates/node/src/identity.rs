//! What a machine proves itself with, and by what it judges the proofs of others:
//! the authority of its run, its own certificate and its own key.
//!
//! A certificate names its machine, as `machine-2`, and may name the one run that
//! it is for besides, as `machine-2.demo`. That it is the authority's says the
//! rest: docs/security.md.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use machine::MachineId;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use thiserror::Error;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::config::TlsConfig;
use crate::hint::command;
use crate::proof::Proof;
use crate::tls_wording::{in_words, own_in_words};

/// A machine's means to prove who it is.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) connector: TlsConnector,
}

/// A file of a machine's identity that cannot be used, and what to do about it.
#[derive(Debug, Error)]
#[error("{path}: {reason}\nhelp: mint certificates with {}", command("certs"))]
pub struct IdentityError {
    path: String,
    reason: String,
}

impl IdentityError {
    fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.display().to_string(), reason: reason.into() }
    }
}

/// Whether `files` are those of `machine`, and good at the time `then`, for one run
/// or for any.
///
/// # Errors
/// The [`IdentityError`] with the file at fault.
pub fn check_certificates(
    files: &TlsConfig,
    machine: MachineId,
    then: SystemTime,
) -> Result<(), IdentityError> {
    Identity::load(files, machine, None, then).map(|_| ())
}

/// The server name by which TLS knows `machine`.
pub(crate) fn server_name(machine: MachineId) -> ServerName<'static> {
    let name = format!("machine-{machine}");
    ServerName::try_from(name).expect("letters, a hyphen and digits are a name")
}

/// What the files hold.
struct Papers {
    roots: Arc<RootCertStore>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads the files, and makes sure that they are those of `machine`, in the run
    /// `run` if one is given, and good at the time `now`, as its peers will.
    ///
    /// # Errors
    /// The [`IdentityError`] with the file at fault.
    pub(crate) fn load(
        files: &TlsConfig,
        machine: MachineId,
        run: Option<&str>,
        now: SystemTime,
    ) -> Result<Self, IdentityError> {
        let papers = Papers::read(files)?;
        let provider = Arc::new(ring::default_provider());
        let (clients, servers) = papers.verifiers(files, &provider)?;
        papers
            .check_own(machine, run, now, &*clients, &*servers)
            .map_err(|reason| IdentityError::new(&files.certificate, reason))?;
        let of_key = |error: rustls::Error| IdentityError::new(&files.key, own_in_words(&error));
        let server = server(&papers, &provider, clients).map_err(of_key)?;
        let client = client(&papers, &provider, servers).map_err(of_key)?;
        Ok(Self { acceptor: Arc::new(server).into(), connector: Arc::new(client).into() })
    }
}

impl Papers {
    fn read(files: &TlsConfig) -> Result<Self, IdentityError> {
        let mut roots = RootCertStore::empty();
        for root in certificates(&files.authority)? {
            roots
                .add(root)
                .map_err(|error| IdentityError::new(&files.authority, in_words(&error)))?;
        }
        let key = PrivateKeyDer::from_pem_file(&files.key)
            .map_err(|error| IdentityError::new(&files.key, unreadable("key", &error)))?;
        Ok(Self { roots: Arc::new(roots), chain: certificates(&files.certificate)?, key })
    }

    fn verifiers(
        &self,
        files: &TlsConfig,
        provider: &Arc<CryptoProvider>,
    ) -> Result<(Arc<dyn ClientCertVerifier>, Arc<WebPkiServerVerifier>), IdentityError> {
        let (roots, provider) = (self.roots.clone(), provider.clone());
        let of_authority = |error: &dyn std::fmt::Display| {
            IdentityError::new(&files.authority, format!("no authority: {error}"))
        };
        let clients =
            WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone()).build();
        let servers = WebPkiServerVerifier::builder_with_provider(roots, provider).build();
        Ok((
            clients.map_err(|error| of_authority(&error))?,
            servers.map_err(|error| of_authority(&error))?,
        ))
    }

    /// Judges the machine's own certificate as its peers will.
    fn check_own(
        &self,
        machine: MachineId,
        run: Option<&str>,
        now: SystemTime,
        clients: &dyn ClientCertVerifier,
        servers: &dyn ServerCertVerifier,
    ) -> Result<(), String> {
        let (own, intermediates) = self.chain.split_first().ok_or("it holds no certificate")?;
        let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(now);
        let name = server_name(machine);
        servers
            .verify_server_cert(own, intermediates, &name, &[], now)
            .map_err(|error| own_in_words(&error))?;
        clients
            .verify_client_cert(own, intermediates, now)
            .map_err(|error| own_in_words(&error))?;
        run.map_or(Ok(()), |run| Proof::of(Some(&self.chain)).check(machine, run))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, IdentityError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| IdentityError::new(path, unreadable("certificate", &error)))
        .and_then(|certificates: Vec<_>| match certificates.is_empty() {
            true => Err(IdentityError::new(path, "it holds no certificate")),
            false => Ok(certificates),
        })
}

fn unreadable(what: &str, error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("cannot read the {what}: {error}"),
        pem::Error::NoItemsFound => format!("it holds no {what}"),
        error => format!("it is no {what} in PEM: {error}"),
    }
}

/// Nothing is remembered of a connection: each proves itself anew, so that a
/// certificate that has expired opens none.
fn server(
    papers: &Papers,
    provider: &Arc<CryptoProvider>,
    clients: Arc<dyn ClientCertVerifier>,
) -> Result<ServerConfig, rustls::Error> {
    let mut server = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(clients)
        .with_single_cert(papers.chain.clone(), papers.key.clone_key())?;
    server.session_storage = Arc::new(NoServerSessionStorage {});
    server.send_tls13_tickets = 0;
    Ok(server)
}

fn client(
    papers: &Papers,
    provider: &Arc<CryptoProvider>,
    servers: Arc<WebPkiServerVerifier>,
) -> Result<ClientConfig, rustls::Error> {
    let mut client = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&TLS13])?
        .with_webpki_verifier(servers)
        .with_client_auth_cert(papers.chain.clone(), papers.key.clone_key())?;
    client.resumption = Resumption::disabled();
    Ok(client)
}

//! What TLS says of a peer, or of a machine's own files, in words for people.

use std::io;

use journal::Time;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};

use crate::connection::End;

/// What the failure of a connection that may be one of TLS says of its end.
pub(crate) fn end(error: io::Error) -> End {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        // Whoever can cut a connection can end it, and no more: nothing is read
        // into where it ends.
        return End::Closed;
    }
    match error.get_ref().and_then(|error| error.downcast_ref::<Error>()) {
        Some(error) => End::Untrusted(in_words(error)),
        None => End::Io(error),
    }
}

/// What is wrong with a peer.
pub(crate) fn in_words(error: &Error) -> String {
    match error {
        Error::NoCertificatesPresented => "it has no certificate".to_owned(),
        Error::InvalidCertificate(error) => format!("its certificate {}", certificate(error)),
        Error::AlertReceived(alert) => alerted(*alert),
        Error::InvalidMessage(_) => "it does not speak TLS".to_owned(),
        Error::PeerIncompatible(_) => format!("it speaks another TLS than 1.3: {error}"),
        error => format!("TLS failed: {error}"),
    }
}

/// What is wrong with the machine's own files.
pub(crate) fn own_in_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => format!("the certificate {}", certificate(error)),
        Error::InconsistentKeys(_) => "this key is not that of the certificate".to_owned(),
        error => error.to_string(),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        // The latter if its authority goes by the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "is not of this run's authority".to_owned()
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("expired at {}", time(*not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("is not good before {}", time(*not_before))
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            format!("is for {}, not for {}", bare(presented), expected.to_str())
        }
        error => format!("is not good: {error}"),
    }
}

/// `machine-3` of `DnsName("machine-3")`.
fn bare(names: &[String]) -> String {
    let bare = |name: &String| name.split('"').nth(1).unwrap_or(name).to_owned();
    names.iter().map(bare).collect::<Vec<_>>().join(", ")
}

fn time(time: UnixTime) -> Time {
    Time::from_micros(0).after(std::time::Duration::from_secs(time.as_secs()))
}

/// What the peer objects to: of the reasons that TLS has a word for, those that
/// its owner can do something about.
fn alerted(alert: AlertDescription) -> String {
    let objection = match alert {
        AlertDescription::CertificateRequired => "it wants a certificate",
        AlertDescription::UnknownCA | AlertDescription::DecryptError => {
            "ours is not of its authority"
        }
        AlertDescription::CertificateExpired => {
            "ours has expired, or is not good yet, by its clock"
        }
        AlertDescription::BadCertificate => "ours is not good",
        _ => return format!("it ended TLS: {alert:?}"),
    };
    format!("it refused our certificate: {objection}")
}

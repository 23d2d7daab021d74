//! A node whose own certificates are not good does not start, and says which file
//! is at fault.

use std::fs;
use std::path::Path;

use node::{Config, Exit, Failure, Transport};
use tempfile::TempDir;

use crate::papers::{Authority, Papers};

const CONFIG: &str = "\
run = \"test\"
machine = 2
machines = 3
listen = \"0.0.0.0:5555\"
tls = { authority = \"authority.pem\", certificate = \"certificate.pem\", key = \"key.pem\" }
peers = [{ machine = 1, address = \"a:1\" }, { machine = 3, address = \"c:1\" }]
";

/// What machine 2 says of `papers`, of which `change` changes the files.
fn said_of(papers: &Papers, change: impl FnOnce(&Path)) -> String {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("node.toml"), CONFIG).unwrap();
    papers.write(folder.path());
    change(folder.path());
    let config = Config::load(&folder.path().join("node.toml"), None).unwrap();
    match Transport::load(&config) {
        Ok(_) => "good".to_owned(),
        Err(error) => {
            let failure = Failure::from(error);
            assert_eq!(failure.exit(), Exit::Usage);
            let text = failure.to_string();
            assert!(text.contains("\nhelp: mint certificates with "), "{text}");
            text.replace(&format!("{}/", folder.path().display()), "")
        }
    }
}

#[test]
fn each_file_that_is_not_good_is_named() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let other = ours.papers(2);
    let cases = [
        (ours.papers(2), "good"),
        (ours.mint(&["machine-2", "machine-2.test"], |_| {}), "good"),
        (ours.papers(3), "certificate.pem: the certificate is for machine-3, not for machine-2"),
        (ours.expired(2), "certificate.pem: the certificate expired at 20"),
        (ours.early(2), "certificate.pem: the certificate is not good before 20"),
        (
            theirs.papers(2).trusting(&ours),
            "certificate.pem: the certificate is not of this run's authority",
        ),
        (
            ours.mint(&["machine-2", "machine-2.other"], |_| {}),
            "certificate.pem: its certificate is for run other, not for test",
        ),
        (
            Papers { key: other.key.clone(), ..ours.papers(2) },
            "key.pem: this key is not that of the certificate",
        ),
        (Papers { key: other.certificate.clone(), ..ours.papers(2) }, "key.pem: it holds no key"),
        (
            Papers { certificate: other.key.clone(), ..ours.papers(2) },
            "certificate.pem: it holds no certificate",
        ),
    ];
    for (papers, expected) in cases {
        let said = said_of(&papers, |_| {});
        assert!(said.starts_with(expected), "{said}\nbut not\n{expected}");
    }
}

#[test]
fn a_file_that_is_not_there_or_is_nonsense_is_named() {
    let good = Authority::new().papers(2);
    for (file, what) in
        [("authority.pem", "certificate"), ("certificate.pem", "certificate"), ("key.pem", "key")]
    {
        let said = said_of(&good, |folder| fs::remove_file(folder.join(file)).unwrap());
        let expected = format!("{file}: cannot read the {what}: No such file");
        assert!(said.starts_with(&expected), "{said}");
        for nonsense in ["", "nonsense", "-----BEGIN CERTIFICATE-----\n!\n"] {
            let said = said_of(&good, |folder| fs::write(folder.join(file), nonsense).unwrap());
            assert!(said.starts_with(&format!("{file}: ")), "{said}");
        }
    }
}

//! Certificates by the command, and nodes by hand that speak TLS with them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use node::TlsConfig;
use tempfile::TempDir;

use crate::cluster::{Cluster, Ports};
use crate::deadline::wait_until;
use crate::offbeat::{assert_holds, run_in, stderr, stdout};

/// Mints below `folder`.
fn mint(folder: &Path, args: &str) -> String {
    let output = run_in(folder, &format!("certs {args}"));
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

/// The files of `machine` below `folder`.
fn files(folder: &str, machine: u32) -> TlsConfig {
    let file = |name: &str| PathBuf::from(format!("{folder}/machine-{machine}/{name}.pem"));
    TlsConfig { authority: file("authority"), certificate: file("certificate"), key: file("key") }
}

#[test]
fn each_machine_gets_a_folder_with_a_key_that_only_its_owner_reads() {
    let temp = TempDir::new().unwrap();
    let said = mint(temp.path(), "--machines 2 --run demo --days 7");
    assert!(said.starts_with("Certificates for machines 1 to 2 of run demo, good until 20"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut keys = Vec::new();
    for machine in [1, 2] {
        let TlsConfig { authority, certificate, key } = files("certs", machine);
        let [authority, certificate, key] =
            [authority, certificate, key].map(|path| temp.path().join(path));
        assert_eq!(mode(&key), 0o600);
        assert_eq!([mode(&authority), mode(&certificate)], [0o644; 2]);
        assert_eq!(fs::read_dir(key.parent().unwrap()).unwrap().count(), 3);
        keys.push(fs::read(key).unwrap());
    }
    assert_ne!(keys[0], keys[1]);
    assert!(!temp.path().join("certs/machine-3").exists());
    // What it says to write into the config is good as it is.
    let table = said[said.find("[tls]").unwrap()..].split("\n\n").next().unwrap();
    let config = format!(
        "run = \"demo\"\nmachine = 1\nmachines = 2\nlisten = \"0.0.0.0:5555\"\n\
         peers = [{{ machine = 2, address = \"b:1\" }}]\n{table}\n"
    );
    fs::write(temp.path().join("n.toml"), config).unwrap();
    let good = run_in(temp.path(), "node --config n.toml --check-config");
    assert!(good.status.success(), "{}", stderr(&good));
    assert!(stdout(&good).contains("speaks    TLS"), "{}", stdout(&good));
    let other = run_in(temp.path(), "node --config n.toml --run other --check-config");
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("is for run demo, not for other"), "{}", stderr(&other));
}

#[test]
fn nodes_by_hand_speak_tls_and_a_kill_loses_nothing() {
    let mut cluster = Cluster::new(&Ports::free());
    mint(cluster.folder(), "");
    for machine in 1..=3 {
        cluster.configure(machine, |config| config.tls = Some(files("certs", machine)));
    }
    (1..=3).for_each(|machine| cluster.start(machine));
    cluster.wait_for_ticks(3);
    cluster.kill(2);
    cluster.start(2);
    cluster.wait_for_ticks(3);
    assert!(cluster.said(1).contains("transport=TLS"), "{}", cluster.said(1));
    cluster.stop();
    assert_holds(cluster.folder());
}

#[test]
fn a_node_with_the_certificates_of_another_authority_is_kept_out() {
    let mut cluster = Cluster::new(&Ports::free());
    mint(cluster.folder(), "");
    mint(cluster.folder(), "--out others");
    for machine in 1..=3 {
        let folder = if machine == 3 { "others" } else { "certs" };
        cluster.configure(machine, |config| config.tls = Some(files(folder, machine)));
    }
    (1..=3).for_each(|machine| cluster.start(machine));
    let refusal = "its certificate is not of this run's authority";
    wait_until("all say so", || (1..=3).all(|machine| cluster.said(machine).contains(refusal)));
    wait_until("3 is told so", || {
        cluster.said(3).contains("it refused our certificate: ours is not of its authority")
    });
    assert!(!cluster.said(1).contains("machine=3 incarnation"), "{}", cluster.said(1));
    // Once they are right, the run goes on.
    cluster.kill(3);
    cluster.configure(3, |config| config.tls = Some(files("certs", 3)));
    cluster.start(3);
    cluster.wait_for_ticks(2);
    cluster.stop();
    assert_holds(cluster.folder());
}

//! Who may speak on the network of the machines, and who sees whose key.

use std::fs;

use node::NodeConfig;

use crate::engine::docker;
use crate::project::{MACHINES, Project, service};

/// Asserts that each node has its own key and no other, and that who has none is
/// kept out.
pub(crate) fn check(project: &Project) {
    for machine in MACHINES {
        check_mounts(project, machine);
        assert!(project.diagnosed(machine, "transport=TLS") > 0);
    }
    check_stranger(project);
}

fn check_mounts(project: &Project, machine: u32) {
    let format = "{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{.RW}} {{end}}{{end}}";
    let volumes = project.inspect(machine, format);
    assert!(volumes.trim().ends_with(&format!("_certs-{machine} false")), "{volumes}");
    assert_eq!(volumes.matches("certs-").count(), 1, "{volumes}");
}

/// A node on the same network, which says that it is machine 2 and has no
/// certificate to prove it.
fn check_stranger(project: &Project) {
    let text = fs::read_to_string(project.config(2)).unwrap();
    let mut config: NodeConfig = toml::from_str(&text).unwrap();
    (config.tls, config.plain, config.log) = (None, true, Some("/tmp/stranger.jsonl".into()));
    config.listen = "127.0.0.1:5555".to_owned();
    let path = project.config(2).with_file_name("stranger.toml");
    fs::write(&path, toml::to_string(&config).unwrap()).unwrap();
    let (name, mount) =
        (format!("{}-stranger", project.name()), format!("{}:/c.toml:ro", path.display()));
    let network = project.network();
    docker(&[
        "run",
        "--detach",
        "--rm",
        "--name",
        &name,
        "--network",
        &network,
        "--tmpfs",
        "/tmp:mode=1777",
        "--volume",
        &mount,
        project.name(),
        "offbeat-node",
        "--config",
        "/c.toml",
    ]);
    project.wait_until("the stranger is refused", || {
        [1, 3].iter().all(|&machine| {
            project.diagnosed(machine, "refused a connection: it does not speak TLS") > 0
        })
    });
    docker(&["kill", &name]);
    assert_eq!(project.diagnosed(1, "link in is up machine=2"), 1, "only {} is", service(2));
    project.wait_for_ticks();
}

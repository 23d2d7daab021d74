//! What a node in a container could do if it were taken over: next to nothing. Read
//! from the kernel, not from what docker-compose.yml asks for.

use std::fs;

use crate::engine::docker;
use crate::project::{MACHINES, Project};

/// Asserts that each node is confined.
pub(crate) fn check(project: &Project) {
    for machine in MACHINES {
        check_engine(project, machine);
        match processes(project, machine) {
            Some(processes) => processes.iter().for_each(|pid| check_process(*pid)),
            // The engine runs on another computer, as on macOS.
            None => return,
        }
    }
}

/// What the engine itself holds to.
fn check_engine(project: &Project, machine: u32) {
    let limits = "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}";
    assert_eq!(project.inspect(machine, limits), "true 268435456 64");
    let is_internal = ["network", "inspect", "--format", "{{.Internal}}", &project.network()];
    assert_eq!(docker(&is_internal), "true");
}

/// The processes of a container, its init and the node; none if they cannot be seen
/// from here.
fn processes(project: &Project, machine: u32) -> Option<Vec<u32>> {
    let init: u32 = project.inspect(machine, "{{.State.Pid}}").parse().unwrap();
    let children = fs::read_to_string(format!("/proc/{init}/task/{init}/children")).ok()?;
    let children: Vec<u32> = children.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(children.len(), 1, "machine {machine}");
    let name = fs::read_to_string(format!("/proc/{}/comm", children[0])).unwrap();
    assert_eq!(name.trim(), "offbeat-node");
    Some([vec![init], children].concat())
}

fn check_process(pid: u32) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let value = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("{key}: {status}")).trim().to_owned()
    };
    for capabilities in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(value(capabilities), "0000000000000000", "{capabilities}");
    }
    assert_eq!(value("NoNewPrivs"), "1");
    assert_eq!(value("Seccomp"), "2", "2 is that a filter is in force");
    let users: Vec<_> = value("Uid").split_whitespace().map(str::to_owned).collect();
    assert!(users.iter().all(|user| user != "0"), "{users:?}");
}

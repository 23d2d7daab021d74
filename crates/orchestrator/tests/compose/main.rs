//! The real docker-compose.yml on a real engine, with faults that only containers
//! have: one is killed, one is cut off from the network.
//!
//! Nothing is pulled: the image is built from binaries built here. Where no engine
//! answers these tests say so and are skipped; with `OFFBEAT_REQUIRE_COMPOSE=1`
//! they fail.

#![allow(clippy::unwrap_used)]

mod confinement;
mod engine;
mod image;
mod project;
mod secrecy;

use std::fs;
use std::path::Path;

use engine::{Compose, docker, logs};
use project::{MACHINES, Project, assert_holds, service};

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().and_then(Path::parent).unwrap()
}

#[test]
fn a_machine_killed_and_one_cut_off_lose_nothing() {
    let Some(compose) = Compose::find() else { return };
    let project = Project::new(compose, "40s");
    project.compose("up --no-build --detach");
    project.wait_for_ticks();
    confinement::check(&project);
    secrecy::check(&project);

    kill_and_restart(&project, 2);
    project.wait_until("all are healthy", || {
        MACHINES.iter().all(|&id| project.inspect(id, "{{.State.Health.Status}}") == "healthy")
    });
    cut_off_for_a_while(&project, 3);

    project.wait_for_the_end();
    assert_eq!(MACHINES.map(|machine| project.starts(machine)), [1, 2, 1]);
    assert_holds(&project.runs());
}

fn kill_and_restart(project: &Project, machine: u32) {
    let container = project.machine(machine);
    docker(&["kill", "--signal", "KILL", &container]);
    docker(&["start", &container]);
    project.wait_until("it has resumed", || project.starts(machine) == 2);
    project.wait_for_ticks();
}

/// Takes the cable out until the others have noticed, and puts it back in.
fn cut_off_for_a_while(project: &Project, machine: u32) {
    let (network, container) = (project.network(), project.machine(machine));
    let ups = || project.diagnosed(1, &format!("link in is up machine={machine}"));
    let ups_before = ups();
    docker(&["network", "disconnect", &network, &container]);
    let loss = format!("link in is down: nothing was heard for 5 s machine={machine}");
    project.wait_until("it is missed", || project.diagnosed(1, &loss) > 0);
    docker(&["network", "connect", "--alias", &service(machine), &network, &container]);
    project.wait_until("it is back", || ups() > ups_before);
    project.wait_for_ticks();
}

#[test]
fn an_interrupted_run_resumes_and_a_finished_one_is_put_aside() {
    let Some(compose) = Compose::find() else { return };
    let project = Project::new(compose, "40s");
    project.compose("up --no-build --detach");
    project.wait_for_ticks();
    // Nothing happens to a run that is under way.
    project.compose("up --no-build --detach");
    project.wait_for_ticks();
    assert_eq!(MACHINES.map(|machine| project.starts(machine)), [1, 1, 1]);

    project.compose("stop");
    project.compose("up --no-build --detach");
    assert!(news(&project).contains("is not over: its nodes resume it"), "{}", news(&project));
    project.wait_for_the_end();
    assert_eq!(MACHINES.map(|machine| project.starts(machine)), [2, 2, 2]);
    assert_eq!(archives(&project), Vec::<String>::new());
    assert_holds(&project.runs());

    project.set_duration("2s");
    project.compose("up --no-build --detach");
    project.wait_for_the_end();
    assert_eq!(MACHINES.map(|machine| project.starts(machine)), [1, 1, 1]);
    assert_holds(&project.runs());
    let archives = archives(&project);
    assert_eq!(archives.len(), 1, "{archives:?}\n{}", news(&project));
    assert_holds(&project.runs().join(&archives[0]));
}

/// What `prepare` said.
fn news(project: &Project) -> String {
    logs(&project.container("prepare"))
}

/// The folders below that of the logs.
fn archives(project: &Project) -> Vec<String> {
    fs::read_dir(project.runs())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

//! What somebody else has already: ports, and logs.

use std::fs::File;
use std::net::TcpListener;

use insta::assert_snapshot;

use crate::place::Place;
use crate::recorded::{self, CONFIG};

/// A port that is taken as long as the listener lives.
fn taken() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    (listener, port)
}

#[test]
fn a_port_that_was_asked_for() {
    let (_listener, port) = taken();
    let place = Place::with("e.toml", format!("ports = [{port}, 1, 2]\n"));
    let commands = [format!("--ports {port} 1 2"), "run e.toml".to_owned()];
    assert_snapshot!(
        commands.map(|command| place.refusal(&command)).join("\n").replace(&port, "PORT"), @r##"
    $ offbeat --ports PORT 1 2
    error: cannot listen on 127.0.0.1:PORT: Address already in use
    help: stop whatever uses it, or say --ports auto for free ones
    [4]

    $ offbeat run e.toml
    error: cannot listen on 127.0.0.1:PORT: Address already in use
    help: stop whatever uses it, or say --ports auto for free ones
    [4]
    "##);
}

#[test]
fn the_port_of_a_node() {
    let (_listener, port) = taken();
    let place = recorded::place();
    place.write("n.toml", CONFIG.replace("PORT", &port));
    assert_snapshot!(place.refusal("node --config n.toml").replace(&port, "PORT"), @r##"
    $ offbeat node --config n.toml
    error: cannot listen on 127.0.0.1:PORT: Address already in use
    help: stop whatever uses it, or set another address in `listen` and in the peers of the other nodes
    [4]
    "##);
}

#[test]
fn a_log() {
    let place = recorded::place();
    let log = File::open(place.path("machine-1.jsonl")).unwrap();
    log.lock().unwrap();
    assert_snapshot!(place.refusal("node --config n.toml"), @r##"
    $ offbeat node --config n.toml
    error: machine-1.jsonl is in use by another process: a machine runs once
    help: stop the other, or give this one another run with --run NAME
    [4]
    "##);
}

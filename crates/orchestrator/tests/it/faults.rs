//! Nodes that are killed, and connections that are cut: nothing is lost, nothing
//! comes twice, and the others tick on.

use std::thread::sleep;
use std::time::Duration;

use journal::Record;

use crate::cluster::{Cluster, Ports};
use crate::deadline::wait_until;
use crate::offbeat::{assert_holds, assert_replays, records, ticks};
use crate::proxy::Proxy;

/// How long the killed node stays away.
const AWAY: Duration = Duration::from_secs(10);

#[test]
fn a_node_killed_for_ten_seconds_goes_on_where_its_log_ends() {
    let mut cluster = Cluster::started(&Ports::free());
    cluster.wait_for_ticks(4);

    cluster.kill(3);
    let before = (1..=3).map(|machine| ticks(cluster.folder(), machine)).collect::<Vec<_>>();
    // Not a wait for something to happen: this is how long the fault lasts.
    sleep(AWAY);
    for (machine, rate) in [(1_u32, 2), (2, 4)] {
        let ticked = ticks(cluster.folder(), machine) - before[machine as usize - 1];
        let due = rate * AWAY.as_secs();
        assert!(ticked >= due * 3 / 4, "machine {machine} ticked {ticked} of {due} times");
    }
    assert_eq!(ticks(cluster.folder(), 3), before[2], "a dead machine does not tick");

    cluster.start(3);
    cluster.wait_for_ticks_of(3, 20);
    cluster.stop();
    assert_eq!(starts(&cluster, 3), [1, 2]);
    assert_holds(cluster.folder());
    assert_replays(cluster.folder());
}

#[test]
fn a_cut_connection_loses_nothing() {
    let mut ports = Ports::free();
    let proxy = Proxy::to(ports.listen[2]);
    ports.dial[2] = proxy.port();
    let mut cluster = Cluster::started(&ports);
    cluster.wait_for_ticks(4);

    assert_eq!(proxy.cut(), 2, "machines 1 and 2 were connected to machine 3");
    wait_until("the nodes notice", || {
        [1, 2].iter().all(|machine| cluster.said(*machine).contains("link out is down"))
    });
    cluster.wait_for_ticks(8);
    proxy.mend();
    cluster.wait_for_ticks(8);
    cluster.stop();
    assert_eq!(starts(&cluster, 3), [1], "no machine was restarted");
    assert_holds(cluster.folder());
    assert_replays(cluster.folder());
}

fn starts(cluster: &Cluster, machine: u32) -> Vec<u32> {
    let incarnation = |record| match record {
        Record::Start(start) => Some(start.incarnation),
        _ => None,
    };
    records(cluster.folder(), machine).into_iter().filter_map(incarnation).collect()
}

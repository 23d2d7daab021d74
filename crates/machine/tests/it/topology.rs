use machine::{MachineId, Topology};

use Topology::{Full, Ring};

fn check(topology: Topology, machines: u32, expected: &[&[u32]]) {
    let neighbours: Vec<Vec<u32>> = ids(machines)
        .map(|id| topology.neighbours(id, machines))
        .map(|neighbours| neighbours.map(MachineId::get).collect())
        .collect();
    assert_eq!(neighbours, expected, "{topology:?} of {machines}");
}

fn ids(machines: u32) -> impl Iterator<Item = MachineId> {
    (1..=machines).map(MachineId::new)
}

#[test]
fn full_is_everyone_else_in_ring_order() {
    check(Full, 2, &[&[2], &[1]]);
    check(Full, 3, &[&[2, 3], &[3, 1], &[1, 2]]);
    check(Full, 5, &[&[2, 3, 4, 5], &[3, 4, 5, 1], &[4, 5, 1, 2], &[5, 1, 2, 3], &[1, 2, 3, 4]]);
}

#[test]
fn ring_is_the_next_and_then_the_one_before() {
    check(Ring, 2, &[&[2], &[1]]);
    check(Ring, 3, &[&[2, 3], &[3, 1], &[1, 2]]);
    check(Ring, 5, &[&[2, 5], &[3, 1], &[4, 2], &[5, 3], &[1, 4]]);
}

#[test]
fn position_is_the_inverse_of_neighbours() {
    for (topology, machines, id) in every_machine() {
        let neighbours: Vec<_> = topology.neighbours(id, machines).collect();
        for other in ids(machines + 2) {
            assert_eq!(
                topology.position(id, machines, other),
                neighbours.iter().position(|&neighbour| neighbour == other),
                "{topology:?} of {machines}: {other} as a neighbour of {id}"
            );
        }
    }
}

#[test]
fn whoever_is_my_neighbour_has_me_as_one() {
    for (topology, machines, id) in every_machine() {
        for neighbour in topology.neighbours(id, machines) {
            assert_ne!(neighbour, id);
            assert!(topology.neighbours(neighbour, machines).any(|it| it == id));
        }
    }
}

#[test]
fn the_degree_counts_the_neighbours() {
    for (topology, machines, id) in every_machine() {
        let neighbours = topology.neighbours(id, machines);
        assert_eq!(topology.degree(machines), neighbours.len());
    }
    assert_eq!(Full.degree(12), 11);
    assert_eq!(Ring.degree(12), 2);
}

#[test]
fn a_machine_outside_the_system_is_nobodys_neighbour() {
    for topology in [Full, Ring] {
        let (inside, outside) = (MachineId::new(1), MachineId::new(4));
        assert_eq!(topology.position(inside, 3, outside), None);
        assert_eq!(topology.position(outside, 3, inside), None);
        assert_eq!(topology.position(inside, 3, MachineId::new(u32::MAX)), None);
    }
}

#[test]
#[should_panic(expected = "numbered from 1")]
fn no_machine_is_numbered_0() {
    let _ = MachineId::new(0);
}

fn every_machine() -> impl Iterator<Item = (Topology, u32, MachineId)> {
    [Full, Ring].into_iter().flat_map(|topology| {
        (1..=12).flat_map(move |machines| ids(machines).map(move |id| (topology, machines, id)))
    })
}

use clock::{CausalOrder, LamportClock, Overflow, VectorClock};
use proptest::prelude::*;

const PROCESSES: usize = 4;

fn clock(times: &[u64]) -> VectorClock {
    VectorClock::from(times.to_vec())
}

#[test]
fn an_event_adds_one_to_its_own_component() {
    let mut alice = VectorClock::new();
    assert_eq!(alice.event(2), Ok(1));
    assert_eq!(alice.event(2), Ok(2));
    assert_eq!(alice.times(), [0, 0, 2]);
    assert_eq!((alice.time(0), alice.time(9)), (0, 0));
}

#[test]
fn a_receipt_takes_the_larger_components() {
    let mut bob = clock(&[3, 1, 0]);
    assert_eq!(bob.receive(1, &clock(&[2, 0, 7, 1])), Ok(2));
    assert_eq!(bob.times(), [3, 2, 7, 1]);
}

#[test]
fn zeros_at_the_end_say_nothing() {
    assert_eq!(clock(&[1, 0, 0]), clock(&[1]));
    assert_eq!(clock(&[0, 0]), VectorClock::new());
}

#[test]
fn clocks_are_ordered_by_all_components() {
    for (one, other, order) in [
        (&[1, 2][..], &[1, 3][..], CausalOrder::Before),
        (&[1, 3], &[1, 2], CausalOrder::After),
        (&[1, 2], &[2, 1], CausalOrder::Concurrent),
        (&[1], &[0, 1], CausalOrder::Concurrent),
        (&[1], &[1, 1], CausalOrder::Before),
        (&[1, 2], &[1, 2], CausalOrder::Equal),
        (&[], &[], CausalOrder::Equal),
    ] {
        assert_eq!(clock(one).order(&clock(other)), order, "{one:?} and {other:?}");
    }
}

#[test]
fn a_clock_at_the_top_refuses_to_move() {
    let mut top = clock(&[1, u64::MAX]);
    assert_eq!(top.event(1), Err(Overflow));
    assert_eq!(top.receive(1, &clock(&[9])), Err(Overflow));
    assert_eq!(top, clock(&[1, u64::MAX]));

    let mut below = clock(&[7]);
    assert_eq!(below.receive(1, &clock(&[9, u64::MAX])), Err(Overflow));
    assert_eq!(below, clock(&[7]));
    assert_eq!(below.receive(1, &clock(&[u64::MAX])), Ok(1));
}

/// One step of a history: an event of `process`, the receipt of the event
/// numbered `receipt_of` if that one exists and is another process's.
type Step = (usize, Option<prop::sample::Index>);

/// An event with its clocks, and which events happened before it, closed over
/// the graph without any clock.
struct Event {
    process: usize,
    past: Vec<bool>,
    vector: VectorClock,
    lamport: u64,
}

fn history(steps: &[Step]) -> Vec<Event> {
    let mut vectors = vec![VectorClock::new(); PROCESSES];
    let mut lamports = [LamportClock::new(); PROCESSES];
    let mut events: Vec<Event> = Vec::new();
    for &(process, receipt_of) in steps {
        let cause = receipt_of.filter(|_| !events.is_empty()).map(|it| it.index(events.len()));
        let cause = cause.filter(|&cause| events[cause].process != process);
        let previous = events.iter().rposition(|event| event.process == process);
        let mut past = vec![false; steps.len()];
        for parent in previous.into_iter().chain(cause) {
            past[parent] = true;
            events[parent].past.iter().zip(&mut past).for_each(|(&it, in_past)| *in_past |= it);
        }
        let lamport = match cause {
            Some(cause) => {
                vectors[process].receive(process, &events[cause].vector).unwrap();
                lamports[process].receive(events[cause].lamport).unwrap()
            }
            None => {
                vectors[process].event(process).unwrap();
                lamports[process].event().unwrap()
            }
        };
        events.push(Event { process, past, vector: vectors[process].clone(), lamport });
    }
    events
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..PROCESSES, prop::option::of(any::<prop::sample::Index>())), 1..60)
}

fn clocks() -> impl Strategy<Value = VectorClock> {
    prop::collection::vec(0..4_u64, 0..4).prop_map(VectorClock::from)
}

proptest! {
    /// Fidge, Mattern: a happened before b if and only if V(a) < V(b). And what
    /// vectors order, Lamport's numbers order the same way.
    #[test]
    fn vectors_say_who_happened_before_whom(steps in steps()) {
        let events = history(&steps);
        for (a, event) in events.iter().enumerate() {
            for (b, other) in events.iter().enumerate() {
                let order = event.vector.order(&other.vector);
                prop_assert_eq!(order == CausalOrder::Before, other.past[a]);
                prop_assert_eq!(order == CausalOrder::After, event.past[b]);
                prop_assert_eq!(order == CausalOrder::Equal, a == b);
                if order == CausalOrder::Before {
                    prop_assert!(event.lamport < other.lamport);
                }
            }
        }
    }

    /// The components of a clock, added up, count the past and the event.
    #[test]
    fn components_count_the_past(steps in steps()) {
        for event in history(&steps) {
            let past = event.past.iter().filter(|&&it| it).count() as u64;
            prop_assert_eq!(event.vector.times().iter().sum::<u64>(), past + 1);
        }
    }

    /// A partial order: irreflexive, antisymmetric, transitive.
    #[test]
    fn the_order_is_a_partial_order(a in clocks(), b in clocks(), c in clocks()) {
        prop_assert_eq!(a.order(&a), CausalOrder::Equal);
        let turned = match a.order(&b) {
            CausalOrder::Before => CausalOrder::After,
            CausalOrder::After => CausalOrder::Before,
            same => same,
        };
        prop_assert_eq!(b.order(&a), turned);
        prop_assert_eq!(a == b, a.order(&b) == CausalOrder::Equal);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
    }

    /// A receipt is after both, and only by its own event after their join.
    #[test]
    fn a_receipt_is_the_least_clock_after_both(a in clocks(), b in clocks(), process in 0..4_usize) {
        let mut received = a.clone();
        received.receive(process, &b).unwrap();
        prop_assert!(a < received && b < received);
        for other in (0..5).filter(|&other| other != process) {
            prop_assert_eq!(received.time(other), a.time(other).max(b.time(other)));
        }
        prop_assert_eq!(received.time(process), a.time(process).max(b.time(process)) + 1);
    }
}

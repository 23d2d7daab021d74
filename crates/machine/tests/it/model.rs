use clock::Overflow;
use machine::{Event, Machine, MachineId, Message, Recipient, StampRule};

const A: MachineId = MachineId::new(7);
const B: MachineId = MachineId::new(4);
const C: MachineId = MachineId::new(9);

fn machine(neighbours: &[MachineId]) -> Machine {
    Machine::new(neighbours.to_vec(), StampRule::After)
}

fn message(from: MachineId, seq: u64, stamp: u64) -> Message {
    Message { from, seq, stamp }
}

/// What an idle machine does on `draw`: to whom it sends; nobody is an internal
/// event.
fn check_draw(neighbours: &[MachineId], draw: u64, recipients: &[MachineId]) {
    let mut machine = machine(neighbours);
    let step = machine.tick(draw).unwrap();
    let recipients: Vec<Recipient> =
        recipients.iter().map(|&to| Recipient { to, seq: 1 }).collect();
    let expected = match recipients.as_slice() {
        [] => Event::Internal { draw },
        recipients => Event::Send { draw, stamp: 1, recipients },
    };
    assert_eq!(step.event, expected, "draw {draw} with {neighbours:?}");
    assert_eq!((step.tick, step.clock, step.queue), (1, 1, 0));
}

#[test]
fn an_idle_machine_does_what_its_draw_says() {
    check_draw(&[A], 1, &[A]);
    check_draw(&[A], 2, &[A]);
    check_draw(&[A], 3, &[A]);
    check_draw(&[A, B], 1, &[A]);
    check_draw(&[A, B], 2, &[B]);
    check_draw(&[A, B], 3, &[A, B]);
    check_draw(&[A, B, C], 1, &[A]);
    check_draw(&[A, B, C], 2, &[B]);
    check_draw(&[A, B, C], 3, &[A, B, C]);
    for draw in (4..=10).chain([u64::MAX]) {
        for neighbours in [&[A][..], &[A, B], &[A, B, C]] {
            check_draw(neighbours, draw, &[]);
        }
    }
}

#[test]
fn a_machine_receives_before_it_looks_at_its_draw() {
    for draw in 1..=10 {
        let mut machine = machine(&[A, B]);
        machine.deliver(message(B, 1, 5));
        let step = machine.tick(draw).unwrap();
        assert_eq!(step.event, Event::Receive(message(B, 1, 5)));
        assert_eq!(step.clock, 6);
    }
}

#[test]
fn a_receipt_passes_the_clock_and_the_stamp() {
    let mut machine = machine(&[A]);
    let clocks = [(5, 6), (5, 7), (7, 8), (9, 10), (2, 11)].map(|(stamp, expected)| {
        machine.deliver(message(A, 1, stamp));
        (machine.tick(10).unwrap().clock, expected)
    });
    for (clock, expected) in clocks {
        assert_eq!(clock, expected);
    }
}

#[test]
fn a_delivery_moves_no_clock_and_takes_no_tick() {
    let mut machine = machine(&[A]);
    machine.deliver(message(A, 1, 5));
    assert_eq!((machine.clock(), machine.ticks(), machine.queue()), (0, 0, 1));
}

#[test]
fn messages_are_received_one_a_tick_in_the_order_of_their_arrival() {
    let mut machine = machine(&[A, B]);
    let messages = [message(B, 1, 9), message(A, 1, 3), message(B, 2, 1)];
    messages.into_iter().for_each(|message| machine.deliver(message));
    for (message, queue) in messages.into_iter().zip([2, 1, 0]) {
        let step = machine.tick(3).unwrap();
        assert_eq!(step.event, Event::Receive(message));
        assert_eq!(step.queue, queue, "the length after the dequeue");
    }
    assert!(matches!(machine.tick(3).unwrap().event, Event::Send { .. }));
}

#[test]
fn a_send_to_all_is_one_event_with_one_stamp() {
    let mut machine = machine(&[A, B, C]);
    machine.tick(10).unwrap();
    let step = machine.tick(3).unwrap();
    let recipients = &[A, B, C].map(|to| Recipient { to, seq: 1 });
    assert_eq!(step.event, Event::Send { draw: 3, stamp: 2, recipients });
    assert_eq!((step.tick, step.clock), (2, 2));
}

#[test]
fn each_link_numbers_its_own_messages() {
    let mut machine = machine(&[A, B]);
    let sent: Vec<Vec<(MachineId, u64)>> = [1, 3, 2, 10, 2, 3]
        .map(|draw| match machine.tick(draw).unwrap().event {
            Event::Send { recipients, .. } => recipients.iter().map(|r| (r.to, r.seq)).collect(),
            _ => vec![],
        })
        .to_vec();
    let expected = [
        vec![(A, 1)],
        vec![(A, 2), (B, 1)],
        vec![(B, 2)],
        vec![],
        vec![(B, 3)],
        vec![(A, 3), (B, 4)],
    ];
    assert_eq!(sent, expected);
}

#[test]
fn stamp_before_sends_the_clock_that_the_send_has_left_behind() {
    for (rule, expected) in [(StampRule::After, 6), (StampRule::Before, 5)] {
        let mut machine = Machine::new(vec![A, B], rule);
        machine.deliver(message(A, 1, 4));
        machine.tick(1).unwrap();
        let step = machine.tick(3).unwrap();
        assert_eq!(step.clock, 6, "{rule:?}: the clock itself knows no rule");
        assert!(matches!(step.event, Event::Send { stamp, .. } if stamp == expected));
    }
}

#[test]
fn a_crash_forgets_the_inbox_and_nothing_else() {
    let mut machine = machine(&[A]);
    machine.tick(1).unwrap();
    machine.deliver(message(A, 1, 50));
    machine.lose_inbox();
    assert_eq!((machine.clock(), machine.ticks(), machine.queue()), (1, 1, 0));
    let recipients = &[Recipient { to: A, seq: 2 }];
    let step = machine.tick(1).unwrap();
    assert_eq!(step.event, Event::Send { draw: 1, stamp: 2, recipients });
}

/// A machine that has sent one message to each of A and B and whose clock then
/// stands at its largest value.
fn machine_at_the_top() -> Machine {
    let mut machine = machine(&[A, B]);
    machine.tick(3).unwrap();
    machine.deliver(message(A, 1, u64::MAX - 1));
    assert_eq!(machine.tick(1).unwrap().clock, u64::MAX);
    machine
}

#[test]
fn an_overflow_leaves_everything_as_it_was() {
    for draw in 1..=10 {
        let mut machine = machine_at_the_top();
        let before = format!("{machine:?}");
        assert_eq!(machine.tick(draw), Err(Overflow));
        assert_eq!(format!("{machine:?}"), before, "draw {draw}");

        machine.deliver(message(B, 1, 3));
        let before = format!("{machine:?}");
        assert_eq!(machine.tick(draw), Err(Overflow));
        assert_eq!(format!("{machine:?}"), before, "with a message in the inbox");
    }
}

#[test]
fn a_stamp_at_the_top_stays_in_the_inbox() {
    let mut machine = machine(&[A]);
    machine.deliver(message(A, 1, u64::MAX));
    assert_eq!(machine.tick(1), Err(Overflow));
    assert_eq!((machine.clock(), machine.ticks(), machine.queue()), (0, 0, 1));
}

//! Happens-before by vector clocks, computed from the logs alone: another method
//! than the page's, which walks the messages from the event.

use std::collections::BTreeMap;

use journal::Record;

/// Machine and place among its events, both from 0.
pub(crate) type At = (usize, usize);

/// The order of all events.
pub(crate) struct Order {
    pub(crate) events: Vec<Vec<Record>>,
    vectors: Vec<Vec<Vec<usize>>>,
    depths: Vec<Vec<u64>>,
}

impl Order {
    pub(crate) fn of(events: Vec<Vec<Record>>) -> Self {
        let machines = events.len();
        let mut order = Self {
            events,
            vectors: vec![Vec::new(); machines],
            depths: vec![Vec::new(); machines],
        };
        let sends = order.sends();
        while (0..machines).filter(|&machine| order.advance(machine, &sends)).count() > 0 {}
        order
    }

    /// Where each message was sent: by sender, receiver and seq, from 1.
    fn sends(&self) -> BTreeMap<(u32, u32, u64), At> {
        let mut sends = BTreeMap::new();
        for (machine, events) in self.events.iter().enumerate() {
            for (index, event) in events.iter().enumerate() {
                if let Record::Send(send) = event {
                    for (&to, &seq) in send.to.iter().zip(&send.seq) {
                        sends.insert((machine as u32 + 1, to, seq), (machine, index));
                    }
                }
            }
        }
        sends
    }

    /// Goes on with the events of a machine as far as their causes are known.
    fn advance(&mut self, machine: usize, sends: &BTreeMap<(u32, u32, u64), At>) -> bool {
        let before = self.vectors[machine].len();
        while let Some(event) = self.events[machine].get(self.vectors[machine].len()) {
            let cause = match event {
                Record::Receive(it) => Some(sends[&(it.from, machine as u32 + 1, it.seq)]),
                _ => None,
            };
            if cause.is_some_and(|(sender, index)| index >= self.vectors[sender].len()) {
                break;
            }
            self.push(machine, cause);
        }
        self.vectors[machine].len() > before
    }

    fn push(&mut self, machine: usize, cause: Option<At>) {
        let zero = vec![0; self.events.len()];
        let mut vector = self.vectors[machine].last().cloned().unwrap_or(zero);
        let mut depth = self.depths[machine].last().copied().unwrap_or(0);
        if let Some((sender, index)) = cause {
            for (own, sent) in vector.iter_mut().zip(&self.vectors[sender][index]) {
                *own = (*own).max(*sent);
            }
            depth = depth.max(self.depths[sender][index]);
        }
        vector[machine] += 1;
        self.vectors[machine].push(vector);
        self.depths[machine].push(depth + 1);
    }

    pub(crate) fn event(&self, (machine, index): At) -> &Record {
        &self.events[machine][index]
    }

    /// How many events the longest chain to an event has.
    pub(crate) fn depth(&self, (machine, index): At) -> u64 {
        self.depths[machine][index]
    }

    /// How many events led to an event, it led to, and neither.
    pub(crate) fn counts(&self, at: At) -> [usize; 3] {
        let (machine, index) = at;
        let past = self.vectors[machine][index].iter().sum::<usize>() - 1;
        let after = |vector: &&Vec<usize>| vector[machine] > index;
        let future = self.vectors.iter().flatten().filter(after).count() - 1;
        let all = self.events.iter().map(Vec::len).sum::<usize>();
        [past, future, all - past - future - 1]
    }

    /// `57 = max(41, 56) + 1, by machine 3's send 12 (stamp 56)`.
    pub(crate) fn equation(&self, (machine, index): At) -> String {
        let events = &self.events[machine];
        let before = if index > 0 { events[index - 1].clock() } else { 0 };
        let clock = events[index].clock();
        match &events[index] {
            Record::Receive(it) => format!(
                "{clock} = max({before}, {}) + 1, by machine {}'s send {} (stamp {})",
                it.stamp, it.from, it.seq, it.stamp
            ),
            Record::Send(it) => {
                let to: Vec<_> = it.to.iter().map(u32::to_string).collect();
                format!("{clock} = {before} + 1, a send to {}", to.join(", "))
            }
            _ => format!("{clock} = {before} + 1, an internal event"),
        }
    }
}

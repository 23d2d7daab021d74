//! The connections of one link, as a network treats them.

use std::collections::VecDeque;

use machine::{MachineId, Progress};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Forward {
    Hello { incarnation: u32 },
    Message { seq: u64, stamp: u64 },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Back {
    Welcome(Progress),
    Acknowledgement(Progress),
}

/// One connection: what is on its way in either direction.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) number: u64,
    pub(crate) forward: VecDeque<Forward>,
    pub(crate) back: VecDeque<Back>,
    /// Whether the receiver's process that it led to is gone.
    pub(crate) is_orphan: bool,
}

/// A link and all its connections that still carry something.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) from: MachineId,
    pub(crate) to: MachineId,
    pub(crate) connections: Vec<Connection>,
    /// The connection that the sender uses.
    pub(crate) dialled: Option<u64>,
    /// The connection that the receiver answers on: the last that said Hello.
    pub(crate) answered: Option<u64>,
    pub(crate) dialled_ever: u64,
    /// The last message that was ever transmitted.
    pub(crate) transmitted: u64,
    /// The last message that a Welcome ever said has arrived.
    pub(crate) welcomed: u64,
}

impl Link {
    pub(crate) fn new(from: MachineId, to: MachineId) -> Self {
        Self {
            from,
            to,
            connections: vec![],
            dialled: None,
            answered: None,
            dialled_ever: 0,
            transmitted: 0,
            welcomed: 0,
        }
    }

    pub(crate) fn dial(&mut self, incarnation: u32) {
        self.dialled_ever += 1;
        self.dialled = Some(self.dialled_ever);
        self.connections.push(Connection {
            number: self.dialled_ever,
            forward: [Forward::Hello { incarnation }].into(),
            back: VecDeque::new(),
            is_orphan: false,
        });
    }

    pub(crate) fn connection(&mut self, number: Option<u64>) -> Option<&mut Connection> {
        let number = number?;
        self.connections.iter_mut().find(|connection| connection.number == number)
    }

    /// The connections that carry something to the receiver, oldest first.
    pub(crate) fn carrying(&mut self) -> impl Iterator<Item = &mut Connection> {
        let connections = self.connections.iter_mut();
        connections.filter(|connection| !connection.forward.is_empty())
    }

    /// Removes a connection with all that is in it: the number of its frames.
    pub(crate) fn close(&mut self, number: u64) -> usize {
        let frames = self.connection(Some(number)).map_or(0, |c| c.forward.len() + c.back.len());
        self.connections.retain(|connection| connection.number != number);
        self.answered = self.answered.filter(|&answered| answered != number);
        frames
    }

    /// The receiver's process died: what was on its way to it is lost, what it
    /// had written may still reach the sender.
    pub(crate) fn orphan(&mut self) {
        self.answered = None;
        for connection in &mut self.connections {
            connection.forward.clear();
            connection.is_orphan = true;
        }
    }
}

//! What the drivers at both ends of a link keep.

use std::num::NonZeroU32;
use std::ops::{Index, IndexMut, Range};

use machine::{MachineId, Topology};

use crate::process::index_of;

/// All links, by their senders and in the order of the neighbours of each. Links and
/// processes are given by their index.
#[derive(Debug)]
pub(crate) struct Links {
    /// The neighbours of each machine.
    degree: usize,
    all: Vec<Link>,
}

impl Links {
    /// Those of so many machines.
    pub(crate) fn new(topology: Topology, machines: u32) -> Self {
        let degree = topology.degree(machines);
        let position = |of, other| {
            topology.position(of, machines, other).expect("neighbours are neighbours both ways")
        };
        let mut all = Vec::with_capacity(machines as usize * degree);
        for id in (1..=machines).map(MachineId::new) {
            for neighbour in topology.neighbours(id, machines) {
                let reverse = index_of(neighbour) * degree + position(neighbour, id);
                all.push(Link {
                    reverse: reverse as u32,
                    sender: Sender::default(),
                    receiver: Receiver::default(),
                });
            }
        }
        Self { degree, all }
    }

    /// How many links there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// How many a process sends on.
    #[inline]
    pub(crate) fn degree(&self) -> usize {
        self.degree
    }

    /// Those that a process sends on.
    #[inline]
    pub(crate) fn out_of(&self, process: usize) -> Range<usize> {
        self.at(process, 0)..self.at(process + 1, 0)
    }

    /// The one of these that goes to the neighbour at this place.
    #[inline]
    pub(crate) fn at(&self, process: usize, place: usize) -> usize {
        process * self.degree + place
    }

    /// The process that sends on a link.
    #[inline]
    pub(crate) fn sender(&self, link: usize) -> usize {
        link / self.degree
    }

    /// The process that receives on it.
    #[inline]
    pub(crate) fn receiver(&self, link: usize) -> usize {
        self.sender(self.reverse(link))
    }

    /// Both.
    #[inline]
    pub(crate) fn ends(&self, link: usize) -> (usize, usize) {
        (self.sender(link), self.receiver(link))
    }

    /// The place of its neighbour among those of its sender.
    #[inline]
    pub(crate) fn place(&self, link: usize) -> usize {
        link % self.degree
    }

    /// The link that goes the other way.
    #[inline]
    pub(crate) fn reverse(&self, link: usize) -> usize {
        self.all[link].reverse as usize
    }
}

impl Index<usize> for Links {
    type Output = Link;

    #[inline]
    fn index(&self, link: usize) -> &Link {
        &self.all[link]
    }
}

impl IndexMut<usize> for Links {
    #[inline]
    fn index_mut(&mut self, link: usize) -> &mut Link {
        &mut self.all[link]
    }
}

/// A link: one ordered pair of machines. Connections are numbered from 1.
#[derive(Debug)]
pub(crate) struct Link {
    /// The link that goes the other way.
    reverse: u32,
    pub(crate) sender: Sender,
    pub(crate) receiver: Receiver,
}

/// What the sender's driver knows of its connection.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    pub(crate) state: State,
    /// The number of the connection that it dialled last.
    pub(crate) connection: u32,
    /// Times it has dialled since it last was welcomed, up to 255.
    pub(crate) attempts: u8,
    /// Whether it has been welcomed in the process's present life.
    pub(crate) has_met: bool,
}

/// How far the sender's driver is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    Idle,
    /// Its Hello is under way.
    Dialling,
    /// It was welcomed.
    Up,
}

impl Receiver {
    /// Whether this connection is the one that it answers on.
    #[inline]
    pub(crate) fn is_on(&self, connection: u32) -> bool {
        self.connection.is_some_and(|present| present.get() == connection)
    }
}

/// What the receiver's driver knows of its connection.
#[derive(Debug, Default)]
pub(crate) struct Receiver {
    /// The connection that it answers on.
    pub(crate) connection: Option<NonZeroU32>,
    /// Whether the sender has closed it in good order, and opened none since.
    pub(crate) has_ended: bool,
    /// Whether a Hello came in the process's present life.
    pub(crate) has_met: bool,
}

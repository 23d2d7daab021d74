//! What the owner does about each input.

use std::net::SocketAddr;

use machine::{MachineId, Message, Progress, WelcomeFault};
use tracing::{debug, info, warn};
use wire::{Hello, PROTOCOL};

use crate::board::{Teller, board};
use crate::connection::{End, Reason};
use crate::failure::Failure;
use crate::feed::{Feed, Outbox};
use crate::input::{Admission, Arrived, Event};
use crate::owner::Owner;
use crate::peer::{Peer, Source};

impl Owner<'_> {
    pub(crate) fn on_event(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Hello { hello, address, reply } => {
                let admission = self.admit(&hello).map_err(Reason::from);
                if let Err(reason) = &admission {
                    self.refused += 1;
                    warn!(%address, machine = %hello.from, "refused a connection: {reason}");
                }
                // If the connection is gone already, its end is nobody's news.
                let _ = reply.send(admission);
            }
            Event::Rejected { address, reason } => self.on_rejected(address, &reason),
            Event::Linked { peer, progress, outbox } => self.on_linked(peer, progress, outbox)?,
            Event::Acked { peer, progress } => self.on_acked(peer, progress),
            Event::Taken { peer } => {
                if let Some(feed) = self.peer(peer).and_then(|peer| peer.feed.as_mut()) {
                    feed.taken();
                }
            }
            Event::Unlinked { peer, end } => self.on_unlinked(peer, &end),
            Event::Shutdown => self.told_to_stop = true,
        }
        Ok(())
    }

    pub(crate) fn on_arrived(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Messages { peer, connection, messages, is_asking } => {
                // A connection that was refused may go on for a while.
                let is_good = |source: &&mut Source| source.connection == connection && source.open;
                let source = self.peer(peer).and_then(|peer| peer.source.as_mut());
                if let Some(source) = source.filter(is_good) {
                    source.is_asked |= is_asking;
                    self.take_messages(peer, &messages);
                }
            }
            Arrived::Closed { peer, connection, end } => self.on_closed(peer, connection, &end),
        }
    }

    /// Whether whoever says `hello` may send to this machine.
    fn admit(&mut self, hello: &Hello) -> Result<Admission, String> {
        self.check_hello(hello)?;
        let link = self
            .endpoint
            .incoming(hello.from)
            .ok_or_else(|| format!("machine {} is no neighbour of ours", hello.from))?;
        let welcome = link.hello(hello.incarnation).map_err(|stale| stale.to_string())?;
        let connection = self.next_connection;
        self.next_connection += 1;
        let (feedback, hearer) = board();
        if let Some(peer) = self.peer(hello.from) {
            peer.source = Some(Source::new(connection, feedback, welcome));
            peer.greeting.send_replace(());
        }
        info!(machine = %hello.from, incarnation = hello.incarnation, "link in is up");
        Ok(Admission { connection, welcome, feedback: hearer })
    }

    fn check_hello(&self, hello: &Hello) -> Result<(), String> {
        let Hello { protocol, run, to, .. } = hello;
        if *protocol != PROTOCOL {
            return Err(format!("protocol {protocol} is not spoken here, but {PROTOCOL}"));
        }
        if *run != self.config.run {
            return Err(format!("this is run {}, not {run}", self.config.run));
        }
        if *to != self.config.machine {
            return Err(format!("this is machine {}, not {to}", self.config.machine));
        }
        Ok(())
    }

    fn on_rejected(&mut self, address: SocketAddr, reason: &str) {
        self.refused += 1;
        warn!(%address, "refused a connection: {reason}");
    }

    fn on_linked(
        &mut self,
        peer: MachineId,
        progress: Progress,
        outbox: Teller<Outbox>,
    ) -> Result<(), Failure> {
        let Some(link) = self.endpoint.outgoing(peer) else {
            return Ok(());
        };
        match link.welcome(progress) {
            Ok(()) => {
                info!(machine = %peer, arrived = progress.arrived, "link out is up");
                if let Some(peer) = self.peer(peer) {
                    peer.feed = Some(Feed::new(outbox));
                    peer.was_linked = true;
                    peer.reported = None;
                }
                Ok(())
            }
            Err(fault @ WelcomeFault::Ahead { .. }) => {
                Err(Failure::LogNotOfRun { log: self.config.log.clone(), peer, fault })
            }
            // Dropping the outbox closes the connection; it is tried again.
            Err(fault) => {
                self.refused += 1;
                warn!(machine = %peer, "its Welcome does not fit our log: {fault}");
                Ok(())
            }
        }
    }

    fn on_acked(&mut self, peer: MachineId, progress: Progress) {
        let Some(link) = self.endpoint.outgoing(peer) else {
            return;
        };
        if let Err(fault) = link.acknowledge(progress) {
            self.refused += 1;
            warn!(machine = %peer, "link out is closed: {fault}");
            link.disconnect();
            if let Some(peer) = self.peer(peer) {
                peer.feed = None;
            }
        }
    }

    fn on_unlinked(&mut self, peer: MachineId, end: &End) {
        if let Some(link) = self.endpoint.outgoing(peer) {
            link.disconnect();
        }
        if end.is_fault() {
            self.refused += 1;
        }
        let Some(peer) = self.peer(peer) else { return };
        let was_up = peer.feed.take().is_some();
        report_unlinked(peer, was_up, end);
    }

    fn take_messages(&mut self, from: MachineId, messages: &[(u64, u64)]) {
        for &(seq, stamp) in messages {
            if let Err(fault) = self.endpoint.arrive(Message { from, seq, stamp }) {
                self.refused += 1;
                warn!(machine = %from, "link in is closed: {fault}");
                if let Some(peer) = self.peer(from) {
                    peer.refuse(fault.to_string().into());
                }
                return;
            }
        }
    }

    fn on_closed(&mut self, peer: MachineId, connection: u64, end: &End) {
        let Some(peer) = self.peer(peer).filter(|peer| peer.is_present(connection)) else {
            return;
        };
        if let Some(source) = &mut peer.source {
            source.open = false;
            source.was_closed = matches!(end, End::Closed);
        }
        let machine = peer.id;
        if end.is_fault() {
            self.refused += 1;
            warn!(%machine, "link in is closed: {end}");
        } else {
            info!(%machine, "link in is down: {end}");
        }
    }

    fn peer(&mut self, id: MachineId) -> Option<&mut Peer> {
        self.peers.iter_mut().find(|peer| peer.id == id)
    }
}

/// A lost link is news; that it cannot be made, only when the reason is.
fn report_unlinked(peer: &mut Peer, was_up: bool, end: &End) {
    let reason = end.to_string();
    let machine = peer.id;
    if was_up {
        warn!(%machine, "link out is down: {reason}");
    } else if matches!(end, End::WeClosed) {
        debug!(%machine, "link out is closed");
    } else if peer.reported.as_ref() != Some(&reason) {
        match end {
            End::Refused(_) | End::Untrusted(_) => warn!(%machine, "cannot link: {reason}"),
            _ => info!(%machine, "cannot link yet: {reason}"),
        }
        peer.reported = Some(reason);
    } else {
        debug!(%machine, "cannot link: {reason}");
    }
}

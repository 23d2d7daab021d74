//! The fault proxy: stands between nodes and does to their connections what a bad
//! network does.
//!
//! It listens once for each link, so it knows who speaks to whom, and passes on
//! what it reads frame by frame. TCP neither loses nor repeats nor reorders, and
//! no proxy above TCP can make it: what it can do is to be slow, to say nothing,
//! and to break connections. So
//!
//! - a latency holds each frame for its time, and none overtakes an earlier one;
//! - a loss breaks the connection at that frame, as TCP does when it gives up;
//! - a cut swallows what travels in a direction, the end of a connection
//!   included, so that the other side is left half open. When it ends, the
//!   connections that something is missing from are reset.
//!
//! It knows nothing of runs, logs and times of faults: `faults` tells it when.

mod carry;
mod link;
mod listen;
mod parcel;
mod way;

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use machine::MachineId;
use sim::{Links, Network};
use tokio_util::sync::CancellationToken;

use crate::ports::address;

use link::{Link, Traffic};
pub use way::Break;
use way::Way;

/// The most links that it stands in: each takes a listening socket, and two for
/// its connection.
pub(crate) const LINKS_MAX: usize = 256;

/// A direction between two machines, or the link of the one to the other.
pub type Pair = (MachineId, MachineId);

/// A running proxy. It ends when this is dropped, and what is connected through it
/// is reset.
#[derive(Debug)]
pub struct Proxy {
    ways: BTreeMap<Pair, Arc<Way>>,
    links: BTreeMap<Pair, Arc<Link>>,
    end: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// What a proxy did, counted over all its links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    /// Connections that reached their machine.
    pub connections: u64,
    /// Frames passed on.
    pub frames: u64,
    /// Frames lost by chance, each with its connection.
    pub lost: u64,
    /// Connections reset because a cut had swallowed something.
    pub reset: u64,
    /// Connections that a [`Break`] ended.
    pub broken: u64,
    /// Messages that links sent again.
    pub resent: u64,
    /// Messages passed on that had been passed on before.
    pub repeated: u64,
}

impl Proxy {
    /// Stands in `links`: whoever dials [`address`](Self::address) reaches the
    /// machine that listens on the port that `port_of` gives, over a `network` whose
    /// chances are drawn from `seed`.
    ///
    /// # Errors
    /// If there is no port on `host`, or no thread.
    pub fn start(
        host: &str,
        links: &[Pair],
        port_of: impl Fn(MachineId) -> u16,
        network: &Network,
        seed: u64,
    ) -> io::Result<Self> {
        let mut ways = BTreeMap::new();
        let mut way = |(from, to): Pair| {
            let new = || Arc::new(Way::new(network.conditions(from, to), seed, from, to));
            ways.entry((from, to)).or_insert_with(new).clone()
        };
        let mut listeners = Vec::new();
        let mut all = BTreeMap::new();
        for &(from, to) in links {
            let listener = TcpListener::bind(address(host, 0))?;
            listener.set_nonblocking(true)?;
            let link = Arc::new(Link {
                address: address(host, listener.local_addr()?.port()),
                target: address(host, port_of(to)),
                forward: way((from, to)),
                back: way((to, from)),
                traffic: Traffic::default(),
            });
            listeners.push((listener, link.clone()));
            all.insert((from, to), link);
        }
        let end = CancellationToken::new();
        let thread = spawn(listeners, end.clone())?;
        Ok(Self { ways, links: all, end, thread: Some(thread) })
    }

    /// Where the sender of a link is to dial its receiver; none if the proxy does
    /// not stand in it.
    #[must_use]
    pub fn address(&self, link: Pair) -> Option<&str> {
        self.links.get(&link).map(|link| link.address.as_str())
    }

    /// From now on `fault` cuts these links.
    pub fn cut(&self, fault: usize, links: Links) {
        self.ways_of(links).for_each(|way| way.cut(fault));
    }

    /// It does no more.
    pub fn mend(&self, fault: usize, links: Links) {
        self.ways_of(links).for_each(|way| way.mend(fault));
    }

    /// Whether `fault` cuts anything now.
    #[must_use]
    pub fn is_cut_by(&self, fault: usize) -> bool {
        self.ways.values().any(|way| way.is_cut_by(fault))
    }

    /// How many frames `fault` took.
    #[must_use]
    pub fn taken(&self, fault: usize) -> u64 {
        self.ways.values().map(|way| way.taken(fault)).sum()
    }

    /// The last message of a link that was passed on to its receiver.
    #[must_use]
    pub fn delivered(&self, link: Pair) -> u64 {
        self.links.get(&link).map_or(0, |link| link.traffic.delivered())
    }

    /// The links that it stands in.
    pub fn links(&self) -> impl Iterator<Item = Pair> + '_ {
        self.links.keys().copied()
    }

    /// Has a connection end in the middle of the next frame that fits.
    pub fn break_at(&self, direction: Pair, at: Break) {
        if let Some(way) = self.ways.get(&direction) {
            way.break_at(at);
        }
    }

    /// Whether what [`break_at`](Self::break_at) asked for is still to come.
    #[must_use]
    pub fn is_breaking(&self, direction: Pair) -> bool {
        self.ways.get(&direction).is_some_and(|way| way.is_breaking())
    }

    /// What it has done so far.
    #[must_use]
    pub fn relayed(&self) -> Relayed {
        let mut relayed = Relayed::default();
        self.links.values().for_each(|link| link.traffic.add_to(&mut relayed));
        relayed
    }

    fn ways_of(&self, links: Links) -> impl Iterator<Item = &Arc<Way>> {
        let ways = self.ways.iter();
        ways.filter(move |((from, to), _)| links.cover(*from, *to)).map(|(_, way)| way)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.end.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic in it has been told where it happened.
            let _ = thread.join();
        }
    }
}

/// A thread of its own: what delays frames must not wait for logs to be read and
/// views to be drawn.
fn spawn(
    listeners: Vec<(TcpListener, Arc<Link>)>,
    end: CancellationToken,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("fault proxy".to_owned()).spawn(move || {
        runtime.block_on(async {
            for (listener, link) in listeners {
                tokio::spawn(listen::listen(listener, link));
            }
            end.cancelled().await;
        });
    })
}

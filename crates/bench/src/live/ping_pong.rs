//! Ping-pong: a message to a daemon, with the question whether it has arrived, and its
//! acknowledgement, one at a time.

use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::floor::echo::echo;
use crate::floor::frame::{Frames, Heartbeat, Hello, Kind, Message, put};
use crate::item::{Goal, Item, Pair};
use crate::live::nodes::{Nodes, addresses};
use crate::{Failure, Scale};

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 10;

/// How long a node may take to listen.
const LISTEN_MAX: Duration = Duration::from_secs(10);

pub(crate) fn ping_pong(scale: Scale) -> Result<Item, Failure> {
    let rounds = scale.pick(20_000, 100);
    let pair = |_| Ok(Pair { ours: daemon(rounds)?, floor: Some(raw(rounds)?) });
    Ok(Item {
        name: "ping-pong, median",
        floor: "a thread that answers each message, over a raw socket",
        unit: "us",
        goal: Goal::RatioAtMost(1.3),
        pairs: (0..scale.repetitions()).map(pair).collect::<Result<_, Failure>>()?,
    })
}

/// Of a daemon that hardly ticks.
fn daemon(rounds: u64) -> Result<f64, Failure> {
    // Machine 2 is here. It does not answer when machine 1 dials, so machine 1 waits
    // for it; what machine 2 sends it takes and acknowledges all the same.
    let peer = TcpListener::bind("127.0.0.1:0")?;
    let addresses = [addresses(1), vec![peer.local_addr()?.to_string()]].concat();
    let _node = Nodes::start(&addresses, 1, "rate = 0.01")?;
    let mut stream = dial(&addresses[0])?;
    let hello = Hello { protocol: 1, run: "bench".to_owned(), from: 2, to: 1, incarnation: 1 };
    let mut bytes = Vec::new();
    put(Kind::Hello(hello), &mut bytes);
    stream.write_all(&bytes)?;
    Ok(play(stream, rounds)?)
}

fn raw(rounds: u64) -> Result<f64, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let stream = TcpStream::connect(listener.local_addr()?)?;
    let (accepted, _) = listener.accept()?;
    thread::scope(|threads| {
        let echoing = threads.spawn(|| echo(accepted));
        let median = play(stream, rounds)?;
        echoing.join().map_err(|_| "the echo has panicked")??;
        Ok(median)
    })
}

fn dial(address: &str) -> io::Result<TcpStream> {
    let begun = Instant::now();
    loop {
        match TcpStream::connect(address) {
            Err(_) if begun.elapsed() < LISTEN_MAX => thread::sleep(Duration::from_millis(5)),
            connected => return connected,
        }
    }
}

/// The median time from a message to its acknowledgement, in microseconds.
fn play(mut stream: TcpStream, rounds: u64) -> io::Result<f64> {
    stream.set_nodelay(true)?;
    let mut frames = Frames::new(stream.try_clone()?, READ_BYTES);
    let mut bytes = Vec::new();
    let mut times = Vec::new();
    for seq in 1..=rounds {
        let begun = Instant::now();
        bytes.clear();
        put(Kind::Message(Message { seq, stamp: seq }), &mut bytes);
        put(Kind::Heartbeat(Heartbeat {}), &mut bytes);
        stream.write_all(&bytes)?;
        while frames
            .next()?
            .ok_or(io::ErrorKind::UnexpectedEof)?
            .is_none_or(|kind| !kind.acknowledges(seq))
        {}
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2].as_secs_f64() * 1e6)
}

//! The floor of a daemon: a program that ticks, sends, answers and logs as one does at a
//! rate, by ppoll(2) and little else. It checks nothing, and survives no error.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::time::TimeSpec;

/// Bytes of a message, and of what answers it.
const FRAME_BYTES: usize = 10;

/// How often messages are answered.
const ANSWER_EVERY: Duration = Duration::from_secs(2);

/// How often a peer that does not listen yet is dialled.
const DIAL_EVERY: Duration = Duration::from_millis(5);

/// Lives until it is killed, or whoever started it ends, as machine number `machine` of those
/// that listen on `addresses`.
///
/// # Errors
/// The first that there is.
pub(crate) fn live(
    machine: usize,
    rate: f64,
    log: &Path,
    addresses: &[String],
) -> io::Result<Infallible> {
    set_pdeathsig(Signal::SIGKILL)?;
    let listener = TcpListener::bind(&addresses[machine - 1])?;
    let peers = (1..).zip(addresses).filter(|(peer, _)| *peer != machine);
    let mut streams = peers.map(|(_, address)| dial(address)).collect::<io::Result<Vec<_>>>()?;
    for _ in 1..addresses.len() {
        streams.push(listener.accept()?.0);
    }
    let mut daemon = Daemon {
        streams,
        inbox: VecDeque::new(),
        clock: 0,
        ticks: 0,
        random: machine as u64,
        log: File::create(log)?,
        line: Vec::new(),
        answer_at: Instant::now(),
    };
    let period = Duration::from_secs_f64(1.0 / rate);
    let mut due = Instant::now();
    loop {
        due += period;
        daemon.receive_until(due)?;
        daemon.tick()?;
    }
}

fn dial(address: &str) -> io::Result<TcpStream> {
    let stream = loop {
        match TcpStream::connect(address) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => sleep(DIAL_EVERY),
            connected => break connected?,
        }
    };
    stream.set_nodelay(true)?;
    Ok(stream)
}

struct Daemon {
    /// The links out, then as many in.
    streams: Vec<TcpStream>,
    inbox: VecDeque<u32>,
    clock: u32,
    ticks: u64,
    random: u64,
    log: File,
    line: Vec<u8>,
    answer_at: Instant,
}

impl Daemon {
    fn receive_until(&mut self, due: Instant) -> io::Result<()> {
        loop {
            let left = due.saturating_duration_since(Instant::now());
            let files = self.streams.iter().map(TcpStream::as_fd);
            let mut polled: Vec<_> =
                files.map(|file| PollFd::new(file, PollFlags::POLLIN)).collect();
            if ppoll(&mut polled, Some(TimeSpec::from_duration(left)), None)? == 0 {
                return Ok(());
            }
            let ready: Vec<_> = polled.iter().map(|it| it.any().unwrap_or(false)).collect();
            for link in (0..ready.len()).filter(|link| ready[*link]) {
                self.receive(link)?;
            }
        }
    }

    /// Takes messages into the inbox. Answers are answers.
    fn receive(&mut self, link: usize) -> io::Result<()> {
        let mut bytes = [0; 1 << 10];
        let count = match self.streams[link].read(&mut bytes)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => count,
        };
        if link >= self.streams.len() / 2 {
            let stamp = |frame: &[u8]| u32::from_be_bytes([frame[6], frame[7], frame[8], frame[9]]);
            self.inbox.extend(bytes[..count].chunks_exact(FRAME_BYTES).map(stamp));
        }
        Ok(())
    }

    fn tick(&mut self) -> io::Result<()> {
        let links = self.streams.len() / 2;
        let (event, to) = match self.inbox.pop_front() {
            Some(stamp) => {
                self.clock = self.clock.max(stamp);
                ("receive", 0..0)
            }
            None => match self.draw() {
                draw @ 1..=2 => ("send", draw as usize - 1..draw as usize),
                3 => ("send", 0..links),
                _ => ("internal", 0..0),
            },
        };
        self.clock += 1;
        self.ticks += 1;
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.line.clear();
        writeln!(
            self.line,
            r#"{{"event":"{event}","time":"2026-01-01T{:010}.{:06}Z","tick":{},"queue":{},"clock":{}}}"#,
            time.as_secs(),
            time.subsec_micros(),
            self.ticks,
            self.inbox.len(),
            self.clock,
        )?;
        self.log.write_all(&self.line)?;
        to.into_iter().try_for_each(|link| self.send(link))?;
        if self.answer_at <= Instant::now() {
            self.answer_at += ANSWER_EVERY;
            (links..2 * links).try_for_each(|link| self.send(link))?;
        }
        Ok(())
    }

    fn send(&mut self, link: usize) -> io::Result<()> {
        let mut frame = [0; FRAME_BYTES];
        frame[6..].copy_from_slice(&self.clock.to_be_bytes());
        self.streams[link].write_all(&frame)
    }

    /// Uniform in 1 to 10, nearly (Marsaglia 2003, xorshift).
    fn draw(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % 10 + 1
    }
}

//! The floor of the link: two bare machines, a thread each. One sends and the other
//! receives, over a socket, and each writes its log.

use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use journal::{Folder, Manifest};
use tempfile::TempDir;

use crate::floor::frame::{self, Frames, Kind, put};
use crate::floor::machine::{Event, Machine, Message};
use crate::floor::write::Log;
use crate::model;

/// Bytes that are written, and read, at once.
const BATCH: usize = 1 << 16;

/// Carries so many messages from a machine that sends whenever one of 1, 2 and 3 is
/// drawn.
pub(crate) fn carry(messages: u64, draw_max: u64) -> io::Result<()> {
    let run = Manifest { draw_max, ..model::two() };
    let folder = TempDir::new()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let stream = TcpStream::connect(listener.local_addr()?)?;
    let (accepted, _) = listener.accept()?;
    thread::scope(|threads| {
        let sending = threads.spawn(|| send(stream, messages, &run, folder.path()));
        let received = receive(accepted, &run, folder.path())?;
        sending.join().map_err(|_| io::Error::other("the sender has panicked"))??;
        match received == messages {
            true => Ok(()),
            false => Err(io::Error::other(format!("{received} of {messages} were received"))),
        }
    })
}

fn send(mut stream: TcpStream, messages: u64, run: &Manifest, folder: &Path) -> io::Result<()> {
    let mut machine = Machine::new(run, 0);
    let mut log = Log::new(&folder.join(Folder::log_name(1)))?;
    let mut bytes = Vec::with_capacity(2 * BATCH);
    let mut seq = 0;
    while seq < messages {
        let mut event = machine.tick(run.draw_max);
        if let Event::Send(draw, ..) = event {
            // Of two machines, the other one is the first neighbour, the second, and all.
            event = Event::Send(draw, 0, 1);
            seq += 1;
            machine.seqs[0] = seq;
            put(Kind::Message(frame::Message { seq, stamp: machine.clock }), &mut bytes);
        }
        log.event(machine.ticks, &machine, event, [1; 2])?;
        if bytes.len() >= BATCH {
            log.flush()?;
            stream.write_all(&bytes)?;
            bytes.clear();
        }
    }
    log.flush()?;
    stream.write_all(&bytes)
}

fn receive(stream: TcpStream, run: &Manifest, folder: &Path) -> io::Result<u64> {
    let mut machine = Machine::new(run, 1);
    let mut log = Log::new(&folder.join(Folder::log_name(2)))?;
    let mut frames = Frames::new(stream, BATCH);
    while let Some(kind) = frames.next()? {
        if let Some(Kind::Message(frame::Message { seq, stamp })) = kind {
            machine.deliver(Message { from: 1, seq, stamp });
            let event = machine.tick(run.draw_max);
            log.event(machine.ticks, &machine, event, [0; 2])?;
        }
    }
    log.flush()?;
    Ok(machine.receives)
}

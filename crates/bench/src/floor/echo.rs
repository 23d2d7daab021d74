//! The floor of ping-pong: a thread that acknowledges each message.

use std::io::{self, Write as _};
use std::net::TcpStream;

use crate::floor::frame::{Ack, Frames, Kind, Message, put};

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 10;

/// Answers until the other side closes.
pub(crate) fn echo(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut frames = Frames::new(stream.try_clone()?, READ_BYTES);
    let mut bytes = Vec::new();
    while let Some(kind) = frames.next()? {
        if let Some(Kind::Message(Message { seq, .. })) = kind {
            bytes.clear();
            put(Kind::Ack(Ack { logged: 0, arrived: seq }), &mut bytes);
            stream.write_all(&bytes)?;
        }
    }
    Ok(())
}

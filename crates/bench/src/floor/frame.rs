//! The frames of proto/clock.proto, as prost makes them, behind their lengths.

use std::io::{self, Read};

use prost::Message as _;
use prost::bytes::BufMut;

/// Bytes that a length takes.
const LENGTH_BYTES: usize = 4;

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Frame {
    #[prost(oneof = "Kind", tags = "1, 4, 5, 6")]
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Kind {
    #[prost(message, tag = "1")]
    Hello(Hello),
    #[prost(message, tag = "4")]
    Message(Message),
    #[prost(message, tag = "5")]
    Ack(Ack),
    #[prost(message, tag = "6")]
    Heartbeat(Heartbeat),
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Heartbeat {}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Hello {
    #[prost(uint32, tag = "1")]
    pub(crate) protocol: u32,
    #[prost(string, tag = "2")]
    pub(crate) run: String,
    #[prost(uint32, tag = "3")]
    pub(crate) from: u32,
    #[prost(uint32, tag = "4")]
    pub(crate) to: u32,
    #[prost(uint32, tag = "5")]
    pub(crate) incarnation: u32,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Message {
    #[prost(uint64, tag = "1")]
    pub(crate) seq: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) stamp: u64,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Ack {
    #[prost(uint64, tag = "1")]
    pub(crate) logged: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) arrived: u64,
}

impl Kind {
    /// Whether it says that the message `seq` has arrived.
    pub(crate) fn acknowledges(&self, seq: u64) -> bool {
        matches!(self, Self::Ack(ack) if ack.arrived >= seq)
    }
}

/// Appends a frame to `bytes`.
pub(crate) fn put(kind: Kind, bytes: &mut Vec<u8>) {
    let frame = Frame { kind: Some(kind) };
    bytes.put_u32(frame.encoded_len() as u32);
    frame.encode_raw(bytes);
}

/// Reads frames.
#[derive(Debug)]
pub(crate) struct Frames<R> {
    stream: R,
    bytes: Vec<u8>,
    begin: usize,
    end: usize,
}

impl<R: Read> Frames<R> {
    /// Frames from `stream`, of which as many bytes are read at once.
    pub(crate) fn new(stream: R, bytes: usize) -> Self {
        Self { stream, bytes: vec![0; bytes], begin: 0, end: 0 }
    }

    /// The next frame; none at the end. A frame of no kind that is known here is
    /// none either.
    pub(crate) fn next(&mut self) -> io::Result<Option<Option<Kind>>> {
        loop {
            let held = &self.bytes[self.begin..self.end];
            if let Some((length, rest)) = held.split_first_chunk::<LENGTH_BYTES>() {
                let length = u32::from_be_bytes(*length) as usize;
                if let Some(frame) = rest.get(..length) {
                    self.begin += LENGTH_BYTES + length;
                    return Ok(Some(Frame::decode(frame)?.kind));
                }
            }
            if !self.read()? {
                return Ok(None);
            }
        }
    }

    fn read(&mut self) -> io::Result<bool> {
        self.bytes.copy_within(self.begin..self.end, 0);
        self.end -= self.begin;
        self.begin = 0;
        let read = self.stream.read(&mut self.bytes[self.end..])?;
        self.end += read;
        Ok(read > 0)
    }
}

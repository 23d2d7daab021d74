//! The fault proxy between two ends played by hand, frame by frame.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use machine::{MachineId, Progress};
use orchestrator::{Break, Pair, Proxy};
use sim::{Links, Network};
use tokio_util::codec::{Decoder as _, Encoder as _};
use wire::{Frame, FrameCodec};

use crate::deadline::wait_until;

const WAY: Pair = (MachineId::new(1), MachineId::new(2));

const FAULT: usize = 0;

const ACK: Frame = Frame::Ack(Progress { logged: 1, arrived: 2 });

/// One end of a connection.
struct End {
    stream: TcpStream,
    bytes: BytesMut,
}

impl End {
    fn of(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self { stream, bytes: BytesMut::new() }
    }

    fn say(&mut self, frame: Frame) {
        let mut bytes = BytesMut::new();
        FrameCodec::new().encode(frame, &mut bytes).unwrap();
        self.stream.write_all(&bytes).unwrap();
    }

    /// The next frame; none if the connection ended.
    fn hear(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = FrameCodec::new().decode(&mut self.bytes).unwrap() {
                return Some(frame);
            }
            let mut bytes = [0; 100];
            match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(count) => self.bytes.extend_from_slice(&bytes[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("waited in vain: {error}"),
            }
        }
    }
}

/// A proxy in one link, and who listens behind it.
struct Lab {
    proxy: Proxy,
    listener: TcpListener,
}

impl Lab {
    fn new(network: &Network) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let proxy = Proxy::start("127.0.0.1", &[WAY], |_| port, network, 5).unwrap();
        Self { proxy, listener }
    }

    fn dial(&self) -> End {
        End::of(TcpStream::connect(self.proxy.address(WAY).unwrap()).unwrap())
    }

    fn connect(&self) -> (End, End) {
        let near = self.dial();
        (near, End::of(self.listener.accept().unwrap().0))
    }

    fn wait_until_taken(&self, count: u64) {
        wait_until("the cut takes a frame", || self.proxy.taken(FAULT) == count);
    }
}

fn message(seq: u64) -> Frame {
    Frame::Message { seq, stamp: 7 }
}

#[test]
fn frames_pass_both_ways_and_so_does_the_end() {
    let lab = Lab::new(&Network::default());
    let (mut near, mut far) = lab.connect();
    near.say(message(1));
    assert_eq!(far.hear(), Some(message(1)));
    far.say(ACK);
    assert_eq!(near.hear(), Some(ACK));
    drop(near);
    assert_eq!(far.hear(), None);
    assert_eq!((lab.proxy.relayed().connections, lab.proxy.delivered(WAY)), (1, 1));
}

#[test]
fn a_cut_of_one_way_leaves_the_other_and_ends_in_a_reset() {
    let lab = Lab::new(&Network::default());
    let (mut near, mut far) = lab.connect();
    lab.proxy.cut(FAULT, Links::OneWay(WAY.0, WAY.1));
    near.say(message(1));
    lab.wait_until_taken(1);
    far.say(ACK);
    assert_eq!(near.hear(), Some(ACK));
    lab.proxy.mend(FAULT, Links::OneWay(WAY.0, WAY.1));
    assert_eq!((near.hear(), far.hear()), (None, None), "a message is missing");
    assert_eq!(lab.proxy.relayed().reset, 1);
    let (mut near, mut far) = lab.connect();
    near.say(message(1));
    assert_eq!(far.hear(), Some(message(1)));
}

#[test]
fn a_cut_that_swallows_nothing_harms_nothing() {
    let lab = Lab::new(&Network::default());
    let (mut near, mut far) = lab.connect();
    lab.proxy.cut(FAULT, Links::All);
    lab.proxy.mend(FAULT, Links::All);
    near.say(message(1));
    assert_eq!(far.hear(), Some(message(1)));
    assert_eq!(lab.proxy.taken(FAULT), 0);
}

/// The other side is left half open: only what it says itself could tell it.
#[test]
fn a_cut_swallows_the_end_of_a_connection() {
    let lab = Lab::new(&Network::default());
    let (mut near, mut far) = lab.connect();
    lab.proxy.cut(FAULT, Links::OneWay(WAY.0, WAY.1));
    near.say(message(1));
    lab.wait_until_taken(1);
    drop(near);
    far.say(ACK);
    far.stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(far.stream.read(&mut [0]).is_err(), "it hears neither a frame nor an end");
    far.stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    lab.proxy.mend(FAULT, Links::OneWay(WAY.0, WAY.1));
    assert_eq!(far.hear(), None);
}

#[test]
fn nobody_hears_of_a_connection_that_is_dialled_during_a_cut() {
    let lab = Lab::new(&Network::default());
    lab.proxy.cut(FAULT, Links::All);
    let mut near = lab.dial();
    near.say(message(1));
    lab.wait_until_taken(1);
    lab.proxy.mend(FAULT, Links::All);
    assert_eq!(near.hear(), None);
    assert_eq!(lab.proxy.relayed().connections, 0);
}

#[test]
fn latency_delays_each_frame_and_keeps_their_order() {
    let network =
        Network { latency: vec!["uniform:50ms..100ms".parse().unwrap()], ..Network::default() };
    let lab = Lab::new(&network);
    let (mut near, mut far) = lab.connect();
    let began = Instant::now();
    (1..=50).for_each(|seq| near.say(message(seq)));
    for seq in 1..=50 {
        assert_eq!(far.hear(), Some(message(seq)));
        assert!(began.elapsed() >= Duration::from_millis(50));
    }
}

#[test]
fn a_lost_frame_takes_its_connection_with_it() {
    let network = Network { loss: vec!["1>2=1".parse().unwrap()], ..Network::default() };
    let lab = Lab::new(&network);
    let (mut near, mut far) = lab.connect();
    near.say(message(1));
    assert_eq!((near.hear(), far.hear()), (None, None));
    assert_eq!(lab.proxy.relayed().lost, 1);
}

#[test]
fn a_connection_breaks_after_the_byte_that_it_is_told() {
    let lab = Lab::new(&Network::default());
    let mut whole = BytesMut::new();
    FrameCodec::new().encode(message(2), &mut whole).unwrap();
    for bytes in 0..=whole.len() {
        let (mut near, mut far) = lab.connect();
        lab.proxy.break_at(WAY, Break { kind: "Message", bytes });
        near.say(Frame::Heartbeat);
        assert_eq!(far.hear(), Some(Frame::Heartbeat));
        near.say(message(2));
        let mut came = Vec::new();
        far.stream.read_to_end(&mut came).unwrap();
        assert_eq!(came, whole[..bytes]);
        assert!(!lab.proxy.is_breaking(WAY));
    }
}

#[test]
fn what_carries_no_frames_is_broken_off() {
    let lab = Lab::new(&Network::default());
    let (mut near, mut far) = lab.connect();
    near.stream.write_all(&[0xff; 8]).unwrap();
    assert_eq!((near.hear(), far.hear()), (None, None));
}

//! A peer that does as it should, beside one that does not.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use machine::Progress;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::timeout;
use wire::Frame;

use crate::connection::{Connection, ack, hello};
use crate::door::Door;
use crate::lab::Lab;
use crate::node::Node;

/// How often it says that it lives.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

/// Number and stamp of messages, in the order in which they were heard.
type Heard = Rc<RefCell<Vec<(u64, u64)>>>;

/// A machine whose links are up and stay up, until it is dropped.
pub(crate) struct Honest {
    heard: Heard,
    links: [AbortHandle; 2],
}

impl Honest {
    /// Links `machine` with the node, both ways, for the first time.
    pub(crate) async fn link(lab: &Lab, node: &Node, machine: u32, incarnation: u32) -> Self {
        Self::through(lab, &node.door, machine, incarnation).await
    }

    /// The same, given only the way in to the node.
    pub(crate) async fn through(lab: &Lab, door: &Door, machine: u32, incarnation: u32) -> Self {
        let heard = Heard::default();
        let (mut link_out, _) = lab.accept(machine).await;
        link_out.welcome(0, 0).await;
        let mut link_in = door.dial_as(machine).await;
        assert_eq!(link_in.link(hello(machine, incarnation)).await, Progress::default());
        let receiving = spawn_local(receive(link_out, heard.clone()));
        let sending = spawn_local(stay_alive(link_in));
        Self { heard, links: [receiving.abort_handle(), sending.abort_handle()] }
    }

    /// Links `machine` again, in its first incarnation, which has heard and logged
    /// `heard`.
    pub(crate) async fn again(
        lab: &Lab,
        door: &Door,
        machine: u32,
        heard: Vec<(u64, u64)>,
    ) -> Self {
        let (mut link_out, _) = lab.accept(machine).await;
        let number = heard.len() as u64;
        link_out.welcome(number, number).await;
        let link_in = door.link_from(machine).await;
        let heard = Rc::new(RefCell::new(heard));
        let receiving = spawn_local(receive(link_out, heard.clone()));
        let sending = spawn_local(stay_alive(link_in));
        Self { heard, links: [receiving.abort_handle(), sending.abort_handle()] }
    }

    /// Whether both links are as they were.
    pub(crate) fn is_undisturbed(&self) -> bool {
        self.links.iter().all(|link| !link.is_finished())
    }

    /// All messages from the node.
    pub(crate) fn heard(&self) -> Vec<(u64, u64)> {
        self.heard.borrow().clone()
    }
}

impl Drop for Honest {
    fn drop(&mut self) {
        self.links.iter().for_each(AbortHandle::abort);
    }
}

/// Acknowledges every message at once. Ends with the connection, or by a panic if
/// a message is missing.
async fn receive(mut link: Connection, heard: Heard) {
    loop {
        match timeout(HEARTBEAT_EVERY, link.hear()).await {
            Ok(Some(Frame::Message { seq, stamp })) => {
                heard.borrow_mut().push((seq, stamp));
                assert_eq!(seq, heard.borrow().len() as u64);
                link.say_bytes(&ack(seq, seq)).await;
            }
            Ok(None) => return,
            // The node may say that it lives just before this peer would.
            Ok(Some(_)) | Err(_) => link.say(Frame::Heartbeat).await,
        }
    }
}

/// Ends with the connection.
async fn stay_alive(mut link: Connection) {
    loop {
        link.say(Frame::Heartbeat).await;
        let end = async { while link.hear().await.is_some() {} };
        if timeout(HEARTBEAT_EVERY, end).await.is_ok() {
            return;
        }
    }
}

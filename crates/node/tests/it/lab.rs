//! Where a node under test lives: its folder, its config, and the places where
//! its peers listen, which outlast it.

use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use journal::{Reader, Record, Recovered, Stop, recover};
use node::Config;
use tempfile::TempDir;
use tokio::net::TcpListener;
use wire::Hello;

use crate::connection::{Connection, RUN};
use crate::live::Said;
use crate::node::Node;
use crate::papers::Authority;

/// A machine 1 that has not been started, and the listeners of its peers.
pub(crate) struct Lab {
    folder: TempDir,
    listeners: Vec<TcpListener>,
    said: Said,
    /// That of its run; none if all is in plain text.
    pub(crate) authority: Option<Rc<Authority>>,
}

/// Lines of the config of a machine with certificates.
const TLS: &str = "tls = { authority = \"authority.pem\", certificate = \"certificate.pem\", \
                   key = \"key.pem\" }";

impl Lab {
    /// One of `machines`; `settings` are lines of its config.
    pub(crate) async fn new(said: &Said, machines: u32, settings: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = format!(
            "run = \"{RUN}\"\nmachine = 1\nmachines = {machines}\nseed = 5\n{settings}\n\
             listen = \"127.0.0.1:5555\"\nlog = \"machine-1.jsonl\"\n"
        );
        let mut listeners = Vec::new();
        for machine in 2..=machines {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            config += &format!("[[peers]]\nmachine = {machine}\naddress = \"{address}\"\n");
            listeners.push(listener);
        }
        fs::write(folder.path().join("node.toml"), config).unwrap();
        Self { folder, listeners, said: said.clone(), authority: None }
    }

    /// One that speaks TLS, with good certificates.
    pub(crate) async fn secure(said: &Said, machines: u32, settings: &str) -> Self {
        let authority = Authority::named("ours");
        let lab = Self::new(said, machines, &format!("{settings}\n{TLS}")).await;
        authority.papers(1).write(lab.folder.path());
        Self { authority: Some(Rc::new(authority)), ..lab }
    }

    /// The authority of its run.
    pub(crate) fn authority(&self) -> &Authority {
        self.authority.as_ref().unwrap()
    }

    /// The next connection that the node makes to `machine`, with its Hello.
    pub(crate) async fn accept(&self, machine: u32) -> (Connection, Hello) {
        match &self.authority {
            None => Connection::accept(self.listener(machine)).await,
            Some(authority) => {
                let tls = authority.papers(machine).acceptor();
                Connection::accept_tls(self.listener(machine), &tls).await
            }
        }
    }

    /// Starts the node, the first time or again.
    pub(crate) async fn start(&self) -> Node {
        Node::start(self.config(), self.authority.clone(), self.said.clone()).await
    }

    /// Its config.
    pub(crate) fn config(&self) -> Config {
        Config::load(&self.path("node.toml"), None).unwrap()
    }

    /// Where the node dials machine `machine`.
    pub(crate) fn listener(&self, machine: u32) -> &TcpListener {
        &self.listeners[machine as usize - 2]
    }

    /// The node's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.path("machine-1.jsonl")
    }

    /// A file in its folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the log says, as far as it goes.
    pub(crate) fn records(&self) -> Vec<Record> {
        match Reader::open(&self.log()) {
            Ok(lines) => lines.map(|line| line.unwrap().record).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// Number and stamp of the messages to `to` in the log.
    pub(crate) fn sent(&self, to: u32) -> Vec<(u64, u64)> {
        let records = self.records();
        let sends = records.iter().filter_map(|record| match record {
            Record::Send(send) => Some(send),
            _ => None,
        });
        sends
            .filter_map(|send| {
                let index = send.to.iter().position(|recipient| *recipient == to)?;
                Some((send.seq[index], send.clock))
            })
            .collect()
    }

    /// Number and stamp of the messages from `from` that the log says were received.
    pub(crate) fn received(&self, from: u32) -> Vec<(u64, u64)> {
        let records = self.records();
        records
            .iter()
            .filter_map(|record| match record {
                Record::Receive(receive) if receive.from == from => {
                    Some((receive.seq, receive.stamp))
                }
                _ => None,
            })
            .collect()
    }

    /// The log gives the machine back, and agrees with what the test heard from it
    /// as machine 2 and said to it. Gives back the stop record.
    pub(crate) fn check_log(&self, heard: &[(u64, u64)], told: &[(u64, u64)]) -> Option<Stop> {
        let recovered: Recovered = recover(&self.log()).unwrap().unwrap();
        let (sent, received) = (self.sent(2), self.received(2));
        assert!(sent.starts_with(heard), "the log says {sent:?}, but machine 2 heard {heard:?}");
        assert!(told.starts_with(&received), "the log says {received:?} of {told:?}");
        assert!(!recovered.torn);
        recovered.stop
    }
}

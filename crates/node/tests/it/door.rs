//! Where a node takes connections, and how its peers prove themselves there.

use std::net::SocketAddr;
use std::rc::Rc;

use crate::connection::{Connection, hello};
use crate::papers::Authority;

/// The way in to a node.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    /// That of its run; none if all is in plain text.
    pub(crate) authority: Option<Rc<Authority>>,
}

impl Door {
    /// A connection from `machine` on which nothing has been said.
    pub(crate) async fn dial_as(&self, machine: u32) -> Connection {
        match &self.authority {
            None => Connection::dial(self.address).await,
            Some(authority) => {
                let tls = authority.papers(machine).connector();
                Connection::dial_tls(self.address, &tls).await.unwrap()
            }
        }
    }

    /// A good link in, from `machine` in its first incarnation.
    pub(crate) async fn link_from(&self, machine: u32) -> Connection {
        let mut connection = self.dial_as(machine).await;
        connection.link(hello(machine, 1)).await;
        connection
    }
}

//! A way between two nodes that can be cut.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Passes connections on to a port, until they are cut.
pub(crate) struct Proxy {
    port: u16,
    is_cut: Arc<AtomicBool>,
    streams: Arc<Mutex<Vec<[TcpStream; 2]>>>,
}

impl Proxy {
    /// A way to `target` on this host.
    pub(crate) fn to(target: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_cut = Arc::new(AtomicBool::new(false));
        let streams = Arc::new(Mutex::new(Vec::new()));
        let proxy = Self { port, is_cut: is_cut.clone(), streams: streams.clone() };
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                // A connection that is dropped is closed, as over a cut.
                if !is_cut.load(Ordering::SeqCst)
                    && let Ok(far) = TcpStream::connect(("127.0.0.1", target))
                {
                    carry(&near, &far);
                    carry(&far, &near);
                    streams.lock().unwrap().push([near, far]);
                }
            }
        });
        proxy
    }

    /// The port to dial instead.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Cuts what is connected, and lets nothing connect. Tells how many
    /// connections that hit.
    pub(crate) fn cut(&self) -> usize {
        self.is_cut.store(true, Ordering::SeqCst);
        let cut = |[near, far]: [TcpStream; 2]| {
            near.shutdown(Shutdown::Both).is_ok() | far.shutdown(Shutdown::Both).is_ok()
        };
        self.streams.lock().unwrap().drain(..).map(cut).filter(|was_open| *was_open).count()
    }

    /// Lets connect again.
    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}

fn carry(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}

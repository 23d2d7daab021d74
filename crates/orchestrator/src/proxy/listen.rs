//! Takes the connections of a link and brings each to its receiver.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::sink;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::carry::{End, Lane};
use super::link::{Link, count};
use super::way::Mend;

/// How long to wait when the operating system gives no connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes connections for ever.
pub(crate) async fn listen(listener: std::net::TcpListener, link: Arc<Link>) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        match listener.accept().await {
            Ok((near, _)) => drop(tokio::spawn(serve(near, link.clone()))),
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve(mut near: TcpStream, link: Arc<Link>) {
    let end = match link.forward.cut_now() {
        Some(mend) => swallow(&mut near, &link, mend).await,
        None => match TcpStream::connect(&link.target).await {
            Ok(far) => relay(&mut near, far, &link).await,
            Err(_) => End::Failed,
        },
    };
    if end == End::Mended {
        count(&link.traffic.reset);
    }
    if end.is_reset() {
        // If it cannot be, it is closed.
        let _ = near.set_zero_linger();
    }
}

/// A connection that was dialled during a cut: nobody ever hears of it.
async fn swallow(near: &mut TcpStream, link: &Link, mend: Mend) -> End {
    let (read, _write) = near.split();
    let nobody = CancellationToken::new();
    nobody.cancel();
    let lane = Lane { link, is_forward: true };
    lane.carry(Some(mend), read, sink(), &CancellationToken::new(), &nobody).await
}

async fn relay(near: &mut TcpStream, mut far: TcpStream, link: &Link) -> End {
    count(&link.traffic.connections);
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let end = carry_both(near, &mut far, link).await;
    match end {
        End::Lost => count(&link.traffic.lost),
        End::Broken(_) => count(&link.traffic.broken),
        _ => {}
    }
    if end.is_reset() {
        let _ = far.set_zero_linger();
    }
    end
}

/// Until both ends have closed, or something breaks the connection.
async fn carry_both(near: &mut TcpStream, far: &mut TcpStream, link: &Link) -> End {
    let (near_read, near_write) = near.split();
    let (far_read, far_write) = far.split();
    let (near_ended, far_ended) = (CancellationToken::new(), CancellationToken::new());
    let forward = Lane { link, is_forward: true };
    let back = Lane { link, is_forward: false };
    let mut forward = Box::pin(forward.carry(None, near_read, far_write, &near_ended, &far_ended));
    let mut back = Box::pin(back.carry(None, far_read, near_write, &far_ended, &near_ended));
    tokio::select! {
        end = &mut forward => if end == End::Closed { back.await } else { end },
        end = &mut back => if end == End::Closed { forward.await } else { end },
    }
}

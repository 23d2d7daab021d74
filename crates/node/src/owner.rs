//! The one task that owns the machine.
//!
//! It takes inputs, and after each turn settles: the records go into the log, and
//! only then what follows from them to the connections.

use std::time::Duration;

use journal::{Record, Start, Stop, StopReason, Time, time_left};
use machine::draw::Draws;
use machine::{Endpoint, INBOX_MESSAGES_MAX, MachineId, Next};
use tokio::net::TcpListener;
use tokio::task::yield_now;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use wire::{Hello, PROTOCOL};

use crate::alarm::Alarm;
use crate::board::Hearer;
use crate::bounds::Bounds;
use crate::config::Config;
use crate::dial::Dialler;
use crate::failure::Failure;
use crate::input::{Event, Input, Inputs, inputs};
use crate::ledger::{Ledger, Observer};
use crate::listen::listen;
use crate::pace::Pace;
use crate::peer::Peer;
use crate::pulse::{HEARTBEAT_EVERY, horizon};
use crate::resume::Resumed;
use crate::transport::Transport;
use crate::wall_clock::WallClock;

/// How long a stopping machine waits until its messages have arrived.
const ARRIVAL_MAX: Duration = Duration::from_secs(5);

/// How long it then goes on receiving until its peers have closed their links; those
/// that were lost, too, may be dialled again. After a signal no longer: a peer may go on
/// for ever.
const CLOSING_MAX: Duration = Duration::from_secs(1);

/// As long as peers may have begun after it, where the run has a duration: they end as
/// much later, and are told to by nobody.
const ENDING_MAX: Duration = Duration::from_secs(5);

/// How often a waiting machine says for whom it waits.
const NOTICE_EVERY: Duration = Duration::from_secs(5);

/// How often a machine that cannot tick looks whether it can.
const RETRY_EVERY: Duration = Duration::from_millis(100);

/// Ticks of an unpaced machine between two looks at its connections. What they put into the
/// log, some 200 kB, a file system takes at half the cost a byte of an eighth of it.
const UNPACED_TICKS: u32 = 1 << 11;

/// How a machine ended in good order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Why it stopped ticking.
    pub reason: StopReason,
    /// Own messages not known to have arrived.
    pub in_flight: u64,
}

/// Runs one machine until its duration is over or `shutdown` is cancelled. The
/// observer sees every record once it is in the log.
///
/// # Errors
/// [`Failure`] if the log cannot be written at the start, or is not this run's.
pub async fn run(
    config: &Config,
    transport: Transport,
    resumed: Resumed,
    listener: TcpListener,
    shutdown: CancellationToken,
    observer: Option<Observer>,
) -> Result<Ending, Failure> {
    let (inputs, input) = inputs();
    let tasks = CancellationToken::new();
    let _tasks_end_with_the_owner = tasks.clone().drop_guard();
    let dialling = tasks.child_token();
    spawn_listener(listener, config.neighbours.len(), &transport, &inputs, &tasks);
    spawn_messenger(shutdown, &inputs, &tasks);
    let hurry = CancellationToken::new();
    let incarnation = resumed.start.incarnation;
    let alarm = Alarm::finest();
    let mut owner = Owner::new(config, resumed, input, alarm, observer);
    spawn_diallers(&owner, &transport, incarnation, &inputs, &dialling, &hurry);
    owner.wait_for_links().await?;
    if owner.told_to_stop {
        return Ok(Ending { reason: StopReason::Signal, in_flight: owner.endpoint.in_flight() });
    }
    let mut pace = owner.begin()?;
    let reason = owner.tick_on(&mut pace).await?;
    let stop = owner.end_ticking(&mut pace, reason);
    hurry.cancel();
    owner.wait_for_arrival().await?;
    dialling.cancel();
    owner.close().await?;
    owner.record_stop(stop)
}

fn spawn_listener(
    listener: TcpListener,
    neighbours: usize,
    transport: &Transport,
    inputs: &Inputs,
    tasks: &CancellationToken,
) {
    let until = tasks.clone();
    let listening = listen(listener, neighbours, transport.clone(), inputs.clone());
    tokio::spawn(async move { until.run_until_cancelled(listening).await });
}

/// That the machine is to stop it hears as it hears all else: to look for that apart,
/// whenever it wakes, would cost more.
fn spawn_messenger(shutdown: CancellationToken, inputs: &Inputs, tasks: &CancellationToken) {
    let (inputs, until) = (inputs.clone(), tasks.clone());
    let tell = async move {
        shutdown.cancelled().await;
        inputs.tell(Event::Shutdown).await;
    };
    tokio::spawn(async move { until.run_until_cancelled(tell).await });
}

fn spawn_diallers(
    owner: &Owner<'_>,
    transport: &Transport,
    incarnation: u32,
    inputs: &Inputs,
    until: &CancellationToken,
    hurry: &CancellationToken,
) {
    let config = owner.config;
    for (peer, (to, address)) in owner.peers.iter().zip(&config.neighbours) {
        let hello = Hello {
            protocol: PROTOCOL,
            run: config.run.clone(),
            from: config.machine,
            to: *to,
            incarnation,
        };
        let dialler = Dialler {
            hello,
            address: address.clone(),
            transport: transport.clone(),
            inputs: inputs.clone(),
            until: until.clone(),
            greeted: peer.greeting.subscribe(),
            hurry: hurry.clone(),
        };
        tokio::spawn(dialler.dial());
    }
}

/// The machine and all that it needs to live.
pub(crate) struct Owner<'a> {
    pub(crate) config: &'a Config,
    pub(crate) endpoint: Endpoint,
    /// The neighbours, in their order.
    pub(crate) peers: Vec<Peer>,
    /// The number that the next incoming connection gets.
    pub(crate) next_connection: u64,
    /// Connections that were refused.
    pub(crate) refused: u64,
    /// Whether the machine is to stop, whatever is left of its duration.
    pub(crate) told_to_stop: bool,
    /// Whether it ticks no more: a peer that outlives it can learn nothing later.
    has_ended_ticking: bool,
    draws: Draws,
    ledger: Ledger,
    start: Start,
    run_began: Option<Time>,
    log_end: Option<Time>,
    clock: WallClock,
    /// When the machine woke last. The clock is read once for all that it says then: what
    /// counts as said a moment early is followed by a heartbeat as much earlier.
    woke_at: Instant,
    /// Before then no heartbeat is due, on whatever connection there may be.
    quiet_until: Instant,
    /// When the last tick was, since the start.
    ticked_at: Duration,
    input: Hearer<Input>,
    alarm: Alarm,
    bounds: Bounds,
}

impl<'a> Owner<'a> {
    fn new(
        config: &'a Config,
        resumed: Resumed,
        input: Hearer<Input>,
        alarm: Alarm,
        observer: Option<Observer>,
    ) -> Self {
        let Resumed { endpoint, draws, log, start, run_began, log_end } = resumed;
        Self {
            config,
            endpoint,
            peers: config.neighbours.iter().map(|(id, _)| Peer::new(*id)).collect(),
            next_connection: 1,
            refused: 0,
            told_to_stop: false,
            has_ended_ticking: false,
            draws,
            ledger: Ledger::new(log, observer),
            start,
            run_began,
            log_end,
            clock: WallClock::start(log_end),
            woke_at: Instant::now(),
            quiet_until: Instant::now(),
            ticked_at: Duration::ZERO,
            input,
            alarm,
            bounds: Bounds::default(),
        }
    }

    /// A machine that has never ticked waits until all its links have been up, or it is
    /// told to stop.
    async fn wait_for_links(&mut self) -> Result<(), Failure> {
        let mut announced = Vec::new();
        let mut notice_at = self.woke_at;
        while self.endpoint.machine().ticks() == 0 && !self.is_over() && !self.told_to_stop {
            if self.peers.iter().all(Peer::was_met) {
                break;
            }
            if !self.missing_peers().eq(announced.iter().copied()) || self.woke_at >= notice_at {
                announced = self.missing_peers().collect();
                info!("waiting for {}", list(&announced));
                notice_at = self.woke_at + NOTICE_EVERY;
            }
            self.turn(Some(notice_at)).await?;
        }
        Ok(())
    }

    /// Whether the run has begun, and its time is up. Then no slot is left, and the
    /// machine only delivers, receives and writes its stop.
    fn is_over(&self) -> bool {
        let now = self.clock.time_at(self.clock.elapsed_at(self.woke_at));
        let left = time_left(self.run_began, self.config.duration, now);
        left.is_some_and(|left| left.is_zero())
    }

    fn missing_peers(&self) -> impl Iterator<Item = MachineId> {
        self.peers.iter().filter(|peer| !peer.was_met()).map(|peer| peer.id)
    }

    /// The waiting is over: the incarnation begins.
    fn begin(&mut self) -> Result<Pace, Failure> {
        self.clock = WallClock::start(self.log_end);
        self.start.time = self.clock.start_time();
        self.ledger.append(Record::from(self.start.clone()));
        self.ledger.commit_now()?;
        let left = time_left(self.run_began, self.config.duration, self.start.time);
        match left {
            Some(Duration::ZERO) => info!("the run is over: what peers still lack is delivered"),
            _ => info!(rate = %self.start.rate, clock = self.start.clock, "ticking begins"),
        }
        Ok(Pace::new(&self.start, left))
    }

    async fn tick_on(&mut self, pace: &mut Pace) -> Result<StopReason, Failure> {
        while !self.told_to_stop {
            let now = self.clock.elapsed();
            let wake_at = match pace.next(now) {
                Next::End => return Ok(StopReason::Duration),
                Next::Wait(due) => self.clock.instant_at(Duration::from_nanos(due)),
                Next::Tick if self.can_tick() => {
                    self.tick(pace, now)?;
                    if !pace.is_due(self.clock.elapsed()) {
                        continue;
                    }
                    // A machine that comes from one slot to the next without a wait between
                    // gives its connections, and whoever would stop it, no turn by itself.
                    yield_now().await;
                    Some(Instant::now())
                }
                Next::Tick => None,
            };
            let wake_at = if self.can_tick() { wake_at } else { self.retry_before(wake_at) };
            self.turn(wake_at).await?;
        }
        Ok(StopReason::Signal)
    }

    /// What cannot be done now is tried again soon, however far the next slot is.
    fn retry_before(&self, wake_at: Option<Instant>) -> Option<Instant> {
        let retry = Instant::now() + RETRY_EVERY;
        Some(wake_at.map_or(retry, |at| at.min(retry)))
    }

    fn can_tick(&self) -> bool {
        !self.endpoint.is_saturated() && !self.ledger.is_stuck()
    }

    /// One tick of a slot reached at `now`; of an unpaced machine a batch.
    fn tick(&mut self, pace: &mut Pace, now: Duration) -> Result<(), Failure> {
        let ticks = match pace {
            Pace::Slots { .. } => 1,
            Pace::Unpaced { .. } => UNPACED_TICKS,
        };
        let time = self.clock.time_at(now);
        for _ in 0..ticks {
            let draw = self.draws.of_tick(self.endpoint.machine().ticks() + 1);
            let step = self.endpoint.tick(draw)?;
            self.ledger.append(Record::of_step(&step, time));
            pace.ticked();
            // A batch ends where its bound is reached.
            if self.endpoint.is_saturated() {
                break;
            }
        }
        self.ticked_at = now;
        self.settle()
    }

    fn end_ticking(&mut self, pace: &mut Pace, reason: StopReason) -> Stop {
        self.has_ended_ticking = true;
        let now = self.clock.elapsed();
        pace.stop(now);
        // A stall may have lasted beyond the end, but ticking ended with the run.
        let ended = pace.end().map_or(now, |end| now.min(end)).max(self.ticked_at);
        let machine = self.endpoint.machine();
        info!(%reason, ticks = machine.ticks(), "ticking ends");
        Stop {
            time: self.clock.time_at(ended),
            reason,
            ticks: machine.ticks(),
            missed: pace.missed(),
            queue: 0,
            in_flight: 0,
            clock: machine.clock(),
        }
    }

    async fn wait_for_arrival(&mut self) -> Result<(), Failure> {
        // What the peers were not told yet, they are now.
        self.settle()?;
        let until = Instant::now() + ARRIVAL_MAX;
        while self.endpoint.in_flight() > 0 && Instant::now() < until {
            let now = self.woke_at;
            self.peers.iter_mut().for_each(|peer| peer.ask(now));
            self.turn(Some(until)).await?;
        }
        Ok(())
    }

    /// Closes the links out and receives until the peers have closed theirs. Told to stop
    /// meanwhile, it waits no longer than after any signal.
    async fn close(&mut self) -> Result<(), Failure> {
        self.peers.iter_mut().for_each(|peer| peer.feed = None);
        let ending = Instant::now() + ENDING_MAX;
        while !self.told_to_stop && self.may_receive(ending) {
            self.turn(Some(ending)).await?;
        }
        let closing = Instant::now() + CLOSING_MAX;
        while self.told_to_stop && self.may_receive(closing) {
            self.turn(Some(closing)).await?;
        }
        Ok(())
    }

    fn may_receive(&self, until: Instant) -> bool {
        self.peers.iter().any(Peer::may_send) && Instant::now() < until
    }

    fn record_stop(&mut self, stop: Stop) -> Result<Ending, Failure> {
        let in_flight = self.endpoint.in_flight();
        let queue = self.endpoint.machine().queue() as u64;
        if self.refused > 0 {
            warn!(refused = self.refused, "connections were refused");
        }
        self.ledger.append(Record::Stop(Stop { queue, in_flight, ..stop.clone() }));
        self.ledger.commit_now()?;
        Ok(Ending { reason: stop.reason, in_flight })
    }

    /// Waits for inputs or until the given time, takes what there is, and settles
    /// what follows from it. Cancelling it while it waits loses nothing.
    async fn turn(&mut self, until: Option<Instant>) -> Result<(), Failure> {
        let until = self.keep_alive(until);
        let room = INBOX_MESSAGES_MAX.saturating_sub(self.endpoint.machine().queue());
        let input = tokio::select! {
            biased;
            input = self.input.hear(|input| input.take(room)) => input,
            () = self.alarm.until(until) => None,
        };
        self.woke_at = Instant::now();
        match input {
            Some(Input { events, arrivals }) => {
                events.into_iter().try_for_each(|event| self.on_event(event))?;
                arrivals.into_iter().for_each(|arrived| self.on_arrived(arrived));
            }
            // Nothing follows but what could not be written.
            None if !self.ledger.is_stuck() => return Ok(()),
            None => {}
        }
        self.settle()
    }

    /// Says the heartbeats that are due before the machine wakes again. Until when it may
    /// sleep.
    fn keep_alive(&mut self, wake_at: Option<Instant>) -> Option<Instant> {
        // What is said meanwhile only puts them off.
        if wake_at.is_some_and(|at| at < self.quiet_until) {
            return wake_at;
        }
        let (now, horizon) = (self.woke_at, horizon(self.woke_at, wake_at));
        let due = self.peers.iter_mut().filter_map(|peer| peer.keep_alive(now, horizon)).min();
        // So long until the first of a new connection.
        let of_new = now + HEARTBEAT_EVERY;
        self.quiet_until = due.map_or(of_new, |due| due.min(of_new));
        wake_at.into_iter().chain(due).min()
    }

    /// First the log, then what follows from it.
    fn settle(&mut self) -> Result<(), Failure> {
        if self.ledger.commit()? {
            self.endpoint.commit();
        }
        self.bounds.report(&self.endpoint);
        for peer in &mut self.peers {
            if let Some(link) = self.endpoint.outgoing(peer.id) {
                peer.transmit(link, self.woke_at);
            }
            if let Some(link) = self.endpoint.incoming(peer.id) {
                peer.acknowledge(link, self.woke_at, self.has_ended_ticking);
            }
        }
        Ok(())
    }
}

fn list(machines: &[MachineId]) -> String {
    let machines: Vec<_> = machines.iter().map(|id| format!("machine {id}")).collect();
    machines.join(", ")
}

#[cfg(test)]
mod tests;

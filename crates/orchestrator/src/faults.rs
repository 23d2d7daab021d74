//! Faults in a live run: begins and ends them when their times come, does them to
//! real processes and connections, and counts what each did.
//!
//! Machines are killed, stopped and started through the fleet; what befalls
//! connections is the proxy's. When faults come is `timeline`'s to know, how the
//! machines stand `standing`'s, and what only the logs tell `aftermath`'s.

mod aftermath;
mod standing;
mod timeline;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use journal::{Folder, Time};
use machine::MachineId;
use sim::{Crash, Cut, Effect, Fault, Machines, Pause};

use crate::fleet::Fleet;
use crate::live_tally::LiveTally;
use crate::proxy::{Pair, Proxy};
use crate::tail::Progress;

use aftermath::{Standstill, costs, torn_bytes};
use standing::{Order, Standing};
use timeline::{Timeline, Turn};

/// The faults of a run under way.
#[derive(Debug)]
pub(crate) struct LiveFaults {
    folder: PathBuf,
    faults: Vec<(Fault, Effect)>,
    timeline: Timeline,
    standings: BTreeMap<u32, Standing>,
    proxy: Option<Proxy>,
    /// The machines that stand still now, since when, and by which fault.
    still: Vec<(usize, u32, Time)>,
    standstills: Vec<Standstill>,
    /// The crash that each machine died of last.
    killers: BTreeMap<u32, usize>,
    refusals: Vec<String>,
}

impl LiveFaults {
    /// The `faults` of a run of `duration` in `folder`, whose connections go through
    /// `proxy`.
    pub(crate) fn new(
        folder: &Path,
        machines: u32,
        faults: &[Fault],
        duration: Duration,
        proxy: Option<Proxy>,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            faults: faults.iter().map(|fault| (*fault, Effect::none(*fault))).collect(),
            timeline: Timeline::new(faults, duration),
            standings: (1..=machines).map(|machine| (machine, Standing::new())).collect(),
            proxy,
            still: Vec::new(),
            standstills: Vec::new(),
            killers: BTreeMap::new(),
            refusals: Vec::new(),
        }
    }

    /// When the next fault begins or ends, since the run began.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        self.timeline.next_at()
    }

    /// Does what is due at `now`, since the run began.
    ///
    /// # Errors
    /// If a node cannot be started again.
    pub(crate) fn strike(
        &mut self,
        now: Duration,
        fleet: &mut Fleet,
        progress: &mut Progress,
    ) -> io::Result<()> {
        while let Some(Turn { fault, begins, .. }) = self.timeline.pop_due(now) {
            match (self.faults[fault].0, begins) {
                (Fault::Cut(cut), true) => {
                    self.proxy.iter().for_each(|it| it.cut(fault, cut.links))
                }
                (Fault::Cut(cut), false) => self.mend(fault, cut, progress),
                (Fault::Crash(crash), _) => self.crash(fault, crash, begins, fleet)?,
                (Fault::Pause(pause), true) => self.pause(fault, pause, fleet),
                (Fault::Pause(pause), false) => self.go_on(fault, pause, fleet),
            }
        }
        Ok(())
    }

    fn crash(
        &mut self,
        fault: usize,
        crash: Crash,
        begins: bool,
        fleet: &mut Fleet,
    ) -> io::Result<()> {
        for machine in self.covered(crash.machines) {
            let Some(standing) = self.standings.get_mut(&machine) else { continue };
            if begins && standing.is_down() {
                count_kept_down(&mut self.faults[fault].1);
            }
            let order = match begins {
                true => standing.crash_begins(fault),
                false => standing.crash_ends(fault),
            };
            if order == Some(Order::Kill) {
                self.killers.insert(machine, fault);
                self.stands_no_more(|still| still.1 == machine);
            }
            obey(fleet, machine, order)?;
        }
        Ok(())
    }

    fn pause(&mut self, fault: usize, pause: Pause, fleet: &mut Fleet) {
        for machine in self.covered(pause.machines) {
            let Some(standing) = self.standings.get_mut(&machine) else { continue };
            let order = standing.pause_begins(fault);
            if standing.is_paused_by(fault) {
                self.still.push((fault, machine, now()));
                if let Effect::Pause { stopped, .. } = &mut self.faults[fault].1 {
                    *stopped += 1;
                }
            }
            let _ = obey(fleet, machine, order);
        }
    }

    fn go_on(&mut self, fault: usize, pause: Pause, fleet: &mut Fleet) {
        for machine in self.covered(pause.machines) {
            let Some(standing) = self.standings.get_mut(&machine) else { continue };
            let order = standing.pause_ends(fault);
            let _ = obey(fleet, machine, order);
        }
        self.stands_no_more(|still| still.0 == fault);
    }

    fn stands_no_more(&mut self, is_meant: impl Fn(&(usize, u32, Time)) -> bool) {
        let over = self.still.extract_if(.., |still| is_meant(still));
        let to = now();
        let standstill = |(fault, machine, from)| Standstill { fault, machine, from, to };
        self.standstills.extend(over.map(standstill));
    }

    fn mend(&mut self, fault: usize, cut: Cut, progress: &mut Progress) {
        progress.update();
        let Some(proxy) = &self.proxy else { return };
        let held = held_back(proxy, cut, progress);
        proxy.mend(fault, cut.links);
        self.faults[fault].1 = Effect::Cut { frames: proxy.taken(fault), held_back: held };
    }

    /// Whether a machine that ended as this exit says was killed by a fault.
    pub(crate) fn is_killing(&self, machine: u32) -> bool {
        self.standings.get(&machine).is_some_and(Standing::is_dying)
    }

    /// A fault has killed a machine.
    ///
    /// # Errors
    /// If its node is to be started again at once, and cannot be.
    pub(crate) fn died(
        &mut self,
        machine: u32,
        fleet: &mut Fleet,
        progress: &mut Progress,
    ) -> io::Result<()> {
        progress.update();
        let torn_now = torn_bytes(&self.folder.join(Folder::log_name(machine)));
        let killer = self.killers.get(&machine).and_then(|fault| self.faults.get_mut(*fault));
        if let Some((_, Effect::Crash { killed, inboxes, torn, .. })) = killer {
            *killed += 1;
            *inboxes += progress.queue(machine);
            *torn += torn_now;
        }
        let order = self.standings.get_mut(&machine).and_then(Standing::died);
        obey(fleet, machine, order)
    }

    /// A machine has ended by itself.
    pub(crate) fn ended(&mut self, machine: u32) {
        self.standings.get_mut(&machine).into_iter().for_each(Standing::ended);
        self.stands_no_more(|still| still.1 == machine);
    }

    /// Whether a fault has killed this machine before.
    pub(crate) fn has_killed(&self, machine: u32) -> bool {
        self.killers.contains_key(&machine)
    }

    /// A machine that came back would not go on.
    pub(crate) fn refused(&mut self, reason: String) {
        self.refusals.push(reason);
    }

    /// Whether machines that are down will come back.
    pub(crate) fn will_start(&self) -> bool {
        let will_end = |fault: &usize| self.timeline.will_end(*fault);
        let down = self.standings.values().filter_map(Standing::held_down_by);
        down.into_iter().any(|faults| faults.iter().all(will_end))
    }

    /// The run is stopped: nothing begins any more, what stands still goes on, and
    /// what is cut is mended, so that it ends in good order.
    pub(crate) fn cancel(&mut self, fleet: &mut Fleet, progress: &mut Progress) {
        self.timeline.cancel();
        for fault in 0..self.faults.len() {
            match self.faults[fault].0 {
                Fault::Cut(cut) if self.is_cutting(fault) => self.mend(fault, cut, progress),
                Fault::Pause(pause) => self.go_on(fault, pause, fleet),
                _ => {}
            }
        }
    }

    fn is_cutting(&self, fault: usize) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| proxy.is_cut_by(fault))
    }

    /// What there is to say of machines in the live view.
    pub(crate) fn remarks(&self) -> BTreeMap<u32, &'static str> {
        let remark = |(machine, standing): (&u32, &Standing)| Some((*machine, standing.remark()?));
        self.standings.iter().filter_map(remark).collect()
    }

    /// The run is over: what network and faults did.
    pub(crate) fn into_tally(mut self, progress: &mut Progress) -> LiveTally {
        for fault in 0..self.faults.len() {
            if let Fault::Cut(cut) = self.faults[fault].0
                && self.is_cutting(fault)
            {
                self.mend(fault, cut, progress);
            }
        }
        self.stands_no_more(|_| true);
        self.count_standstills();
        LiveTally {
            faults: self.faults,
            relayed: self.proxy.as_ref().map(Proxy::relayed),
            refusals: self.refusals,
        }
    }

    fn count_standstills(&mut self) {
        let Ok(folder) = Folder::open(&self.folder) else { return };
        let costs = costs(&folder, &self.standstills);
        for (standstill, (slots, messages)) in self.standstills.iter().zip(costs) {
            if let Effect::Pause { missed, frames, .. } = &mut self.faults[standstill.fault].1 {
                *missed += slots;
                *frames += messages;
            }
        }
    }

    fn covered(&self, machines: Machines) -> Vec<u32> {
        let all = self.standings.keys().copied();
        all.filter(|machine| machines.cover(MachineId::new(*machine))).collect()
    }
}

fn count_kept_down(effect: &mut Effect) {
    if let Effect::Crash { kept_down, .. } = effect {
        *kept_down += 1;
    }
}

fn obey(fleet: &mut Fleet, machine: u32, order: Option<Order>) -> io::Result<()> {
    match order {
        Some(Order::Start) => return fleet.start(machine),
        Some(Order::Kill) => fleet.kill(machine),
        Some(Order::Stop) => fleet.halt(machine),
        Some(Order::Continue) => fleet.go_on(machine),
        None => {}
    }
    Ok(())
}

/// The messages of all links that were sent and have not been passed on, where the
/// cut of either direction is in their way.
fn held_back(proxy: &Proxy, cut: Cut, progress: &Progress) -> u64 {
    let is_hit = |(from, to): &Pair| cut.links.cover(*from, *to) || cut.links.cover(*to, *from);
    let waiting = |link: Pair| {
        let (sent, received) = progress.traffic(link.0.get(), link.1.get());
        sent.saturating_sub(received.max(proxy.delivered(link)))
    };
    proxy.links().filter(is_hit).map(waiting).sum()
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time::from_micros(0).after(since)
}

//! Whether settings can be run. What is wrong is a [`Problem`] with a key, which may
//! stand in a file, be an option, or come from the environment.

use journal::{Rate, Topology};
use node::{Problem, check_run_name};
use sim::{Crash, Links, Machines};

use crate::ports::{PortWord, Ports};
use crate::rates::Rates;
use crate::settings::Settings;

/// The most machines that are started as processes on one computer.
const PROCESSES_MAX: u32 = 1000;

/// The most machines that are simulated, each connected to each.
const FULL_MAX: u32 = 2000;

/// The most machines that are simulated in a ring.
const RING_MAX: u32 = 1 << 20;

/// The time that a run takes place in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeKind {
    /// Processes, sockets, seconds.
    Real,
    /// A simulation.
    Virtual,
}

impl Settings {
    /// Whether this can be run in such a time.
    ///
    /// # Errors
    /// The first [`Problem`].
    pub(crate) fn check(&self, time: TimeKind) -> Result<(), Problem> {
        self.check_machines(time)?;
        self.check_rates(time)?;
        self.check_places()?;
        if time == TimeKind::Real {
            self.check_faults_are_real()?;
        }
        self.check_ports()?;
        self.check_host()?;
        if self.draw_max == Some(0) {
            return Err(Problem::at(
                "draw_max",
                "nothing can be drawn from 1..=0",
                "say 10 for the classic experiment; the smaller, the more is sent",
            ));
        }
        if self.duration.is_some_and(|duration| duration.0.is_zero()) {
            return Err(Problem::at("duration", "the run would last no time", "say 60s"));
        }
        if let Some(name) = &self.name {
            check_run_name(name)
                .and_then(|()| check_run_name(&format!("{name}-00000000")))
                .map_err(|_| {
                    Problem::at(
                        "name",
                        format!("\"{name}\" cannot be the name of a run"),
                        "say letters, digits, '-', '_' and '.', at most 55",
                    )
                })?;
        }
        Ok(())
    }

    /// Whether the words of `--ports` go together.
    ///
    /// # Errors
    /// The [`Problem`] if they do not.
    pub(crate) fn check_port_words(&self) -> Result<(), Problem> {
        match self.port_words.as_deref() {
            Some(words) if words.len() > 1 && words.contains(&PortWord::Auto) => Err(Problem::at(
                "ports",
                "auto stands beside other ports",
                "say auto alone, or a port for each machine",
            )),
            _ => Ok(()),
        }
    }

    fn check_host(&self) -> Result<(), Problem> {
        match &self.host {
            Some(host) => node::check_host(host).map_err(|message| Problem::said("host", &message)),
            None => Ok(()),
        }
    }

    fn check_machines(&self, time: TimeKind) -> Result<(), Problem> {
        let machines = self.machine_count();
        let (most, where_more) = match (time, self.topology.unwrap_or_default()) {
            (TimeKind::Real, _) => (PROCESSES_MAX, ""),
            (TimeKind::Virtual, Topology::Full) => (FULL_MAX, ", or more in a ring"),
            (TimeKind::Virtual, Topology::Ring) => (RING_MAX, ""),
        };
        if (2..=most).contains(&machines) {
            return Ok(());
        }
        Err(Problem::at(
            "machines",
            format!("there cannot be {machines} machines"),
            format!("say a number from 2 to {most}{where_more}"),
        ))
    }

    fn check_rates(&self, time: TimeKind) -> Result<(), Problem> {
        let Some(Rates::Given(rates)) = &self.rates else {
            return Ok(());
        };
        if time == TimeKind::Virtual && rates.contains(&Rate::Max) {
            return Err(Problem::at(
                "rates",
                "in virtual time a machine without pace would tick for ever in one instant",
                "say a number of ticks a second",
            ));
        }
        let machines = self.machine_count() as usize;
        if rates.is_empty() {
            return Err(Problem::at("rates", "there is no rate", "say one for each machine"));
        }
        if rates.len() > machines {
            return Err(Problem::at(
                "rates",
                format!("there are {} rates for {machines} machines", rates.len()),
                "say one for each machine, or fewer: then they are repeated",
            ));
        }
        Ok(())
    }

    /// What no proxy and no signal can do is done in virtual time only.
    fn check_faults_are_real(&self) -> Result<(), Problem> {
        if self.duplicate.is_some() {
            return Err(Problem::at(
                "duplicate",
                "TCP lets nothing come twice, and a live run goes over TCP",
                "leave it out, or use simulate instead of run",
            ));
        }
        let is_torn = |crash: &Crash| crash.torn;
        let torn_crash = self.crash.iter().flatten().any(is_torn).then_some("crash");
        match torn_crash.or((self.torn == Some(true)).then_some("torn")) {
            None => Ok(()),
            Some(key) => Err(Problem::at(
                key,
                "a live machine cannot be killed in the middle of a write: the kernel finishes it",
                "leave torn out, or use simulate instead of run",
            )),
        }
    }

    /// Whether the links and machines that faults speak of are there.
    fn check_places(&self) -> Result<(), Problem> {
        let machines = self.machine_count();
        let topology = self.topology.unwrap_or_default().into();
        let links = |links: Links| links.check(machines, topology);
        let crowd = |crowd: Machines| crowd.check(machines);
        each("latency", &self.latency, |word| links(word.links))?;
        each("loss", &self.loss, |word| links(word.links))?;
        each("duplicate", &self.duplicate, |word| links(word.links))?;
        each("cut", &self.cut, |word| links(word.links))?;
        each("crash", &self.crash, |word| crowd(word.machines))?;
        each("pause", &self.pause, |word| crowd(word.machines))
    }

    fn check_ports(&self) -> Result<(), Problem> {
        let Some(Ports::Given(ports)) = &self.ports else {
            return Ok(());
        };
        let machines = self.machine_count() as usize;
        if ports.len() != machines {
            return Err(Problem::at(
                "ports",
                format!("there are {} ports for {machines} machines", ports.len()),
                "say one for each machine, or auto",
            ));
        }
        let mut pairs = ports.iter().enumerate();
        if let Some((index, port)) = pairs.find(|(i, port)| ports[..*i].contains(port)) {
            return Err(Problem::at(
                &format!("ports.{index}"),
                format!("port {port} is given twice"),
                "say a port of its own for each machine, or auto",
            ));
        }
        Ok(())
    }
}

/// Whether each of the words of `key` is about what is there.
fn each<T>(
    key: &str,
    words: &Option<Vec<T>>,
    check: impl Fn(&T) -> Result<(), String>,
) -> Result<(), Problem> {
    let checked = words.iter().flatten().try_for_each(check);
    checked.map_err(|message| Problem::at(key, message, "name one of the run's machines or links"))
}

//! Whether settings can be run. What is wrong is a [`Problem`] with a key, which may
//! stand in a file, be an option, or come from the environment.

use node::{Problem, check_run_name};

use crate::ports::{PortWord, Ports};
use crate::rates::Rates;
use crate::settings::Settings;

/// The most machines that are started as processes on one computer.
const MACHINES_MAX: u32 = 1000;

impl Settings {
    /// Whether this can be run.
    ///
    /// # Errors
    /// The first [`Problem`].
    pub(crate) fn check(&self) -> Result<(), Problem> {
        self.check_machines()?;
        self.check_rates()?;
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

    fn check_machines(&self) -> Result<(), Problem> {
        let machines = self.machine_count();
        if (2..=MACHINES_MAX).contains(&machines) {
            return Ok(());
        }
        Err(Problem::at(
            "machines",
            format!("there cannot be {machines} machines"),
            format!("say a number from 2 to {MACHINES_MAX}"),
        ))
    }

    fn check_rates(&self) -> Result<(), Problem> {
        let Some(Rates::Given(rates)) = &self.rates else {
            return Ok(());
        };
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

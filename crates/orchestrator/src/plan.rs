//! A run with everything decided: what each node will be told.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use journal::{Folder, Manifest, Rate, Sync, Timespan};
use machine::MachineId;
use machine::draw::{EntropyError, entropy, entropy_seed};
use node::{NodeConfig, PeerConfig, is_loopback};
use sim::{Conditions, Fault, Network};

use crate::complaint::Complaint;
use crate::ports::{DEFAULT_PORTS, Ports, address, first_taken, free};
use crate::proxy::{LINKS_MAX, Pair, Proxy};
use crate::settings::Settings;
use crate::virtual_plan::with_faults;

/// How long a run lasts if nothing else is said.
const DURATION: Timespan = Timespan(Duration::from_secs(60));

/// The name of a run that has no file to be named after.
const NAME: &str = "offbeat";

/// Where nodes listen if nothing else is said.
const HOST: &str = "127.0.0.1";

/// A run with everything decided.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) manifest: Manifest,
    /// Whether the seed drew the rates.
    pub(crate) rates_were_drawn: bool,
    pub(crate) host: String,
    pub(crate) ports: Vec<u16>,
    /// Whether other ports may be taken instead.
    pub(crate) ports_may_change: bool,
    pub(crate) network: Network,
    pub(crate) faults: Vec<Fault>,
    /// Where machines dial others by way of the proxy.
    detours: BTreeMap<Pair, String>,
}

impl Plan {
    /// Decides what `settings` leave open.
    ///
    /// # Errors
    /// A [`Complaint`] if a port that was asked for is taken.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Complaint> {
        let run = run_id(settings, entropy().map_err(no_entropy)?);
        let host = settings.host.clone().unwrap_or_else(|| HOST.to_owned());
        let planned = with_faults(settings, manifest(settings, seed(settings)?, run));
        let (network, faults) = as_tcp_allows(planned.network, planned.faults);
        let mut plan = Self {
            manifest: planned.manifest,
            rates_were_drawn: settings.rates_are_drawn(),
            host,
            ports: Vec::new(),
            ports_may_change: !matches!(settings.ports, Some(Ports::Given(_))),
            network,
            faults,
            detours: BTreeMap::new(),
        };
        plan.check_proxied_links()?;
        plan.check_host()?;
        plan.choose_ports(settings.ports.as_ref())?;
        Ok(plan)
    }

    /// One look at the host, before thousands of its ports are tried.
    fn check_host(&self) -> Result<(), Complaint> {
        match first_taken(&self.host, &[0]) {
            None => Ok(()),
            Some((_, error)) => {
                let host = &self.host;
                Err(Complaint::failed(format!("cannot listen on {host}: {error}"))
                    .remedy("say --host with an address of this computer, as 127.0.0.1"))
            }
        }
    }

    fn choose_ports(&mut self, ports: Option<&Ports>) -> Result<(), Complaint> {
        let machines = self.manifest.machines as usize;
        match ports {
            Some(Ports::Given(ports)) => {
                if let Some((port, error)) = first_taken(&self.host, ports) {
                    let address = address(&self.host, port);
                    return Err(Complaint::failed(format!("cannot listen on {address}: {error}"))
                        .remedy("stop whatever uses it, or say --ports auto for free ones"));
                }
                self.ports.clone_from(ports);
                Ok(())
            }
            None if machines <= DEFAULT_PORTS.len() => {
                self.ports = DEFAULT_PORTS[..machines].to_vec();
                Ok(())
            }
            _ => self.change_ports(),
        }
    }

    /// Takes ports that are free just now.
    pub(crate) fn change_ports(&mut self) -> Result<(), Complaint> {
        self.ports = free(&self.host, self.manifest.machines as usize);
        if self.ports.len() == self.manifest.machines as usize {
            return Ok(());
        }
        Err(Complaint::failed(format!("found no free ports on {}", self.host))
            .remedy("say --ports with free ones"))
    }

    /// The links that the network's words or a cut are about.
    pub(crate) fn proxied_links(&self) -> Vec<Pair> {
        let topology = machine::Topology::from(self.manifest.topology);
        let machines = self.manifest.machines;
        let links = ids(machines)
            .flat_map(|from| topology.neighbours(from, machines).map(move |to| (from, to)));
        let is_meant = |link: &Pair| self.is_bad(link.0, link.1) || self.is_bad(link.1, link.0);
        links.filter(is_meant).collect()
    }

    /// Whether what travels in this direction may come to harm.
    fn is_bad(&self, from: MachineId, to: MachineId) -> bool {
        let cuts = |fault: &Fault| matches!(fault, Fault::Cut(cut) if cut.links.cover(from, to));
        self.network.conditions(from, to) != Conditions::default() || self.faults.iter().any(cuts)
    }

    fn check_proxied_links(&self) -> Result<(), Complaint> {
        match self.proxied_links().len() {
            ..=LINKS_MAX => Ok(()),
            links => Err(Complaint::usage(format!(
                "network and cuts are about {links} links, but the proxy stands in {LINKS_MAX} at most"
            ))
            .remedy("name fewer links or machines, or use simulate instead of run")),
        }
    }

    /// A proxy in the links that need one, which the nodes will dial; none if no link
    /// does.
    ///
    /// # Errors
    /// A [`Complaint`] if it cannot listen.
    pub(crate) fn lay_proxy(&mut self) -> Result<Option<Proxy>, Complaint> {
        let links = self.proxied_links();
        if links.is_empty() {
            return Ok(None);
        }
        let port = |machine| self.port(machine);
        let proxy = Proxy::start(&self.host, &links, port, &self.network, self.manifest.seed)
            .map_err(|error| Complaint::failed(format!("cannot start the proxy: {error}")))?;
        let detour = |link| Some((link, proxy.address(link)?.to_owned()));
        self.detours = links.into_iter().filter_map(detour).collect();
        Ok(Some(proxy))
    }

    /// How long the run lasts.
    pub(crate) fn duration(&self) -> Duration {
        self.manifest.duration.unwrap_or(DURATION).0
    }

    /// The config of each node, in order.
    pub(crate) fn node_configs(&self) -> impl Iterator<Item = NodeConfig> + '_ {
        ids(self.manifest.machines).map(|machine| self.node_config(machine))
    }

    fn node_config(&self, machine: MachineId) -> NodeConfig {
        let Manifest { run, machines, draw_max, topology, pacing, phase, stamp, seed, .. } =
            self.manifest.clone();
        let neighbours = machine::Topology::from(topology).neighbours(machine, machines);
        let detour = |id: MachineId| self.detours.get(&(machine, id)).cloned();
        let way_to = |id: MachineId| detour(id).unwrap_or_else(|| self.address(id));
        let peer = |id: MachineId| PeerConfig { machine: id.get(), address: way_to(id) };
        NodeConfig {
            run,
            machine: machine.get(),
            machines,
            topology,
            rate: Some(self.rate(machine)),
            draw_max,
            seed: Some(seed),
            phase,
            pacing,
            stamp,
            duration: self.manifest.duration,
            listen: self.address(machine),
            log: Some(PathBuf::from(Folder::log_name(machine.get()))),
            sync: Sync::default(),
            // What is said stays on this computer, though its ports may be reached
            // from others: docs/security.md.
            plain: !is_loopback(&self.address(machine)),
            tls: None,
            peers: neighbours.into_iter().map(peer).collect(),
        }
    }

    fn rate(&self, machine: MachineId) -> Rate {
        self.manifest.rates[machine.get() as usize - 1]
    }

    fn address(&self, machine: MachineId) -> String {
        address(&self.host, self.port(machine))
    }

    fn port(&self, machine: MachineId) -> u16 {
        self.ports[machine.get() as usize - 1]
    }
}

/// What was drawn without what TCP and a kernel do not let happen: duplicates and
/// torn writes. Those that were asked for have been refused.
fn as_tcp_allows(network: Network, mut faults: Vec<Fault>) -> (Network, Vec<Fault>) {
    for fault in &mut faults {
        if let Fault::Crash(crash) = fault {
            crash.torn = false;
        }
    }
    (Network { duplicate: Vec::new(), ..network }, faults)
}

/// What a run is, with what `settings` leave open decided by the defaults and by
/// `seed`.
pub(crate) fn manifest(settings: &Settings, seed: u64, run: String) -> Manifest {
    let machines = settings.machine_count();
    let rates = settings.rates.clone().unwrap_or_default();
    Manifest {
        run,
        machines,
        rates: ids(machines).map(|machine| rates.of(machine, seed)).collect(),
        draw_max: settings.draw_max.unwrap_or(10),
        topology: settings.topology.unwrap_or_default(),
        pacing: settings.pacing.unwrap_or_default(),
        phase: settings.phase.unwrap_or_default(),
        stamp: settings.stamp.unwrap_or_default(),
        seed,
        duration: Some(settings.duration.unwrap_or(DURATION)),
    }
}

/// The seed of a run; one from entropy, if none is given.
///
/// # Errors
/// A [`Complaint`] if there is no entropy.
pub(crate) fn seed(settings: &Settings) -> Result<u64, Complaint> {
    settings.seed.map_or_else(entropy_seed, Ok).map_err(no_entropy)
}

/// The id of a run: its name and eight hexadecimal digits.
pub(crate) fn run_id(settings: &Settings, digits: u32) -> String {
    format!("{}-{digits:08x}", settings.name.as_deref().unwrap_or(NAME))
}

fn ids(machines: u32) -> impl Iterator<Item = MachineId> {
    (1..=machines).map(MachineId::new)
}

fn no_entropy(error: EntropyError) -> Complaint {
    Complaint::failed(format!("the operating system has no entropy to give: {error}"))
}

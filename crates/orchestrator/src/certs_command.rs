//! `offbeat certs`: mints certificates for nodes that are started by hand.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use journal::Time;
use node::Exit;

use crate::certificates::Terms;
use crate::complaint::Complaint;
use crate::papers_folder::{self, AUTHORITY, CERTIFICATE, KEY, of_machine};
use crate::terminal;

/// The most days that certificates are good.
const DAYS_MAX: u32 = 3650;

/// The most machines of a run.
const MACHINES_MAX: u32 = 10_000;

/// The longest part of a name in a certificate, in bytes.
const LABEL_BYTES_MAX: usize = 63;

#[derive(Debug, Args)]
pub(crate) struct CertsArgs {
    /// The folder to write to: machine-1/, machine-2/ … are made below it
    #[arg(long, value_name = "DIR", default_value = "certs")]
    out: PathBuf,

    /// For how many machines
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = machines)]
    machines: u32,

    /// For the run of this name alone [default: for any run]
    #[arg(long, value_name = "NAME", value_parser = run_name)]
    run: Option<String>,

    /// For how many days from now
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = days)]
    days: u32,
}

fn machines(text: &str) -> Result<u32, String> {
    number(text, MACHINES_MAX)
}

fn days(text: &str) -> Result<u32, String> {
    number(text, DAYS_MAX)
}

fn number(text: &str, max: u32) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if (1..=max).contains(&number) => Ok(number),
        _ => Err(format!("\"{text}\" will not do: say a whole number from 1 to {max}")),
    }
}

/// A run that can be named in a certificate, whose names are those of hosts.
fn run_name(name: &str) -> Result<String, String> {
    node::check_run_name(name)?;
    let is_label = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    match name.chars().all(is_label)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name.len() <= LABEL_BYTES_MAX
    {
        true => Ok(name.to_owned()),
        false => Err(format!(
            "\"{name}\" cannot be named in a certificate: say letters, digits, '_' and, but \
             first or last, '-', at most {LABEL_BYTES_MAX}; or leave it out"
        )),
    }
}

pub(crate) fn run(args: &CertsArgs) -> Result<Exit, Complaint> {
    let CertsArgs { out, machines, run, days } = args;
    let terms =
        Terms { machines: *machines, run: run.clone(), now: SystemTime::now(), days: *days };
    let papers = terms
        .mint()
        .map_err(|error| Complaint::failed(format!("cannot mint certificates: {error}")))?;
    papers_folder::write_new(out, &papers)?;
    terminal::result(&told(&terms, out));
    Ok(Exit::Done)
}

/// What was made, and what to do with it.
fn told(terms: &Terms, out: &Path) -> String {
    let Terms { machines, run, .. } = terms;
    let run = run.as_ref().map(|run| format!(" of run {run}")).unwrap_or_default();
    let since_epoch = terms.until().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let until = Time::from_micros(0).after(since_epoch).format("%Y-%m-%d %H:%M UTC");
    let first = of_machine(out, 1);
    let first = first.canonicalize().unwrap_or(first);
    let file = |name| first.join(name).display().to_string();
    format!(
        "Certificates for machines 1 to {machines}{run}, good until {until}:\n\
         \x20 {out}/machine-1/ to machine-{machines}/, with {AUTHORITY}, {CERTIFICATE} and {KEY}\n\
         \n\
         Give each machine its own folder and no other: whoever reads {KEY} can speak for it.\n\
         The config of machine 1 then says, and the others likewise:\n\
         \n\
         [tls]\n\
         authority = {:?}\n\
         certificate = {:?}\n\
         key = {:?}\n\
         \n\
         The authority's own key is kept nowhere: for one machine more, mint for all anew.",
        file(AUTHORITY),
        file(CERTIFICATE),
        file(KEY),
        out = out.display(),
    )
}

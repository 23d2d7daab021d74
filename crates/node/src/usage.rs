//! What is wrong with a command line, told as everything else that is wrong.

use std::env;
use std::error::Error as _;
use std::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use crate::config_wording::split_remedy;

/// What is wrong with the command line of `command`, which is started as
/// `program`, and what to do about it. None if clap says it as well, or if
/// nothing is wrong: help was asked for.
#[must_use]
pub fn explain(error: &Error, command: &Command, program: &str) -> Option<String> {
    let program = named(command, program);
    match error.kind() {
        ErrorKind::ValueValidation => bad_value(error, command),
        ErrorKind::InvalidValue => no_value(error, command),
        ErrorKind::ArgumentConflict => conflict(error, command, &program),
        ErrorKind::UnknownArgument => unknown_argument(error, &program),
        ErrorKind::InvalidSubcommand => unknown_command(error, &program),
        ErrorKind::MissingRequiredArgument => missing(error, &program),
        _ => None,
    }
}

/// Where the value of the option `--long` comes from: the option, or the variable
/// of the environment that stands in for it. None if neither is given.
#[must_use]
pub fn origin(command: &Command, long: &str) -> Option<String> {
    let option = format!("--{long}");
    let is_option = |argument: String| {
        argument.strip_prefix(&option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    if env::args_os().any(|argument| is_option(argument.to_string_lossy().into_owned())) {
        return Some(option);
    }
    let variable = find(command, long)?.get_env()?.to_string_lossy().into_owned();
    env::var_os(&variable).map(|_| variable)
}

/// The argument `--long` of the command, or of one of its commands.
fn find<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    command
        .get_arguments()
        .find(|arg| arg.get_long() == Some(long))
        .or_else(|| command.get_subcommands().find_map(|command| find(command, long)))
}

fn bad_value(error: &Error, command: &Command) -> Option<String> {
    let (origin, value) =
        (origin_of_value(error, command)?, text(error, ContextKind::InvalidValue)?);
    let source = error.source()?;
    let message = match source.downcast_ref::<ParseIntError>() {
        Some(error) => not_a_number(&value, error.kind() == &IntErrorKind::PosOverflow, u64::MAX),
        None => reworded(&value, &source.to_string()),
    };
    let (message, remedy) = split_remedy(&message);
    let remedy = remedy.map(|remedy| format!("\nhelp: {remedy}")).unwrap_or_default();
    Some(format!("{origin}: {message}{remedy}"))
}

/// What clap says of a number out of bounds, `7 is not in 0..=5`, as what it says
/// of other numbers.
fn reworded(value: &str, message: &str) -> String {
    let max = message.split_once(" is not in 0..=").and_then(|(_, max)| max.parse().ok());
    max.map_or(message.to_owned(), |max| not_a_number(value, !value.starts_with('-'), max))
}

fn not_a_number(value: &str, is_too_large: bool, max: u64) -> String {
    match is_too_large {
        true => format!("{value} is too large: say at most {max}"),
        false => format!("\"{value}\" is not a whole number from 0 up: say digits only, as 5"),
    }
}

fn no_value(error: &Error, command: &Command) -> Option<String> {
    let arg = bare(&text(error, ContextKind::InvalidArg)?);
    let value = text(error, ContextKind::InvalidValue)?;
    if value.is_empty() {
        let origin = origin_of_value(error, command)?;
        return Some(format!("{origin} needs a value\nhelp: say {arg}"));
    }
    let ContextValue::Strings(known) = error.get(ContextKind::ValidValue)? else {
        return None;
    };
    Some(format!("{arg} cannot be \"{value}\"\nhelp: say {}", known.join(", ")))
}

/// Where the value comes from that clap complains of.
fn origin_of_value(error: &Error, command: &Command) -> Option<String> {
    let arg = text(error, ContextKind::InvalidArg)?;
    let long = arg.strip_prefix("--").and_then(|arg| arg.split([' ', '=']).next());
    Some(long.and_then(|long| origin(command, long)).unwrap_or_else(|| bare(&arg)))
}

/// Options of a run before another command, or one of them twice.
fn conflict(error: &Error, command: &Command, program: &str) -> Option<String> {
    let prior = match error.get(ContextKind::PriorArg)? {
        ContextValue::String(prior) => bare(prior),
        ContextValue::Strings(prior) => bare(prior.first()?),
        _ => return None,
    };
    match text(error, ContextKind::InvalidSubcommand) {
        None if text(error, ContextKind::InvalidArg).is_some_and(|arg| bare(&arg) == prior) => {
            Some(format!("{prior} is given twice\nhelp: give it once"))
        }
        None => None,
        Some(name) if command.find_subcommand(&name).is_some() => Some(format!(
            "the command {name} does not take {prior}\nhelp: put the command first, and then its \
             options: {program} {name} --help lists them"
        )),
        Some(word) => Some(too_many(&word, program)),
    }
}

fn too_many(argument: &str, program: &str) -> String {
    format!("\"{argument}\" is one argument too many\nhelp: {program} --help says what it takes")
}

fn unknown_argument(error: &Error, program: &str) -> Option<String> {
    let arg = text(error, ContextKind::InvalidArg)?;
    if !arg.starts_with('-') {
        return Some(too_many(&arg, program));
    }
    let remedy = match text(error, ContextKind::SuggestedArg) {
        Some(option) => format!("did you mean {option}?"),
        None => format!("{program} --help lists the options"),
    };
    Some(format!("there is no option {arg}\nhelp: {remedy}"))
}

fn unknown_command(error: &Error, program: &str) -> Option<String> {
    let name = text(error, ContextKind::InvalidSubcommand)?;
    let remedy = match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(names)) if !names.is_empty() => {
            format!("did you mean {program} {}?", names.join(", or "))
        }
        _ if name.ends_with(".toml") => format!("an experiment is run with {program} run {name}"),
        _ => format!("{program} --help lists the commands"),
    };
    Some(format!("there is no command \"{name}\"\nhelp: {remedy}"))
}

fn missing(error: &Error, program: &str) -> Option<String> {
    let ContextValue::Strings(args) = error.get(ContextKind::InvalidArg)? else {
        return None;
    };
    let args = args.iter().map(|arg| bare(arg)).collect::<Vec<_>>().join(" ");
    Some(format!("{args} is missing\nhelp: say {program} {args}"))
}

/// The program with the name of the command that was given.
fn named(command: &Command, program: &str) -> String {
    let argument = env::args_os().nth(1).unwrap_or_default();
    match command.find_subcommand(&argument) {
        Some(command) => format!("{program} {}", command.get_name()),
        None => program.to_owned(),
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// `--config FILE` of `--config <FILE>`.
fn bare(arg: &str) -> String {
    arg.replace(['<', '>'], "").replace("...", "")
}

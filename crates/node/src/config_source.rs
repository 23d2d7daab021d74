//! Reads config files, and points at what is wrong in them.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config_wording::{Complained, Wording, split_remedy};

/// The longest config file that is read, in bytes. One with ten thousand peers is
/// shorter.
const FILE_BYTES_MAX: u64 = 1 << 24;

/// A config file as it is written, before it is validated.
pub trait ConfigFile: DeserializeOwned {
    /// What such a file is, as `the config of a node`.
    const WHAT: &'static str;
    /// One to learn from.
    const SAMPLE: &'static str;
    /// Keys, each with a value to show how it is written.
    const EXAMPLES: &'static [(&'static str, &'static str)];
}

/// What is wrong with a value that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: the keys and indices that lead to the value, such as
    /// `["peers", "1", "address"]`; empty for the whole file.
    pub key: Vec<String>,
    /// What.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem with the value at `key`, its parts parted by dots.
    #[must_use]
    pub fn at(key: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let key = key.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { key, message: message.into(), remedy: remedy.into() }
    }

    /// The problem with the value at `key` that `message` tells together with its
    /// remedy, as `what: say how`.
    #[must_use]
    pub fn said(key: &str, message: &str) -> Self {
        let (message, remedy) = split_remedy(message);
        Self::at(key, message, remedy.unwrap_or_default())
    }
}

/// A config file that cannot be used. Displayed with the lines that are wrong.
#[derive(Clone, Debug)]
pub struct ConfigError {
    /// None if the message names it.
    path: Option<PathBuf>,
    text: String,
    /// None if it is the whole file.
    span: Option<Range<usize>>,
    message: String,
    remedy: Option<String>,
}

/// Reads the config file at `path` as a `T` and validates it.
///
/// # Errors
/// [`ConfigError`], with the place in the file where there is one.
pub fn load<T: ConfigFile, V>(
    path: &Path,
    validate: impl FnOnce(T) -> Result<V, Problem>,
) -> Result<V, ConfigError> {
    let text = read(path).map_err(|error| unreadable::<T>(path, &error))?;
    let raw = toml::from_str(&text).map_err(|error| not_understood::<T>(path, &text, &error))?;
    validate(raw).map_err(|problem| ConfigError {
        path: Some(path.to_owned()),
        span: locate(&text, &problem.key),
        text,
        message: problem.message,
        remedy: Some(problem.remedy),
    })
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let length = File::open(path)?.take(FILE_BYTES_MAX).read_to_string(&mut text)? as u64;
    match length {
        FILE_BYTES_MAX => Err(io::Error::other(format!("longer than {FILE_BYTES_MAX} bytes"))),
        _ => Ok(text),
    }
}

fn unreadable<T: ConfigFile>(path: &Path, error: &io::Error) -> ConfigError {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::InvalidData => "it is not text".to_owned(),
        _ => error.to_string(),
    };
    ConfigError {
        path: None,
        text: String::new(),
        span: None,
        message: format!("cannot read {}: {why}", path.display()),
        remedy: Some(format!("give {}, a TOML file such as {}", T::WHAT, T::SAMPLE)),
    }
}

fn not_understood<T: ConfigFile>(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let is_toml = DeTable::parse(text).is_ok();
    let span = error.span().filter(|_| !text.trim().is_empty());
    let key = span.as_ref().and_then(|span| key_of(text, span));
    let value = span.clone().and_then(|span| text.get(span)).unwrap_or_default();
    let wording = Wording { key: key.as_deref(), value, examples: T::EXAMPLES };
    let Complained { message, remedy, is_absence } = match is_toml {
        true => wording.of_content(error.message()),
        false => wording.of_syntax(error.message()),
    };
    ConfigError {
        path: Some(path.to_owned()),
        // A key that is missing at the top is missing nowhere in particular.
        span: span.filter(|span| !is_absence || is_of_part(text, span)),
        text: text.to_owned(),
        message,
        remedy,
    }
}

impl ConfigError {
    /// The keys at the top of the file, as far as it can be read.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let (document, _) = DeTable::parse_recoverable(&self.text);
        document.get_ref().keys().map(|key| key.get_ref().to_string()).collect()
    }

    /// The error that this whole file is another than was asked for.
    #[must_use]
    pub fn misplaced(self, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), remedy: Some(remedy.into()), ..self }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, &self.span) {
            (Some(path), Some(span)) => f.write_str(&self.snippet(path, span.clone()))?,
            (Some(path), None) => write!(f, "{}\n --> {}", self.message, path.display())?,
            (None, _) => f.write_str(&self.message)?,
        }
        match &self.remedy {
            Some(remedy) => write!(f, "\nhelp: {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    /// The message above the lines that are wrong.
    fn snippet(&self, path: &Path, span: Range<usize>) -> String {
        let lines = Snippet::source(&*self.text)
            .path(path.to_string_lossy())
            .annotation(AnnotationKind::Primary.span(span));
        let error = Level::ERROR.primary_title(&*self.message).element(lines);
        let rendered = Renderer::plain().render(&[error]);
        rendered.strip_prefix("error: ").unwrap_or(&rendered).to_owned()
    }
}

/// Where in `text` the value at `key` stands; of a key that is not there, where
/// its nearest parent does.
fn locate(text: &str, key: &[String]) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let (first, rest) = key.split_first()?;
    let mut value = document.get_ref().get(&**first)?;
    for part in rest {
        match child(value, part) {
            Some(child) => value = child,
            None => break,
        }
    }
    Some(value.span())
}

fn child<'a, 'text>(
    value: &'a Spanned<DeValue<'text>>,
    part: &str,
) -> Option<&'a Spanned<DeValue<'text>>> {
    match value.get_ref() {
        DeValue::Table(table) => table.get(part),
        DeValue::Array(array) => array.get(part.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Whether `span` is that of a table within the file, or of an item of a list.
fn is_of_part(text: &str, span: &Range<usize>) -> bool {
    DeTable::parse(text).is_ok_and(|document| {
        let lists = document.get_ref().values().filter_map(|value| value.get_ref().as_array());
        let mut parts = document.get_ref().values().chain(lists.flat_map(|list| list.iter()));
        parts.any(|part| part.span() == *span)
    })
}

/// The innermost key whose value `span` lies in.
fn key_of(text: &str, span: &Range<usize>) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    key_in_table(document.get_ref(), span)
}

fn key_in_table(table: &DeTable<'_>, span: &Range<usize>) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        key_in_value(value, span).or_else(|| holds(value, span).then(|| key.get_ref().to_string()))
    })
}

/// What is written as `[[key]]` lies outside the span of its array: so every item
/// is looked into.
fn key_in_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<String> {
    match value.get_ref() {
        DeValue::Table(table) => key_in_table(table, span),
        DeValue::Array(array) => array.iter().find_map(|item| key_in_value(item, span)),
        _ => None,
    }
}

fn holds(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    value.span().start <= span.start && span.end <= value.span().end
}

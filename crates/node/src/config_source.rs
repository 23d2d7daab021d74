//! Reads config files, and points at what is wrong in them.

use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
}

/// A config file that cannot be used. Displayed with the lines that are wrong.
#[derive(Clone, Debug)]
pub struct ConfigError {
    path: PathBuf,
    text: String,
    span: Option<Range<usize>>,
    message: String,
    remedy: Option<String>,
}

/// Reads the config file at `path` as a `T` and validates it.
///
/// # Errors
/// [`ConfigError`], with the place in the file where there is one.
pub fn load<T, V>(
    path: &Path,
    validate: impl FnOnce(T) -> Result<V, Problem>,
) -> Result<V, ConfigError>
where
    T: DeserializeOwned,
{
    let text = fs::read_to_string(path).map_err(|error| ConfigError {
        path: path.to_owned(),
        text: String::new(),
        span: None,
        message: format!("cannot read {}: {error}", path.display()),
        remedy: None,
    })?;
    let raw = toml::from_str(&text).map_err(|error: toml::de::Error| ConfigError {
        path: path.to_owned(),
        text: text.clone(),
        span: error.span(),
        message: error.message().to_owned(),
        remedy: None,
    })?;
    validate(raw).map_err(|problem| ConfigError {
        path: path.to_owned(),
        span: locate(&text, &problem.key),
        text,
        message: problem.message,
        remedy: Some(problem.remedy),
    })
}

impl ConfigError {
    /// The same error with a remedy, unless it has one.
    #[must_use]
    pub fn or_remedy(mut self, remedy: &str) -> Self {
        self.remedy.get_or_insert_with(|| remedy.to_owned());
        self
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display().to_string();
        let mut group =
            Level::ERROR.primary_title(&*self.message).elements(self.span.clone().map(|span| {
                Snippet::source(&*self.text)
                    .path(&*path)
                    .annotation(AnnotationKind::Primary.span(span))
            }));
        if let Some(remedy) = &self.remedy {
            group = group.element(Level::HELP.message(&**remedy));
        }
        let rendered = Renderer::plain().render(&[group]);
        f.write_str(rendered.strip_prefix("error: ").unwrap_or(&rendered))
    }
}

impl std::error::Error for ConfigError {}

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

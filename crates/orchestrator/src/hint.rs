//! Hints: commands that work as typed.

use std::path::Path;

/// How whoever reads a hint starts this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(String);

impl Program {
    /// The program as it was started: by cargo, or by its name.
    #[must_use]
    pub fn as_started() -> Self {
        match std::env::var_os("CARGO") {
            Some(_) => Self::under_cargo(),
            None => Self(quoted(std::env::args().next().unwrap_or_else(|| "offbeat".to_owned()))),
        }
    }

    /// The program as `cargo run` starts it.
    #[must_use]
    pub fn under_cargo() -> Self {
        Self("cargo run --release --".to_owned())
    }

    /// The program with these arguments.
    pub(crate) fn on(&self, arguments: &str) -> String {
        format!("{} {arguments}", self.0)
    }

    /// The command as it was typed, but in virtual time, with this option for the seed or
    /// the seeds, and with nothing kept.
    #[must_use]
    pub fn virtually(&self, seed: &str) -> String {
        self.virtually_as(std::env::args().skip(1), seed)
    }

    /// As [`virtually`](Self::virtually), of these words.
    #[must_use]
    pub fn virtually_as(&self, typed: impl Iterator<Item = String>, seed: &str) -> String {
        let mut words = vec![self.0.clone(), "simulate".to_owned()];
        let mut typed = typed.peekable();
        typed.next_if(|word| word == "run" || word == "simulate");
        while let Some(word) = typed.next() {
            match word.split('=').next().unwrap_or_default() {
                "--json" => {}
                // These have no meaning there, or another one; their values go with them.
                name @ ("--seeds" | "--seed" | "--out" | "--host" | "--ports") => {
                    let takes_more = |next: &String| word == name && !next.starts_with('-');
                    typed.next_if(takes_more);
                    while name == "--ports" && typed.next_if(takes_more).is_some() {}
                }
                _ => words.push(quoted(word)),
            }
        }
        // What follows this is no option.
        let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
        words.insert(end, seed.to_owned());
        words.join(" ")
    }

    /// The command as it was typed, with this folder for its results.
    pub(crate) fn typed_with_out(&self, out: &Path) -> String {
        self.with_out(std::env::args().skip(1), out)
    }

    fn with_out(&self, typed: impl Iterator<Item = String>, out: &Path) -> String {
        let mut words = vec![self.0.clone()];
        let mut typed = typed.peekable();
        while let Some(word) = typed.next() {
            match word.as_str() {
                "--out" => drop(typed.next()),
                _ if word.starts_with("--out=") => {}
                _ => words.push(quoted(word)),
            }
        }
        words.push(format!("--out {}", quoted(out.display().to_string())));
        words.join(" ")
    }

    /// The program alone.
    pub(crate) fn name(&self) -> &str {
        &self.0
    }

    /// The command `name` on `folder`; on the latest run if none is given.
    pub(crate) fn on_folder(&self, name: &str, folder: Option<&Path>) -> String {
        match folder {
            Some(folder) => {
                format!("{} {name} {}", self.0, quoted(folder.display().to_string()))
            }
            None => format!("{} {name}", self.0),
        }
    }
}

/// A word as a shell takes it for one.
pub(crate) fn quoted(word: String) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=+,./:@%".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word,
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_results_takes_the_place_of_another() {
        let check = |typed: &str| {
            let words = typed.split(' ').map(str::to_owned);
            let command = Program::under_cargo().with_out(words, Path::new("a b"));
            assert_eq!(command, "cargo run --release -- study pacing --seeds 2 --out 'a b'");
        };
        check("study pacing --seeds 2");
        check("study pacing --out runs/x --seeds 2");
        check("study --out=runs/x pacing --seeds 2");
    }
}

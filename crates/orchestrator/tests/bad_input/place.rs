//! Tries commands in a folder of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// How long it may take until a person knows what is wrong.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a command may run that should have been refused.
const ENDURANCE: Duration = Duration::from_secs(10);

/// How often a command is tried that was slow: the computer may be busy.
const TRIES_MAX: u32 = 5;

/// A folder to try commands in.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A place with one file in it.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let place = Self::new();
        place.write(name, content);
        place
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command with `arguments`, of which those of the form `OFFBEAT_X=y` before
    /// the others are its environment.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OFFBEAT_")) {
            command.env_remove(name);
        }
        command.current_dir(&self.folder).env_remove("CARGO").stdin(Stdio::null());
        // Nodes say what goes wrong as an error, not only as diagnostics.
        command.env("OFFBEAT_DIAGNOSTICS", "off");
        let (variables, arguments) = parted(arguments);
        command.envs(variables.iter().map(|word| word.split_once('=').unwrap())).args(arguments);
        command
    }

    /// What the command says that refuses these arguments, and its exit code. It
    /// says it once, within a second, prints no results, and changes no file.
    pub(crate) fn refusal(&self, arguments: &str) -> String {
        let before = self.files();
        let output = self.output_in_time(arguments);
        assert_eq!(self.files(), before, "{arguments} changed files");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments}");
        self.told(arguments, &output)
    }

    /// What a command that fails said, as a person at this place reads it.
    pub(crate) fn told(&self, arguments: &str, output: &Output) -> String {
        let stderr = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(stderr.matches("error:").count(), 1, "{arguments}: {stderr}");
        assert!(stderr.starts_with("error:"), "{arguments}: {stderr}");
        let code = output.status.code().unwrap();
        let (variables, arguments) = parted(arguments);
        let words = [&variables[..], &["offbeat"], &arguments].concat().join(" ");
        self.redacted(&format!("$ {words}\n{stderr}[{code}]\n"))
    }

    /// Runs the command, and again if it was slow.
    pub(crate) fn output_in_time(&self, arguments: &str) -> Output {
        for _ in 0..TRIES_MAX {
            let began = Instant::now();
            let output = output(self.command(arguments));
            if began.elapsed() < PATIENCE {
                return output;
            }
        }
        panic!("{arguments} takes longer than {PATIENCE:?}");
    }

    /// What is the same wherever and whenever the tests run.
    fn redacted(&self, text: &str) -> String {
        let here = self.folder.path().to_str().unwrap();
        let mut text = text.replace(env!("CARGO_BIN_EXE_offbeat"), "offbeat").replace(here, "HERE");
        while let Some(begin) = text.find(" (os error ") {
            let length = text[begin..].find(')').unwrap();
            text.replace_range(begin..=begin + length, "");
        }
        text
    }

    /// All files and folders but diagnostics, and what is in them.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut files = BTreeMap::new();
        gather(self.folder.path(), &mut files);
        files
    }
}

/// Variables of the environment, and the arguments after them.
fn parted(words: &str) -> (Vec<&str>, Vec<&str>) {
    let mut words = words.split_whitespace().peekable();
    let is_variable = |word: &&str| !word.starts_with('-') && word.contains('=');
    let variables = std::iter::from_fn(|| words.next_if(is_variable)).collect();
    (variables, words.collect())
}

/// Runs a command to its end, which it is brought to if it goes on and on.
fn output(mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = Pid::from_raw(child.id() as i32);
    let (ended, end) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        if end.recv_timeout(ENDURANCE) == Err(RecvTimeoutError::Timeout) {
            kill(pid, Signal::SIGKILL).unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    drop(ended);
    watchdog.join().unwrap();
    output
}

fn gather(folder: &Path, files: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
            files.insert(path, None);
        } else if !path.to_string_lossy().ends_with(".diag.log") {
            let content = fs::read(&path).unwrap();
            files.insert(path, Some(content));
        }
    }
}

/// What each of these commands says that are refused in an empty folder.
pub(crate) fn refusals(commands: &[&str]) -> String {
    let place = Place::new();
    commands.iter().map(|arguments| place.refusal(arguments)).collect::<Vec<_>>().join("\n")
}

/// What the command says of each of these contents of the file that it is given.
pub(crate) fn refusals_of(command: &str, name: &str, contents: &[String]) -> String {
    let told = contents.iter().map(|content| {
        let told = Place::with(name, content).refusal(&format!("{command} {name}"));
        told.split_once('\n').unwrap().1.to_owned()
    });
    told.collect::<Vec<_>>().join("\n")
}

/// What `run` says of each of these experiments.
pub(crate) fn refusals_of_experiments(lines: &[&str]) -> String {
    let files: Vec<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    refusals_of("run", "e.toml", &files)
}

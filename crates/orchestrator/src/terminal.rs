//! All that the command prints goes through here: results to stdout, progress and
//! complaints to stderr, colours only to a terminal.

use std::io::{self, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use node::Exit;

/// For what is less important.
pub(crate) const DIM: Style = Style::new().dimmed();

/// For a verdict that holds.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();

/// For errors, and a verdict that does not hold.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// For what cannot be told, and what stands out.
pub(crate) const NOTABLE: Style = AnsiColor::Yellow.on_default().bold();

/// `text` in `style`.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// `text` with what stands before its first colon in `style`.
pub(crate) fn paint_lead(style: Style, text: &str) -> String {
    match text.split_once(':') {
        Some((words, rest)) => format!("{}:{rest}", paint(style, words)),
        None => text.to_owned(),
    }
}

/// Prints results.
///
/// A reader that has seen enough, such as `head`, closes the pipe: that ends the
/// command quietly.
pub(crate) fn result(text: &str) {
    if let Err(error) = writeln!(anstream::stdout(), "{text}") {
        let exit = match error.kind() {
            io::ErrorKind::BrokenPipe => Exit::Done,
            _ => Exit::Failed,
        };
        std::process::exit(exit as i32);
    }
}

/// Prints what an answer is typed behind.
pub(crate) fn prompt(text: &str) {
    let mut out = anstream::stdout();
    // If nobody can read it, nobody will answer either.
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Prints progress. If nobody can read it, so be it.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Prints an error, and what to do about it.
pub(crate) fn complain(message: &str) {
    let message = message.replace("\nhelp:", &format!("\n{}", paint(NOTABLE, "help:")));
    progress(&format!("{} {message}", paint(BAD, "error:")));
}

/// The lines of a live view, drawn over themselves.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    drawn: usize,
}

impl Canvas {
    /// How many columns there are; none if stderr is no terminal.
    pub(crate) fn width() -> Option<usize> {
        let stderr = io::stderr();
        let width = terminal_size::terminal_size_of(&stderr).map(|(width, _)| width.0.into());
        stderr.is_terminal().then_some(width.unwrap_or(80))
    }

    /// Draws `lines`, none of them wider than the terminal, over what was drawn
    /// before.
    pub(crate) fn draw(&mut self, lines: &[String]) {
        let mut text = String::new();
        if self.drawn > 0 {
            text.push_str(&format!("\x1b[{}A\r\x1b[J", self.drawn));
        }
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        let mut stderr = anstream::stderr();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
        self.drawn = lines.len();
    }
}

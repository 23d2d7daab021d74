//! `offbeat quiz`: asks about a run, and explains.

use std::io::{self, BufRead as _};
use std::path::PathBuf;

use clap::Args;
use journal::Folder;
use node::Exit;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};
use report::{Answer, History, Question};

use crate::complaint::Complaint;
use crate::conclusion::fill;
use crate::terminal::{self, BAD, DIM, GOOD, paint};

#[derive(Debug, Args)]
pub(crate) struct QuizArgs {
    /// The folder with the logs of a run
    #[arg(value_name = "DIR", default_value = "runs/latest")]
    folder: PathBuf,

    /// How many questions
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..))]
    questions: u16,

    /// Chooses the questions: the same seed asks the same [default: others each time]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
}

pub(crate) fn run(args: &QuizArgs) -> Result<Exit, Complaint> {
    let folder = Folder::open(&args.folder)?;
    let (history, errors) = History::read(&folder);
    let seed = match args.seed {
        Some(seed) => seed,
        None => {
            machine::draw::entropy_seed().map_err(|error| Complaint::failed(error.to_string()))?
        }
    };
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let questions = history.quiz(args.questions.into(), |count| chance.random_range(0..count));
    if questions.is_empty() {
        return Err(Complaint::usage(format!("{} has no events", args.folder.display()))
            .remedy("name the folder of a run whose machines have ticked"));
    }
    if let Some(error) = errors.first() {
        terminal::complain(&format!("{error}\nWhat comes after that is not asked about."));
    }
    let score = ask_all(&questions)?;
    terminal::result(&score.to_string());
    Ok(if errors.is_empty() { Exit::Done } else { Exit::LogRefused })
}

/// What came of the questions.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    right: usize,
    asked: usize,
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.right, self.asked) {
            (_, 0) => f.write_str("Nothing was answered."),
            (right, asked) if right == asked => write!(f, "All {asked} right."),
            (right, asked) => write!(f, "{right} of {asked} right."),
        }
    }
}

/// Asks until all is answered, or nobody answers any more.
fn ask_all(questions: &[Question]) -> Result<Score, Complaint> {
    let mut score = Score::default();
    for (index, question) in questions.iter().enumerate() {
        terminal::result(&fill(&format!("{}/{}  {}", index + 1, questions.len(), question.ask)));
        let Some(answer) = answer(question)? else { break };
        score.asked += 1;
        let judged = match answer == question.answer {
            true => {
                score.right += 1;
                paint(GOOD, "Right.")
            }
            false => format!("{} It is {}.", paint(BAD, "No."), question.answer),
        };
        terminal::result(&format!("{judged}\n{}\n", paint(DIM, &fill(&question.why))));
    }
    Ok(score)
}

/// What is answered; none if nothing more will be.
fn answer(question: &Question) -> Result<Option<Answer>, Complaint> {
    loop {
        terminal::prompt("> ");
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        let bytes = read.map_err(|error| Complaint::failed(format!("cannot read: {error}")))?;
        if bytes == 0 {
            // Who answers by hand ends the line of the prompt; the end of a file does not.
            terminal::result("");
            return Ok(None);
        }
        if matches!(line.trim(), "q" | "quit") {
            return Ok(None);
        }
        match question.answer.parse(&line) {
            Ok(answer) => return Ok(Some(answer)),
            Err(help) => terminal::result(help),
        }
    }
}

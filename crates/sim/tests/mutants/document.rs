//! docs/mutants.md, whose tables are made of these.

use std::fs;
use std::path::Path;

use crate::mutant::Mutant;
use crate::table;
use crate::workshop::workspace;

/// What catches mutants beside the rules of the judge, by name.
pub(crate) const CHECKS: [(&str, &str); 22] = [
    ("refusal", "a process of a simulated run refuses to go on"),
    ("replay", "the log of a simulated run does not come out of the machine code again"),
    ("arrived", "when a run has healed, nothing is under way at its end"),
    ("on time", "in virtual time every slot runs in the moment it is due, and none is left out"),
    ("lateness", "a slot may be half a period late, and 50 ms in any case"),
    ("missed", "what is due by the stop and did not run is missed"),
    ("write-ahead", "before the commit nothing that follows from a step leaves the machine"),
    ("committed", "after it, all of it may"),
    ("connection", "without a connection nothing is sent"),
    ("kept", "a message is kept until it is logged, and in flight until it has arrived"),
    ("arrival", "a reconnect leaves alone what has arrived"),
    ("gap", "a gap is refused and changes nothing"),
    ("resume", "transmission resumes with the first message that has not arrived"),
    ("foreign log", "a peer with messages that this log never sent is found out"),
    ("acknowledgement", "what was not sent cannot be acknowledged"),
    ("stale", "an earlier incarnation is refused, the same one is not"),
    ("overflow", "a clock that cannot advance says so and does not move"),
    ("stamp", "a stamp further ahead than an honest clock gets is refused"),
    ("saturation", "a sender stops at its bound, and never for an earlier incarnation"),
    ("rates", "a seed gives the rates that it always has"),
    ("torn", "a log torn at any byte gives back the machine without its last line"),
    ("file", "a file holds what was committed, once, and nothing torn"),
];

/// What stands around the tables in the document.
const BEGIN: &str = "<!-- Made from crates/sim/tests/mutants: begin -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn the_document_shows_the_table() {
    let path = workspace().join("docs/mutants.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}\n{}\n{END}{after}", tables());
    if document != expected {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants.md");
        fs::write(&made, expected).unwrap();
        panic!("docs/mutants.md does not show the table; {} does", made.display());
    }
}

fn tables() -> String {
    let count = table::all().count();
    let mutants: String = table::all().map(|mutant| row(&mutant)).collect();
    let used = CHECKS.iter().filter(|(name, _)| table::all().any(|it| it.caught_by == *name));
    let checks: String = used.map(|(name, says)| format!("| {name} | {says} |\n")).collect();
    format!(
        "## The {count} mutants\n\n| broken | in | caught by | why it matters |\n|--|--|--|--|\n\
         {mutants}\n## The checks\n\n| check | what it says |\n|--|--|\n{checks}"
    )
}

fn row(mutant: &Mutant) -> String {
    let by = match mutant.caught_by.strip_prefix("panic: ") {
        Some(message) => format!("assertion: *{message}*"),
        None => mutant.caught_by.to_owned(),
    };
    let file = mutant.file.replace("/src/", "/");
    format!("| {} | `{file}` | {by} | {} |\n", mutant.name, mutant.why)
}

//! The table in README.md of the examples: a row for each corruption.

use std::fs;

use check::Rule;

use crate::corruption::{Corruption, all};
use crate::run::folder;

/// How a row begins, and nothing else in the document.
const ROW: &str = "| [";

fn row(corruption: &Corruption) -> String {
    let &Corruption { name, what, finds, .. } = corruption;
    let (first, others) = finds.split_first().unwrap();
    let others: Vec<&str> = others.iter().map(|rule| rule.id()).collect();
    let first = if *first == Rule::L3 { "cannot tell (L3)" } else { first.id() };
    format!("{ROW}{name}]({name}/verdict.txt) | {what} | {first} | {} |", others.join(" "))
}

fn read() -> String {
    fs::read_to_string(folder("README.md")).unwrap()
}

/// Writes the rows anew, where they stand.
pub(crate) fn bless() {
    let text = read();
    let (before, rest) = text.split_at(text.find(ROW).unwrap());
    let is_row = |line: &&str| line.starts_with(ROW);
    let after: String = rest.split_inclusive('\n').skip_while(is_row).collect();
    let rows: String = all().map(|corruption| row(corruption) + "\n").collect();
    fs::write(folder("README.md"), format!("{before}{rows}{after}")).unwrap();
}

#[test]
fn the_table_lists_these_folders() {
    crate::bless();
    let text = read();
    let listed: Vec<&str> = text.lines().filter(|line| line.starts_with(ROW)).collect();
    let expected: Vec<String> = all().map(row).collect();
    assert_eq!(listed, expected);
}

#[test]
fn there_is_no_other_folder() {
    crate::bless();
    let entries = fs::read_dir(folder("")).unwrap().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = folders.map(|it| it.file_name().into_string().unwrap()).collect();
    names.retain(|name| !crate::GOOD_RUNS.contains(&name.as_str()));
    names.sort();
    assert_eq!(names, all().map(|corruption| corruption.name).collect::<Vec<_>>());
}

//! The bounds of a node as docs/wire-protocol.md gives them, held against the code.

use std::collections::BTreeMap;
use std::fs;

use crate::commands::root;

/// The crates whose bounds the document gives.
const CRATES: [&str; 3] = ["machine", "node", "wire"];

/// Files of theirs whose numbers bound no queue, wait or retry.
const OTHERS: [&str; 9] = [
    "machine/src/draw.rs",
    "machine/src/slots.rs",
    "node/src/config_check.rs",
    "node/src/config_source.rs",
    "node/src/config_wording.rs",
    "node/src/healthcheck.rs",
    "node/src/naming.rs",
    "node/src/played.rs",
    "wire/src/frame.rs",
];

/// The files of these crates, below `crates/`, but for tests.
fn files() -> Vec<String> {
    let crates = root().join("crates");
    let is_source = |file: &String| file.ends_with(".rs") && !file.ends_with("/tests.rs");
    let mut folders: Vec<_> = CRATES.iter().map(|it| format!("{it}/src")).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(crates.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.retain(|file| is_source(file) && !OTHERS.contains(&file.as_str()));
    files
}

/// File and name of each constant that is a number or a time, and its value as the
/// document writes it.
fn constants(file: &str) -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(root().join("crates").join(file)).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once("const "));
    let constants = lines.filter_map(|(_, rest)| {
        let (name, rest) = rest.split_once(": ")?;
        let (kind, value) = rest.strip_suffix(';')?.split_once(" = ")?;
        let value = match kind {
            "Duration" => time(value),
            // What follows from a type is no choice.
            "usize" if value.starts_with("size_of") => return None,
            "usize" | "u32" | "u64" => number(value),
            _ => return None,
        };
        Some(((file.to_owned(), name.to_owned()), value))
    });
    constants.collect()
}

fn time(value: &str) -> String {
    let (unit, rest) = match value.strip_prefix("Duration::from_millis(") {
        Some(rest) => ("ms", rest),
        None => ("s", value.strip_prefix("Duration::from_secs(").unwrap()),
    };
    format!("{} {unit}", rest.strip_suffix(')').unwrap())
}

fn number(value: &str) -> String {
    match value.split_once("1 << ") {
        Some((_, power)) => format!("2^{power}"),
        None => value.to_owned(),
    }
}

/// A row of the table in the document.
struct Row {
    /// File and name of the constant.
    constant: (String, String),
    value: String,
    /// File and name of each test at the bound.
    tests: Vec<(String, String)>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/wire-protocol.md")).unwrap();
    let (_, section) = text.split_once("\n## Bounds\n").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    rows.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [_, value, place, consequence, tests] = cells[..] else { panic!("{line}") };
    assert!(!consequence.is_empty(), "{line}");
    let [constant] = &places(place)[..] else { panic!("{line}") };
    Row { constant: constant.clone(), value: value.to_owned(), tests: places(tests) }
}

/// The names in a cell, each with the file that was named last before it.
fn places(cell: &str) -> Vec<(String, String)> {
    let mut file = "";
    let words = cell.split('`').skip(1).step_by(2);
    let places = words.filter_map(|word| match word.ends_with(".rs") {
        true => {
            file = word;
            None
        }
        false => Some((file.to_owned(), word.to_owned())),
    });
    places.collect()
}

#[test]
fn the_document_gives_every_bound_as_it_is() {
    let documented: BTreeMap<_, _> =
        rows().into_iter().map(|row| (row.constant, row.value)).collect();
    let actual: BTreeMap<_, _> = files().iter().flat_map(|file| constants(file)).collect();
    assert_eq!(documented, actual);
}

#[test]
fn the_tests_that_the_document_names_are_there() {
    for Row { constant, tests, .. } in rows() {
        assert!(!tests.is_empty(), "nothing tests {constant:?}");
        for (file, name) in tests {
            let text = fs::read_to_string(root().join("crates").join(&file)).unwrap_or_default();
            assert!(is_test(&text, &name), "{constant:?}: no test {name} in {file}");
        }
    }
}

fn is_test(text: &str, name: &str) -> bool {
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else { return false };
    let attribute = before.rsplit('\n').nth(1).unwrap_or_default().trim();
    attribute == "#[test]" || attribute.starts_with("#[tokio::test")
}

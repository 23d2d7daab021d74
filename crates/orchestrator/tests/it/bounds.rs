//! The bounds of a node as docs/wire-protocol.md gives them, held against the code.

use std::collections::BTreeMap;
use std::fs;

use crate::commands::root;

/// The files whose bounds the document gives, below `crates/`.
const FILES: [&str; 10] = [
    "machine/src/link.rs",
    "machine/src/model.rs",
    "node/src/connection.rs",
    "node/src/dial.rs",
    "node/src/input.rs",
    "node/src/line_limit.rs",
    "node/src/listen.rs",
    "node/src/owner.rs",
    "node/src/transport.rs",
    "wire/src/codec.rs",
];

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

/// The same, as the table in the document says.
fn documented() -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(root().join("docs/wire-protocol.md")).unwrap();
    let (_, section) = text.split_once("\n## Bounds\n").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    let rows = rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, bound, place, consequence] = cells[..] else { panic!("{row}") };
        assert!(!consequence.is_empty(), "{row}");
        let names: Vec<_> = place.split('`').filter(|part| !part.trim().is_empty()).collect();
        let [file, name] = names[..] else { panic!("{row}") };
        ((file.to_owned(), name.to_owned()), bound.to_owned())
    });
    rows.collect()
}

#[test]
fn the_document_gives_every_bound_as_it_is() {
    let documented = documented();
    let actual: BTreeMap<_, _> = FILES.into_iter().flat_map(constants).collect();
    assert_eq!(documented, actual);
}

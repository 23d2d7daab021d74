//! Who may import whom: the picture that ARCHITECTURE.md draws, held to.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate of ours imports of ours, no more and no less.
const IMPORTS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("shelf", &[]),
    ("machine", &["clock", "shelf"]),
    ("wire", &["machine"]),
    ("journal", &["machine"]),
    ("check", &["journal"]),
    ("node", &["journal", "machine", "wire"]),
    ("sim", &["journal", "machine", "shelf"]),
    ("report", &["clock", "journal", "shelf"]),
    ("stream", &["check", "journal", "machine", "report", "shelf", "sim"]),
    ("orchestrator", &["check", "journal", "machine", "node", "report", "sim", "stream", "wire"]),
    ("bench", &["check", "journal", "machine", "orchestrator", "report", "sim", "stream"]),
];

/// The crates that may know tokio.
const WITH_TOKIO: &[&str] = &["node", "orchestrator"];

/// The crates that may know protobuf: one, and what is measured beside it.
const WITH_PROTOBUF: &[&str] = &["bench", "wire"];

#[test]
fn crates_import_what_the_architecture_says() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let names: BTreeSet<_> =
        metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let imports: BTreeMap<_, BTreeSet<_>> = metadata
        .packages
        .iter()
        .map(|package| {
            let dependencies = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind == DependencyKind::Normal)
                .map(|dependency| dependency.name.as_str());
            (package.name.as_str(), dependencies.collect())
        })
        .collect();

    let of_ours: BTreeMap<_, Vec<_>> = imports
        .iter()
        .map(|(name, all)| (*name, all.intersection(&names).copied().collect()))
        .collect();
    let expected: BTreeMap<_, Vec<_>> =
        IMPORTS.iter().map(|(name, all)| (*name, all.to_vec())).collect();
    assert_eq!(of_ours, expected);

    let with = |dependency: &str| -> Vec<&str> {
        let imports = imports.iter().filter(|(_, all)| all.contains(dependency));
        imports.map(|(name, _)| *name).collect()
    };
    assert_eq!(with("tokio"), WITH_TOKIO);
    assert_eq!(with("prost"), WITH_PROTOBUF);
}

#[test]
fn the_pure_crates_forbid_clocks_and_hash_maps() {
    for name in ["machine", "sim"] {
        let path = format!("{}/../{name}/clippy.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        for forbidden in ["Instant::now", "SystemTime::now", "HashMap", "HashSet"] {
            assert!(text.contains(forbidden), "{name}/clippy.toml: {forbidden}");
        }
    }
}

//! The JSON schemas of the config files, held against what is really read.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;
use tempfile::TempDir;

use crate::configs::{config_folder, files, is_node};
use crate::offbeat::{run_in, stderr};

const NODE: &str = r#"
    run = "a"
    machine = 1
    machines = 2
    topology = "ring"
    rate = 1.5
    draw_max = 5
    seed = 7
    phase = "aligned"
    pacing = "burst"
    stamp = "before"
    duration = "5s"
    listen = "127.0.0.1:5555"
    log = "a.jsonl"
    sync = "always"
    plain = false
    tls = { authority = "certs/machine-1/authority.pem", certificate = "certs/machine-1/certificate.pem", key = "certs/machine-1/key.pem" }
    peers = [{ machine = 2, address = "127.0.0.1:6666" }]
"#;

const EXPERIMENT: &str = r#"
    duration = "5s"
    seed = 7
    machines = 3
    rates = [1, 2.5, 6]
    draw_max = 5
    topology = "ring"
    pacing = "burst"
    phase = "aligned"
    stamp = "before"
    host = "localhost"
    ports = "auto"
    latency = ["uniform:1ms..20ms", "2>3=exp:10ms"]
    loss = 0.05
    duplicate = ["2-3=0.01"]
    cut = "2-3@1s..2s"
    crash = ["1@1s..2s", "torn:all@3s.."]
    pause = "3@2s..2500ms"
    torn = true
    faults = "random"
    name = "a"
    run = "a-00000000"
"#;

const STUDY: &str = r#"
    title = "A"
    question = "Is it?"
    seeds = "1..2"
    live = "2"
    answers = { closer_rates = "b", fewer_internal = "c" }
    settings = [{ name = "a" }, { name = "b", rates = "4..=6" }, { name = "c", draw_max = 5 }]
"#;

const ALL: [(&str, &str); 3] = [("node", NODE), ("experiment", EXPERIMENT), ("study", STUDY)];

fn schema(name: &str) -> Value {
    let path = config_folder().join(format!("schema/{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn validator(name: &str) -> Validator {
    jsonschema::validator_for(&schema(name)).unwrap()
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Value>(text).unwrap()).unwrap()
}

/// Whether the command takes `text` for a good config.
fn is_taken(name: &str, text: &str) -> Result<(), String> {
    let temp = TempDir::new().unwrap();
    fs::write(temp.path().join("config.toml"), text).unwrap();
    // The certificates that the config of a node speaks of.
    symlink(certificates(), temp.path().join("certs")).unwrap();
    let args = match name {
        "node" => "node --config config.toml --check-config",
        // A moment in virtual time, whatever it says.
        "study" => "study config.toml --virtual --seeds 1 --duration 1s",
        _ => "simulate config.toml --check-config",
    };
    let output = run_in(temp.path(), args);
    if output.status.success() { Ok(()) } else { Err(stderr(&output)) }
}

/// Certificates for three machines, minted once.
fn certificates() -> &'static Path {
    static MINTED: OnceLock<TempDir> = OnceLock::new();
    let minted = MINTED.get_or_init(|| {
        let temp = TempDir::new().unwrap();
        assert!(run_in(temp.path(), "certs --out .").status.success());
        temp
    });
    minted.path()
}

fn without(text: &str, key: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().starts_with(&format!("{key} =")));
    lines.collect::<Vec<_>>().join("\n")
}

fn with(text: &str, key: &str, value: &str) -> String {
    format!("{}\n{key} = {value}\n", without(text, key))
}

#[test]
fn every_config_fits_its_schema() {
    let mut all: Vec<PathBuf> = files(&config_folder());
    all.extend(files(&config_folder().join("compose")));
    all.extend(files(&config_folder().join("studies")));
    assert!(all.len() >= 20, "{all:?}");
    for path in all {
        let name = match path.parent().and_then(Path::file_name) {
            Some(folder) if folder == "studies" => "study",
            _ if is_node(&path) => "node",
            _ => "experiment",
        };
        let text = fs::read_to_string(&path).unwrap();
        validator(name)
            .validate(&as_json(&text))
            .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_names_its_schema(&path, &text, name);
    }
}

/// Editors look for the schema where the first line says.
fn assert_names_its_schema(path: &Path, text: &str, name: &str) {
    let named = text.lines().next().unwrap().strip_prefix("#:schema ").unwrap();
    let named = path.parent().unwrap().join(named).canonicalize().unwrap();
    assert!(named.ends_with(format!("config/schema/{name}.schema.json")), "{path:?}");
}

#[test]
fn schemas_have_the_keys_that_are_read() {
    for (name, text) in ALL {
        assert_eq!(is_taken(name, text), Ok(()));
        assert!(validator(name).is_valid(&as_json(text)), "{name}");
        let written: BTreeSet<String> =
            as_json(text).as_object().unwrap().keys().cloned().collect();
        let described: BTreeSet<String> =
            schema(name)["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(written, described, "{name}");
        // The error of an unknown key names all that are known.
        let error = is_taken(name, &with(text, "zzz", "1")).unwrap_err();
        let (_, known) =
            error.split_once("help: the keys are ").unwrap_or_else(|| panic!("{error}"));
        let known: BTreeSet<String> = known.trim().split(", ").map(str::to_owned).collect();
        assert_eq!(known, described, "{error}");
    }
}

#[test]
fn schemas_require_what_is_required() {
    for (name, text) in ALL {
        for key in as_json(text).as_object().unwrap().keys() {
            let rest = without(text, key);
            let fits = validator(name).is_valid(&as_json(&rest));
            assert_eq!(is_taken(name, &rest).is_ok(), fits, "{name} without {key}");
        }
    }
}

/// Editors follow no reference from one schema to another.
#[test]
fn a_setting_of_a_study_is_an_experiment() {
    let mut experiment = schema("experiment");
    experiment.as_object_mut().unwrap().remove("$schema");
    assert_eq!(schema("study")["$defs"]["experiment"], experiment);
}

#[test]
fn schemas_refuse_what_is_refused() {
    let both = [
        ("draw_max", "0"),
        ("seed", "-1"),
        ("topology", "\"star\""),
        ("pacing", "\"slow\""),
        ("phase", "0"),
        ("stamp", "\"during\""),
        ("machines", "1"),
        ("duration", "60"),
        ("run", "\"a b\""),
    ];
    let nodes = [
        ("rate", "0"),
        ("rate", "-1"),
        ("rate", "\"fast\""),
        ("rate", "1e7"),
        ("machine", "0"),
        ("listen", "\"localhost\""),
        ("sync", "\"sometimes\""),
        ("peers", "[{ machine = 2 }]"),
        ("plain", "1"),
        ("plain", "true"),
        ("tls", "true"),
        (
            "tls",
            "{ authority = \"certs/machine-1/authority.pem\", key = \"certs/machine-1/key.pem\" }",
        ),
    ];
    let experiments = [
        ("rates", "[]"),
        ("rates", "[0]"),
        ("ports", "\"any\""),
        ("ports", "[0, 1, 2]"),
        ("name", "\"\""),
        ("latency", "5"),
        ("latency", "\"soon\""),
        ("loss", "2"),
        ("loss", "\"much\""),
        ("duplicate", "[2]"),
        ("cut", "\"2-3\""),
        ("cut", "[\"1~2@1s..2s\"]"),
        ("crash", "\"1\""),
        ("pause", "\"all\""),
        ("torn", "\"yes\""),
        ("faults", "\"some\""),
    ];
    let table = [("node", NODE, &nodes[..]), ("experiment", EXPERIMENT, &experiments)];
    for (name, text, own) in table {
        for (key, value) in both.iter().chain(own) {
            // An experiment's `run` is only read to name the next one.
            check_refused(name, text, key, value, (name, *key) == ("experiment", "run"));
        }
    }
    for (key, value) in [
        ("title", "1"),
        ("question", "[]"),
        ("seeds", "\"0\""),
        ("seeds", "\"many\""),
        ("seeds", "40"),
        ("live", "\"1-5\""),
        ("answers", "{ closer_rates = \"b\" }"),
        ("answers", "{ closer_rates = \"b\", fewer_internal = \"c\", other = \"a\" }"),
        ("settings", "[]"),
        ("settings", "{ name = \"a\" }"),
    ] {
        check_refused("study", STUDY, key, value, false);
    }
    for setting in [
        "",
        "draw_max = 5",
        "name = \"d\", seed = 1",
        "name = \"d\", ports = [1, 2, 3]",
        "name = \"d\", drawmax = 5",
        "name = \"d\", draw_max = 0",
        "name = \"d\", rates = []",
        "name = \"d\", topology = \"star\"",
    ] {
        let settings = STUDY.split_once("settings = [").unwrap().1.trim().trim_end_matches(']');
        check_refused("study", STUDY, "settings", &format!("[{settings}, {{ {setting} }}]"), false);
    }
}

/// Neither the schema takes it nor, unless it is `read_nowhere`, the command.
fn check_refused(name: &str, text: &str, key: &str, value: &str, read_nowhere: bool) {
    let bad = with(text, key, value);
    assert!(!validator(name).is_valid(&as_json(&bad)), "{name}: {key} = {value} fits");
    assert!(read_nowhere || is_taken(name, &bad).is_err(), "{name}: {key} = {value} is taken");
}

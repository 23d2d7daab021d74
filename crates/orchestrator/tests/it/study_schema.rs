//! `study.json`, held against its schema.

use std::fs;

use jsonschema::Validator;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::configs::{config_folder, files};
use crate::offbeat::{run_in, stderr, stdout};

fn validator() -> Validator {
    let path = config_folder().join("schema/study-result.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn result(args: &str) -> Value {
    let temp = TempDir::new().unwrap();
    let output = run_in(temp.path(), &format!("study {args} --json"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn what_every_study_comes_to_fits_its_schema() {
    let studies = files(&config_folder().join("studies"));
    assert!(studies.len() >= 11, "{studies:?}");
    for path in studies {
        let name = path.file_stem().unwrap().to_str().unwrap();
        for seeds in [1, 2] {
            let result = result(&format!("{name} --virtual --seeds {seeds}"));
            validator().validate(&result).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
    let live = result("baseline --live --seeds 2 --duration 1s");
    validator().validate(&live).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_schema_refuses_what_no_study_comes_to() {
    let good = result("close-rates --seeds 2");
    let bad = |path: &str, value: Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        assert!(!validator().is_valid(&bad), "{path}");
    };
    bad("/format", json!("offbeat-study/2"));
    bad("/time", json!("soon"));
    bad("/settings", json!([]));
    bad("/answers/0/measures/0", json!("joy"));
    bad("/settings/1/run/jump_mean/interval", json!([1.0]));
    bad("/settings/1/run/jump_mean", json!(1.0));
    bad("/settings/0/runs/0/holds", json!("yes"));
    bad("/settings/0/runs/0/machines/0/figures", json!({ "joy": 1.0 }));
    let keys: Vec<_> = good.as_object().unwrap().keys().cloned().collect();
    for key in keys {
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(&key);
        assert!(!validator().is_valid(&without), "without {key}");
    }
}

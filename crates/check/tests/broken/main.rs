//! The corrupted logs in examples/broken: each is what its edit makes of a good
//! run, and its verdict names the rules that it should.
//!
//! `OFFBEAT_BLESS=1 cargo test -p check --test broken` writes the folders anew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod clocks;
mod corruption;
mod draws;
mod implementation;
mod machines;
mod messages;
mod readme;
mod records;
mod run;
mod storage;
mod verdict;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Once;

use check::Rule;

use crate::corruption::{Corruption, GOOD_RUNS, all};
use crate::implementation::RIGHT;
use crate::run::{files, folder, parse, write};
use crate::verdict::{Judged, VERDICT};

/// Writes the folders anew if that is asked for, before anything looks at them.
fn bless() {
    static ONCE: Once = Once::new();
    if std::env::var_os("OFFBEAT_BLESS").is_some() {
        ONCE.call_once(|| {
            remove_folders();
            GOOD_RUNS.into_iter().for_each(bless_verdict);
            all().for_each(bless_corruption);
            readme::bless();
        });
    }
}

/// Those of corruptions that may not be there any more.
fn remove_folders() {
    for entry in fs::read_dir(folder("")).unwrap().flatten() {
        let is_numbered = entry.file_name().as_encoded_bytes()[0].is_ascii_digit();
        if is_numbered {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}

fn bless_corruption(corruption: &Corruption) {
    let folder = folder(corruption.name);
    fs::create_dir(&folder).unwrap();
    for (name, text) in corruption.make() {
        fs::write(folder.join(name), text).unwrap();
    }
    bless_verdict(corruption.name);
}

fn bless_verdict(name: &str) {
    fs::write(folder(name).join(VERDICT), Judged::new(name).text).unwrap();
}

/// Names what is wrong with which corruption, all of them at once.
#[track_caller]
fn check_all(is_wrong: impl Fn(&Corruption) -> Option<String>) {
    bless();
    let complain =
        |corruption: &Corruption| Some(format!("{}: {}", corruption.name, is_wrong(corruption)?));
    let wrong: Vec<String> = all().filter_map(complain).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_folder_is_what_its_edit_makes_of_a_good_run() {
    check_all(|corruption| {
        let (on_disk, made) = (files(corruption.name), corruption.make());
        let names: BTreeSet<_> = on_disk.keys().chain(made.keys()).collect();
        let differ = names.into_iter().find(|name| on_disk.get(*name) != made.get(*name))?;
        Some(format!("{differ} is not what the edit makes"))
    });
}

#[test]
fn each_verdict_names_the_rules_it_should_and_no_others() {
    check_all(|corruption| {
        let found = Judged::new(corruption.name).finds;
        (found != corruption.finds).then(|| format!("finds {found:?}, not {:?}", corruption.finds))
    });
}

#[test]
fn each_verdict_txt_is_what_is_printed() {
    check_all(|corruption| {
        let saved = fs::read_to_string(folder(corruption.name).join(VERDICT)).unwrap_or_default();
        let text = Judged::new(corruption.name).text;
        (saved != text).then(|| format!("{VERDICT} is not what is printed:\n{text}"))
    });
}

#[test]
fn each_rule_is_broken_by_some_corruption() {
    let broken: BTreeSet<Rule> = all().flat_map(|it| it.finds).copied().collect();
    let whole: Vec<Rule> = Rule::ALL.into_iter().filter(|rule| !broken.contains(rule)).collect();
    assert!(whole.is_empty(), "no corruption breaks {whole:?}");
}

#[test]
fn good_runs_hold() {
    bless();
    for name in GOOD_RUNS {
        let judged = Judged::new(name);
        assert_eq!(judged.finds, [], "{name}: {}", judged.text);
        assert_eq!(fs::read_to_string(folder(name).join(VERDICT)).unwrap(), judged.text);
    }
}

#[test]
fn a_good_run_told_again_by_the_right_rules_is_the_same() {
    for name in GOOD_RUNS {
        let before = files(name);
        let (mut logs, mut after) = (parse(&before), before.clone());
        RIGHT.retell(&mut logs);
        write(&logs, &mut after);
        assert_eq!(before, after, "{name}");
    }
}

#[test]
fn names_are_numbered_from_01() {
    for (number, corruption) in (1..).zip(all()) {
        assert!(corruption.name.starts_with(&format!("{number:02}-")), "{}", corruption.name);
    }
}

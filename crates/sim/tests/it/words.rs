//! Networks and faults as people write them.

use std::fmt::Display;
use std::str::FromStr;

use insta::assert_snapshot;
use sim::{Crash, Cut, Latency, On, Pause, Plan, PlanError, Probability};

use crate::run::{classic, with};

fn same<T: FromStr<Err = String> + Display>(words: &[&str]) {
    for word in words {
        assert_eq!(word.parse::<T>().map(|value| value.to_string()), Ok((*word).to_owned()));
    }
}

#[test]
fn words_are_written_as_they_are_read() {
    same::<On<Latency>>(&["0s", "5ms", "2-3=5ms", "2>3=uniform:1ms..20ms", "1=exp:10ms"]);
    same::<On<Probability>>(&["0", "0.05", "1", "2>1=0.5"]);
    same::<Cut>(&["2-3@10s..20s", "2>3@0s..1ms", "all@10s..", "1@1s..2s"]);
    same::<Crash>(&["1@15s..18s", "torn:1@15s..18s", "all@0s..1s"]);
    same::<Pause>(&["3@20s..21s", "all@1500ms..2s"]);
}

fn errors<T: FromStr<Err = String>>(words: &[&str]) -> String {
    let error = |word: &&str| word.parse::<T>().err().unwrap_or_else(|| panic!("{word} is taken"));
    words.iter().map(error).collect::<Vec<_>>().join("\n")
}

#[test]
fn wrong_words_say_what_is_right() {
    assert_snapshot!(
        errors::<On<Latency>>(&["5", "uniform:5ms", "uniform:9ms..5ms", "exp:", "2d", "2=3=5ms", "-5ms", "0-1=5ms"]),
        @r#"
        "5" is not a latency: say 5ms, uniform:1ms..20ms or exp:10ms
        "uniform:5ms" is no range: say it as uniform:1ms..20ms
        "uniform:9ms..5ms" is no range: say it as uniform:1ms..20ms
        "" is not a latency: say 5ms, uniform:1ms..20ms or exp:10ms
        "2d" is not a latency: say 5ms, uniform:1ms..20ms or exp:10ms
        "3=5ms" is not a latency: say 5ms, uniform:1ms..20ms or exp:10ms
        "-5ms" is not a latency: say 5ms, uniform:1ms..20ms or exp:10ms
        "0-1" is no link: say 2-3, 2>3 for one way, 2 for all of machine 2, or all
        "#
    );
    assert_snapshot!(errors::<On<Probability>>(&["2", "-0.1", "NaN", "much", "5%"]), @r#"
    "2" is no probability: say a number from 0 to 1
    "-0.1" is no probability: say a number from 0 to 1
    "NaN" is no probability: say a number from 0 to 1
    "much" is no probability: say a number from 0 to 1
    "5%" is no probability: say a number from 0 to 1
    "#);
    assert_snapshot!(
        errors::<Cut>(&["2-3", "2-3@10s", "2-3@20s..10s", "2-3@10..20", "x@1s..2s", "0@1s..2s"]),
        @r#"
        "2-3" does not say where and when: say it as 2-3@10s..20s
        "10s" is no time: say 10s..20s, or 10s.. to the end
        "20s..10s" ends before it begins
        "10..20" is no time: say 10s..20s, or 10s.. to the end
        "x" is no link: say 2-3, 2>3 for one way, 2 for all of machine 2, or all
        "0" is no link: say 2-3, 2>3 for one way, 2 for all of machine 2, or all
        "#
    );
    assert_snapshot!(errors::<Crash>(&["1", "1-2@1s..2s", "torn@1s..2s"]), @r#"
    "1" does not say where and when: say it as 1@15s..18s
    "1-2" is no machine: say its number, or all
    "torn" is no machine: say its number, or all
    "#);
}

fn refusal(change: impl FnOnce(&mut Plan)) -> PlanError {
    let mut plan = classic(1);
    change(&mut plan);
    plan.check().unwrap_err()
}

#[test]
fn what_is_not_there_is_refused() {
    let nowhere = |words: &str| with(words).check().unwrap_err().to_string();
    let refusals = [
        nowhere("cut 2-4@1s..2s"),
        nowhere("crash 4@1s..2s"),
        nowhere("pause 4@1s..2s"),
        nowhere("cut 2-2@1s..2s"),
        nowhere("latency 1-7=5ms"),
        nowhere("loss 9=0.5"),
        refusal(|plan| plan.manifest.rates[1] = journal::Rate::Max).to_string(),
        refusal(|plan| plan.manifest.duration = None).to_string(),
        nowhere("pause 1@1s..5000000h"),
    ];
    assert_snapshot!(refusals.join("\n"), @r#"
    there is no machine 4 among 3
    there is no machine 4 among 3
    there is no machine 4 among 3
    no link joins machine 2 and machine 2
    there is no machine 7 among 3
    there is no machine 9 among 3
    machine 2 has the rate max: in virtual time it would tick for ever in one instant
    the run has no duration: in virtual time nobody stops it
    the run and its faults last longer than 500 years
    "#);
}

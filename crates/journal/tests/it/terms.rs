//! The words and numbers that describe a run.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use journal::{Pacing, Phase, Rate, StampRule, StopReason, Sync, Topology, UnknownTerm};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The words are read and written alike everywhere, and nothing else is one.
fn check<T>(words: &[(&str, T)], refusal: &str)
where
    T: Copy
        + Debug
        + PartialEq
        + Display
        + FromStr<Err = UnknownTerm>
        + Serialize
        + DeserializeOwned,
{
    for &(word, term) in words {
        assert_eq!(term.to_string(), word);
        assert_eq!(word.parse(), Ok(term));
        assert_eq!(serde_json::to_string(&term).unwrap(), format!("{word:?}"));
        assert_eq!(serde_json::from_str::<T>(&format!("{word:?}")).unwrap(), term);
        assert!(word.to_uppercase().parse::<T>().is_err());
    }
    assert_eq!("x".parse::<T>().unwrap_err().to_string(), refusal);
}

#[test]
fn each_term_has_its_words() {
    check(
        &[("full", Topology::Full), ("ring", Topology::Ring)],
        "\"x\" is not a topology: say full or ring",
    );
    check(
        &[("even", Pacing::Even), ("burst", Pacing::Burst)],
        "\"x\" is not a pacing: say even or burst",
    );
    check(
        &[("random", Phase::Random), ("aligned", Phase::Aligned)],
        "\"x\" is not a phase: say random or aligned",
    );
    check(
        &[("after", StampRule::After), ("before", StampRule::Before)],
        "\"x\" is not a stamp rule: say after or before",
    );
    check(
        &[
            ("duration", StopReason::Duration),
            ("signal", StopReason::Signal),
            ("fault", StopReason::Fault),
        ],
        "\"x\" is not a reason: say duration, signal or fault",
    );
}

#[test]
fn the_defaults_are_those_of_the_model() {
    assert_eq!(Topology::default(), Topology::Full);
    assert_eq!(Pacing::default(), Pacing::Even);
    assert_eq!(Phase::default(), Phase::Random);
    assert_eq!(StampRule::default(), StampRule::After);
}

#[test]
fn a_log_is_synchronised_never_or_always() {
    assert_eq!(Sync::default(), Sync::Never);
    for (word, sync) in [("never", Sync::Never), ("always", Sync::Always)] {
        assert_eq!(serde_json::to_string(&sync).unwrap(), format!("{word:?}"));
        assert_eq!(serde_json::from_str::<Sync>(&format!("{word:?}")).unwrap(), sync);
    }
    assert!(serde_json::from_str::<Sync>("\"sometimes\"").is_err());
}

#[test]
fn a_term_means_the_same_to_the_machine() {
    assert_eq!(machine::Topology::from(Topology::Full), machine::Topology::Full);
    assert_eq!(machine::Topology::from(Topology::Ring), machine::Topology::Ring);
    assert_eq!(machine::StampRule::from(StampRule::After), machine::StampRule::After);
    assert_eq!(machine::StampRule::from(StampRule::Before), machine::StampRule::Before);
    assert_eq!(machine::Pacing::from(Pacing::Even), machine::Pacing::Even);
    assert_eq!(machine::Pacing::from(Pacing::Burst), machine::Pacing::Burst);
}

#[test]
fn rates_are_read_and_written() {
    for (text, rate, written) in [
        ("4", Rate::PerSecond(4.0), "4"),
        ("4.0", Rate::PerSecond(4.0), "4"),
        ("1.5", Rate::PerSecond(1.5), "1.5"),
        ("1e3", Rate::PerSecond(1000.0), "1000"),
        ("1e-6", Rate::PerSecond(1e-6), "0.000001"),
        ("1e6", Rate::PerSecond(1e6), "1000000"),
        ("max", Rate::Max, "max"),
    ] {
        assert_eq!(text.parse(), Ok(rate));
        assert_eq!(rate.to_string(), written);
    }
    assert_eq!(Rate::PerSecond(1.5).per_second(), Some(1.5));
    assert_eq!(Rate::Max.per_second(), None);
}

#[test]
fn what_is_no_rate_is_refused_with_what_to_say() {
    let out_of_range = "say a number of ticks a second from 0.000001 to 1000000, or \"max\"";
    let no_number = "say a number of ticks a second, or \"max\"";
    for (text, expected) in [
        ("0", format!("0 is not a rate: {out_of_range}")),
        ("-0", format!("-0 is not a rate: {out_of_range}")),
        ("-1", format!("-1 is not a rate: {out_of_range}")),
        ("NaN", format!("NaN is not a rate: {out_of_range}")),
        ("inf", format!("inf is not a rate: {out_of_range}")),
        ("1e-7", format!("0.0000001 is not a rate: {out_of_range}")),
        ("1000000.5", format!("1000000.5 is not a rate: {out_of_range}")),
        ("1e999", format!("inf is not a rate: {out_of_range}")),
        ("", format!("\"\" is not a rate: {no_number}")),
        ("MAX", format!("\"MAX\" is not a rate: {no_number}")),
        ("5 parsecs", format!("\"5 parsecs\" is not a rate: {no_number}")),
        ("1,5", format!("\"1,5\" is not a rate: {no_number}")),
    ] {
        assert_eq!(text.parse::<Rate>(), Err(expected));
    }
}

proptest! {
    /// To the last bit: a restart holds its rate against the one in the log.
    #[test]
    fn a_rate_survives_writing(
        number in prop_oneof![1.0..6.0, 1e-6..1e6, (-6.0..6.0).prop_map(|power| 10_f64.powf(power))],
    ) {
        let rate = Rate::PerSecond(number);
        prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        let json = serde_json::to_string(&rate).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rate>(&json).unwrap(), rate);
    }
}

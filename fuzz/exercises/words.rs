//! Networks and faults as people write them: whatever the word is, it is refused,
//! or it is written as it is read.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use sim::{Crash, Cut, Latency, On, Pause, Probability};

/// The bytes are the word.
pub(crate) fn exercise(bytes: &[u8]) {
    let Ok(word) = std::str::from_utf8(bytes) else { return };
    same::<On<Latency>>(word);
    same::<On<Probability>>(word);
    same::<Cut>(word);
    same::<Crash>(word);
    same::<Pause>(word);
}

fn same<T: FromStr<Err = String> + Display + Debug + PartialEq>(word: &str) {
    if let Ok(value) = word.parse::<T>() {
        let written = value.to_string();
        assert_eq!(written.parse::<T>().as_ref(), Ok(&value), "{word}, {written}");
    }
}

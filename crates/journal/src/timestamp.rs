//! Points in time in the one form that logs are written in, to and from its bytes:
//! `2026-11-23T20:02:53.740706Z`. Whatever has another form is left to jiff.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::time::Time;

/// How long the form is.
pub(crate) const BYTES: usize = 27;

/// The form; a 0 stands for any digit.
const FORM: [u8; BYTES] = *b"0000-00-00T00:00:00.000000Z";

/// Pairs of digits in it: century and year of it, month, day, hour, minute,
/// second, and the microseconds in three.
const PAIRS: [usize; 10] = [0, 2, 5, 8, 11, 14, 17, 20, 22, 24];

/// How long the part is that all times of a minute share: `2026-11-23T20:02:`.
const MINUTE_BYTES: usize = 17;

/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// Reads or writes times one after the other, as those of a log: most are of the
/// same minute as the one before, and then only the rest is looked at.
#[derive(Debug, Default)]
pub(crate) struct Times {
    minute: Option<Minute>,
}

#[derive(Clone, Copy, Debug)]
struct Minute {
    text: [u8; MINUTE_BYTES],
    /// When it begins, in microseconds since 1970.
    begins: i64,
}

impl Times {
    /// As [`write()`].
    pub(crate) fn write(&mut self, time: Time) -> Option<[u8; BYTES]> {
        let begins = time.as_micros().div_euclid(MINUTE).checked_mul(MINUTE)?;
        let minute = match self.minute.filter(|minute| minute.begins == begins) {
            Some(minute) => minute,
            None => match write(Time::from_micros(begins)) {
                Some(text) => self.begin(*text.first_chunk()?)?,
                None => return write(time),
            },
        };
        let mut text = FORM;
        text[..MINUTE_BYTES].copy_from_slice(&minute.text);
        let mut rest = (time.as_micros() - begins) as u32;
        for at in DIGITS.into_iter().rev() {
            text[at] += (rest % 10) as u8;
            rest /= 10;
        }
        Some(text)
    }

    /// As [`read`].
    pub(crate) fn read(&mut self, text: &[u8; BYTES]) -> Option<Time> {
        let (start, _) = text.split_first_chunk()?;
        let minute = match self.minute.filter(|minute| minute.text == *start) {
            Some(minute) => minute,
            None => match self.begin(*start) {
                Some(minute) => minute,
                None => return read(text),
            },
        };
        if text[19] != FORM[19] || text[26] != FORM[26] {
            return None;
        }
        let mut rest = 0;
        for at in DIGITS {
            let digit = text[at].wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            rest = 10 * rest + i64::from(digit);
        }
        if rest < MINUTE { Some(Time::from_micros(minute.begins + rest)) } else { read(text) }
    }

    /// The minute that begins with this text; none if one of its times is none.
    fn begin(&mut self, text: [u8; MINUTE_BYTES]) -> Option<Minute> {
        let with = |rest: &[u8; BYTES - MINUTE_BYTES]| {
            let mut whole = FORM;
            whole[..MINUTE_BYTES].copy_from_slice(&text);
            whole[MINUTE_BYTES..].copy_from_slice(rest);
            read(&whole)
        };
        let begins = with(b"00.000000Z")?.as_micros();
        with(b"59.999999Z")?;
        Some(*self.minute.insert(Minute { text, begins }))
    }
}

/// Where the digits of the seconds are and those of the microseconds.
const DIGITS: [usize; 8] = [17, 18, 20, 21, 22, 23, 24, 25];

/// The bytes of `time`; none if its year has not four digits.
pub(crate) fn write(time: Time) -> Option<[u8; BYTES]> {
    let timestamp = jiff::Timestamp::from_microsecond(time.as_micros()).ok()?;
    let civil = Offset::UTC.to_datetime(timestamp);
    let year = u16::try_from(civil.year()).ok()?;
    let micros = civil.subsec_nanosecond().unsigned_abs() / 1000;
    let day = [civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()];
    let [month, day, hour, minute, second] = day.map(i8::unsigned_abs);
    let fraction = [micros / 10_000, micros / 100 % 100, micros % 100].map(|pair| pair as u8);
    let (century, of_century) = ((year / 100) as u8, (year % 100) as u8);
    let [first, middle, last] = fraction;
    let pairs = [century, of_century, month, day, hour, minute, second, first, middle, last];
    let mut text = FORM;
    for (at, pair) in PAIRS.into_iter().zip(pairs) {
        text[at] += pair / 10;
        text[at + 1] += pair % 10;
    }
    Some(text)
}

/// The time that `text` says; none if it has another form.
pub(crate) fn read(text: &[u8; BYTES]) -> Option<Time> {
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte == form,
    };
    if !text.iter().zip(&FORM).all(fits) {
        return None;
    }
    let pair = |at: usize| i32::from(text[at] - b'0') * 10 + i32::from(text[at + 1] - b'0');
    let [century, of_century, month, day, hour, minute, second, first, middle, last] =
        PAIRS.map(pair);
    let year = (century * 100 + of_century) as i16;
    let [month, day, hour, minute, second] = [month, day, hour, minute, second].map(|it| it as i8);
    let nanosecond = (first * 10_000 + middle * 100 + last) * 1000;
    let civil = DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()?;
    let timestamp = Offset::UTC.to_timestamp(civil).ok()?;
    Some(Time::from_micros(timestamp.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Times, read, write};
    use crate::time::Time;

    /// Times of a few minutes, in any order, on both sides of 1970, and at the ends of
    /// what has four digits and of what jiff knows.
    fn near() -> impl Strategy<Value = Vec<i64>> {
        let ends = ["0000-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-30T22:00:00Z"];
        let ends = ends.map(|end| end.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let far = -200_000_000..200_000_000_i64;
        let time = (prop::sample::select(ends.to_vec()), far).prop_map(|(end, far)| end + far);
        prop::collection::vec(time, 1..50)
    }

    proptest! {
        #[test]
        fn one_after_the_other_times_are_written_and_read_as_each_alone(micros in near()) {
            let (mut written, mut are_read) = (Times::default(), Times::default());
            for time in micros.into_iter().map(Time::from_micros) {
                let text = write(time);
                prop_assert_eq!(written.write(time), text);
                if let Some(text) = text {
                    prop_assert_eq!(are_read.read(&text), Some(time));
                }
            }
        }

        /// Whatever one byte is changed to.
        #[test]
        fn one_after_the_other_damaged_times_are_refused_as_each_alone(
            micros in near(), at in 0..super::BYTES, byte: u8,
        ) {
            let mut times = Times::default();
            for time in micros.into_iter().map(Time::from_micros) {
                let Some(mut text) = write(time) else { continue };
                prop_assert_eq!(times.read(&text), Some(time));
                text[at] = byte;
                prop_assert_eq!(times.read(&text), read(&text));
            }
        }
    }

    /// In a minute that is known and in one that is not.
    #[test]
    fn what_no_clock_shows_is_refused_or_taken_as_jiff_does() {
        for text in [
            "2016-12-31T23:59:60.000000Z",
            "2016-12-31T23:59:61.000000Z",
            "2016-12-31T24:00:00.000000Z",
            "2016-02-30T00:00:00.000000Z",
            "9999-12-30T22:00:00.999999Z",
            "9999-12-30T22:00:30.000000Z",
            "0000-00-00T00:00:00.000000Z",
        ] {
            let text: [u8; super::BYTES] = text.as_bytes().try_into().unwrap();
            let mut first = text;
            first[17..19].copy_from_slice(b"00");
            let mut times = Times::default();
            assert_eq!(times.read(&text), read(&text));
            assert_eq!(times.read(&first), read(&first));
            assert_eq!(times.read(&text), read(&text));
        }
    }

    #[test]
    fn the_first_of_all_times_is_left_to_others() {
        let time = Time::from_micros(i64::MIN);
        assert_eq!((Times::default().write(time), write(time)), (None, None));
    }
}

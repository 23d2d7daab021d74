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

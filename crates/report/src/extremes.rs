//! The events of one machine that stand out: largest jumps, longest queue, oldest
//! message.

use journal::Record;
use serde::Serialize;

use crate::merge::Step;

/// Jumps kept.
const JUMPS_MAX: usize = 5;

/// A jump by more than 1: a receive that caught up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LargeJump {
    /// By how much the clock rose.
    pub size: u64,
    /// The number of the receive's tick.
    pub tick: u64,
    /// The clock before.
    pub clock_before: u64,
    /// The stamp of the message.
    pub stamp: u64,
    /// The sender.
    pub from: u32,
    /// The number of the send's tick; none if it is in no log.
    pub sent_tick: Option<u64>,
    /// From send to receive, in seconds.
    pub waited_seconds: Option<f64>,
}

/// A message that waited for long.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OldMessage {
    /// The number of the receive's tick.
    pub tick: u64,
    /// The sender.
    pub from: u32,
    /// The number of the send's tick.
    pub sent_tick: u64,
    /// From send to receive, in seconds.
    pub seconds: f64,
}

/// What stands out so far.
#[derive(Debug, Default)]
pub(crate) struct Extremes {
    pub(crate) jumps: Vec<LargeJump>,
    pub(crate) oldest: Option<OldMessage>,
    /// The longest queue, and the tick that left it.
    pub(crate) queue_max: Option<(u64, u64)>,
}

impl Extremes {
    /// Looks at the next event; `clock` is the one before it.
    pub(crate) fn push(&mut self, step: &Step, clock: u64) {
        let queue = step.record.queue().unwrap_or(0);
        if queue > self.queue_max.map_or(0, |(most, _)| most) {
            self.queue_max = Some((queue, step.record.tick().unwrap_or(0)));
        }
        let Record::Receive(receive) = &step.record else { return };
        let seconds = step.cause.map(|sent| receive.time.seconds_since(sent.time));
        let size = receive.clock.saturating_sub(clock);
        if size > 1 {
            self.jump(LargeJump {
                size,
                tick: receive.tick,
                clock_before: clock,
                stamp: receive.stamp,
                from: receive.from,
                sent_tick: step.cause.map(|sent| sent.tick),
                waited_seconds: seconds,
            });
        }
        if let (Some(sent), Some(seconds)) = (step.cause, seconds)
            && self.oldest.is_none_or(|oldest| seconds > oldest.seconds)
        {
            let &journal::Receive { tick, from, .. } = receive;
            self.oldest = Some(OldMessage { tick, from, sent_tick: sent.tick, seconds });
        }
    }

    fn jump(&mut self, jump: LargeJump) {
        let place = self.jumps.partition_point(|other| other.size >= jump.size);
        if place < JUMPS_MAX {
            self.jumps.insert(place, jump);
            self.jumps.truncate(JUMPS_MAX);
        }
    }
}

//! The rules, their ids and what each of them claims.

use std::fmt;

use serde::{Serialize, Serializer};

/// Declares the rules in the order in which they are shown.
macro_rules! rules {
    ($($(#[$meta:meta])* $name:ident: $claim:literal),+ $(,)?) => {
        /// What the judge holds a run to. The ids are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$meta])* $name),+
        }

        impl Rule {
            /// All rules, in the order in which they are shown.
            pub const ALL: [Self; [$(stringify!($name)),+].len()] = [$(Self::$name),+];

            /// The rule's id: `C1`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// What the rule claims, as a clause without a full stop.
            #[must_use]
            pub const fn claim(self) -> &'static str {
                match self { $(Self::$name => $claim),+ }
            }
        }
    };
}

rules! {
    /// Lamport 1978, IR1. The previous clock is the one logged, so that one
    /// wrong clock is one violation. Exercised by each internal event and send.
    C1: "an internal event or a send adds 1 to the clock",
    /// Lamport 1978, IR2. Exercised by each receive.
    C2: "a receive sets the clock to max(clock, stamp) + 1",
    /// Exercised by each event.
    C3: "the clock of a machine strictly increases, over crashes and restarts too",
    /// Lamport 1978, the clock condition between processes. Exercised by each
    /// receive whose send is known.
    C4: "C(send) < C(receive)",
    /// That is what rules IR1 and IR2 compute if all clocks begin at 0: the
    /// length of the longest path in the space-time diagram that ends in the
    /// event. Recomputed without looking at stamps. After a violation the judge
    /// goes on from the logged clock, so that the count is that of the events
    /// that went wrong, not of all that followed from them. Exercised by each
    /// event but receives whose send is not known.
    C5: "a clock is the length of the longest causal chain that ends in its event",
    /// Exercised by each receive, unless the log that would hold its send cannot
    /// be read.
    M1: "a receive has exactly one send with the same link, number and stamp",
    /// Exercised by each receive.
    M2: "no message is received twice",
    /// Exercised by each link whose sender's log is there.
    M3: "no link delivers more messages than were sent on it",
    /// Exercised by each message sent and each message received. A message that
    /// was overtaken and never received is lost: a violation of this rule.
    M4: "the messages of a link are numbered 1, 2, 3, … without a gap",
    /// Exercised by each message received for the first time.
    M5: "a link delivers its messages in the order in which they were sent",
    /// Exercised by each send and internal event of a machine whose start record
    /// is known.
    M6: "the recipients of a message are those of the draw and the topology",
    /// Lamport 1978: happened-before is irreflexive. Exercised by each receive
    /// whose send is known.
    M7: "happened-before has no cycle",
    /// Exercised by each send and internal event.
    Q1: "a machine whose inbox is not empty receives",
    /// The inbox holds no more than that; and no less, if every machine stopped
    /// with all its messages arrived and none was started twice. Exercised by each machine that stopped, if all
    /// logs are there.
    Q2: "what was sent and not received is in the inbox at the stop, but for what is in flight",
    /// Exercised by each record but starts.
    Q3: "what has arrived, received or still in the inbox, never becomes less",
    /// Judged by a chi-square test of goodness of fit at alpha = 1e-9, for each
    /// machine and for all together, where enough was drawn, if no generator is
    /// known. Exercised by each test.
    S1: "the draws are uniform",
    /// The generator is ChaCha8. Exercised by each send and internal event and
    /// by the phase of each first incarnation, if a seed is known.
    S2: "the draws and phases are those of the seed",
    /// K = ceil(1.05 x rate) + 1. Not at rate "max", nor with pacing "burst",
    /// nor above a million ticks a second, which the microseconds of a log cannot
    /// tell apart. Exercised by each event.
    T1: "no second holds more than ceil(1.05 x rate) + 1 ticks of an incarnation",
    /// Of an incarnation that ends in a stop: |ticks + missed - rate x seconds|
    /// is at most 1, with pacing "burst" rate + 1, plus a millisecond's worth of
    /// ticks for the resolution of clocks. Not at rate "max".
    T2: "an incarnation ticks as often as its rate and its time say",
    /// Exercised by each record.
    L1: "ticks are numbered without a gap, and after a stop comes nothing but a start",
    /// Exercised by each comparison.
    L2: "the start records agree with each other, with their logs and with run.toml",
    /// Never violated: a log that is not whole makes the verdict *cannot tell*.
    /// Exercised by each log.
    L3: "each machine has a log, whole and ended by a stop",
}

impl Rule {
    /// The place in [`ALL`](Self::ALL).
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

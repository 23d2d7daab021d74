//! What must be seen to happen, lest a check be vacuous. Of each event the world
//! notes which of these it was; that is part of the state, so that the path to a
//! discovery ends in what was discovered.

use stateright::Property;

use crate::plan::Plan;
use crate::world::World;

macro_rules! sights {
    ($($sight:ident = $text:literal),+ $(,)?) => {
        /// Something that an event can be.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Sight {
            $($sight),+
        }

        impl Sight {
            /// That it sometimes happens.
            pub(crate) fn property(self) -> Property<Plan> {
                match self {
                    $(Self::$sight => Property::sometimes($text, |_, world: &World| {
                        world.seen.contains(Self::$sight)
                    })),+
                }
            }
        }
    };
}

sights! {
    Resent = "a message is sent again on a new connection",
    Refilled = "an inbox lost in a crash is filled again",
    FellBack = "a Welcome takes the sender back behind what had arrived",
    Repeated = "a message that comes again is dropped",
    InboxLost = "a machine crashes with messages in its inbox",
    RecordLost = "a machine crashes before its step is in the log",
    WrittenUnsent = "a machine crashes after its step is in the log, before it was transmitted",
    Outlived = "a message arrives after the crash of its sender, on the old connection",
    CutOff = "a replaced connection still carried messages",
    AckLost = "an acknowledgement is lost with its connection",
    HelloWhileUnwritten = "a Hello is answered while a receive is not in the log",
    WelcomeLate = "a Welcome is read after the receiver has logged more",
    LateHello = "a Hello that was overtaken by a newer one replaces it",
    StaleHello = "a Hello of an earlier incarnation is refused",
}

/// What the last event was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen(u32);

impl Seen {
    pub(crate) fn note(&mut self, sight: Sight, happened: bool) {
        self.0 |= u32::from(happened) << sight as u32;
    }

    pub(crate) fn contains(self, sight: Sight) -> bool {
        self.0 >> sight as u32 & 1 == 1
    }
}

//! The floors: the least that has to be done, by hand.

pub(crate) mod daemon;
pub(crate) mod echo;
pub(crate) mod frame;
pub(crate) mod machine;
pub(crate) mod order;
pub(crate) mod run;
pub(crate) mod scan;
pub(crate) mod sleep;
pub(crate) mod socket;
pub(crate) mod write;

//! `report.html` in headless Chromium, used as people use it.
//!
//! Where there is no Chromium these tests say so and are skipped; with
//! `OFFBEAT_REQUIRE_BROWSER=1` they fail. What the page says of an event is compared
//! with what `order` computes from the logs by another method.

#![allow(clippy::unwrap_used)]

mod browser;
mod driver;
mod frames;
mod long_run;
mod names;
mod order;
mod page;
mod run;
mod short_run;
mod small_screen;
mod study;

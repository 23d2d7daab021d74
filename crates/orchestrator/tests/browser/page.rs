//! The page as the tests use it.

use crate::browser::Browser;
use crate::order::{At, Order};
use crate::run::Run;

/// Opens the page of a run, where its diagram is.
pub(crate) fn open(browser: &Browser, run: &Run, fragment: &str) {
    browser.open(&run.page(), fragment);
    browser.wait_until("document.getElementById('status').textContent");
    browser.run("document.getElementById('stage').scrollIntoView({ behavior: 'instant' });");
}

/// The stretch of time that is seen, once the address says it.
pub(crate) fn stretch(browser: &Browser) -> (f64, f64) {
    browser.wait_until("location.hash.includes('from=')");
    let word = |name: &str| {
        browser.number(&format!("new URLSearchParams(location.hash.slice(1)).get({name:?})"))
    };
    (word("from"), word("to"))
}

/// Waits until the address says that this event is selected, `1:57`.
pub(crate) fn wait_for_selection(browser: &Browser, event: &str) {
    browser
        .wait_until(&format!("new URLSearchParams(location.hash.slice(1)).get('e') === {event:?}"));
}

/// `1:57`.
pub(crate) fn name(order: &Order, at: At) -> String {
    format!("{}:{}", at.0 + 1, order.event(at).clock())
}

/// Clicks an event that is in view, where the lines and the stretch say that it is.
pub(crate) fn click(browser: &Browser, seconds: f64, machine: usize) {
    let (from, to) = stretch(browser);
    let edge = |side: &str| {
        browser.number(&format!("document.getElementById('canvas').getBoundingClientRect().{side}"))
    };
    let label = format!("document.querySelector('[data-machine=\"{}\"]')", machine + 1);
    let y = browser
        .number(&format!("(box => (box.top + box.bottom) / 2)({label}.getBoundingClientRect())"));
    browser.click(edge("left") + (seconds - from) / (to - from) * edge("width"), y);
}

/// Asserts that the page says of the selected event what the logs say.
pub(crate) fn assert_explains(browser: &Browser, order: &Order, at: At) {
    let equation = browser.text("document.querySelector('#event .equation').textContent");
    assert_eq!(equation, order.equation(at));
    let count = |kind: &str| {
        let count = format!("document.querySelector('#event .{kind} b').textContent");
        browser.text(&count).replace(',', "").parse::<usize>().unwrap()
    };
    let counts = ["past", "future", "concurrent"].map(count);
    assert_eq!(counts, order.counts(at), "{}", name(order, at));
    let chain = browser.text("document.querySelector('#event .chain p').textContent");
    let depth = order.depth(at);
    let length = chain.split(" has ").nth(1).and_then(|rest| rest.split(" event").next()).unwrap();
    assert_eq!(length.replace(',', ""), depth.to_string(), "{chain}");
    assert!(chain.contains("just what its clock says"), "{chain}");
}

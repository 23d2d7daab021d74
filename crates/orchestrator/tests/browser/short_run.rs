//! The page of a minute: looked at, moved about in, asked.

use std::sync::OnceLock;

use journal::{Record, Time};

use crate::browser::Browser;
use crate::order::{At, Order};
use crate::page::{assert_explains, click, name, open, stretch, wait_for_selection};
use crate::run::Run;

/// Keys as WebDriver has them.
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// The minute that all tests here look at.
pub(crate) fn minute() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| Run::simulate("--seed 146 --rates 1,3,6 --crash 1@15s..18s"))
}

/// Where time begins in virtual time.
const EPOCH: Time = Time::from_micros(946_684_800_000_000);

fn seconds(order: &Order, at: At) -> f64 {
    order.event(at).time().seconds_since(EPOCH)
}

/// The first event of a machine, from this place on, that is of a kind.
fn find(order: &Order, machine: usize, from: usize, is_kind: fn(&Record) -> bool) -> At {
    let events = &order.events[machine];
    (machine, (from..events.len()).find(|&index| is_kind(&events[index])).unwrap())
}

#[test]
fn a_click_explains_an_event() {
    let Some(browser) = Browser::start() else { return };
    let (run, order) = (minute(), Order::of(minute().events()));
    let receive = find(&order, 0, 3, |it| matches!(it, Record::Receive(_)));
    let send = find(&order, 2, 20, |it| matches!(it, Record::Send(send) if send.to.len() == 2));
    let internal = find(&order, 1, 10, |it| matches!(it, Record::Internal(_)));
    for at in [receive, send, internal] {
        let middle = seconds(&order, at);
        open(&browser, run, &format!("#from={}&to={}", middle - 3.0, middle + 4.0));
        click(&browser, middle, at.0);
        wait_for_selection(&browser, &name(&order, at));
        assert_explains(&browser, &order, at);
    }
    browser.assert_quiet(&run.page());
}

#[test]
fn a_link_opens_just_that_view() {
    let Some(browser) = Browser::start() else { return };
    let (run, order) = (minute(), Order::of(minute().events()));
    let at = find(&order, 0, 30, |it| matches!(it, Record::Receive(_)));
    open(&browser, run, &format!("#e={}&from=20.000&to=45.000&hide=internal,2", name(&order, at)));
    assert_explains(&browser, &order, at);
    assert_eq!(stretch(&browser), (20.0, 45.0));
    assert_eq!(
        browser.text("document.querySelector('#lanes input[value=\"2\"]').checked"),
        "false"
    );

    open(&browser, run, "#e=1:99999");
    let said = browser.text("document.getElementById('event').textContent");
    assert_eq!(said, "Machine 1 has no event with clock 99999.");
    browser.assert_quiet(&run.page());
}

#[test]
fn search_finds_an_event_by_machine_and_clock() {
    let Some(browser) = Browser::start() else { return };
    let (run, order) = (minute(), Order::of(minute().events()));
    open(&browser, run, "");
    let at = (1, 100);
    browser.run("document.getElementById('find').focus({ preventScroll: true });");
    browser.type_keys(&name(&order, at));
    browser.type_keys(ENTER);
    wait_for_selection(&browser, &name(&order, at));
    assert_explains(&browser, &order, at);
    let (from, to) = stretch(&browser);
    assert!((from..to).contains(&seconds(&order, at)), "{from} to {to}");

    browser.run("document.getElementById('find').value = '7:1';");
    browser.press("#search button");
    let complaint = browser.text("document.getElementById('find').validationMessage");
    assert_eq!(complaint, "Machine 7 has no event with clock 1.");
    browser.assert_quiet(&run.page());
}

#[test]
fn keys_move_zoom_and_follow_messages() {
    let Some(browser) = Browser::start() else { return };
    let (run, order) = (minute(), Order::of(minute().events()));
    let at = find(&order, 0, 5, |it| matches!(it, Record::Receive(_)));
    open(&browser, run, &format!("#e={}", name(&order, at)));
    browser.run("document.getElementById('canvas').focus({ preventScroll: true });");
    let (from, to) = stretch(&browser);

    browser.type_keys(RIGHT);
    wait_for_selection(&browser, &name(&order, (at.0, at.1 + 1)));
    assert_explains(&browser, &order, (at.0, at.1 + 1));
    browser.type_keys(DOWN);
    browser.wait_until("location.hash.includes('e=2:')");
    browser.type_keys("+");
    browser.wait_until(&format!(
        "(words => words.get('to') - words.get('from') < {} - {})(new URLSearchParams(location.hash.slice(1)))",
        to, from
    ));
    browser.type_keys(ESCAPE);
    browser.wait_until("!location.hash.includes('e=')");
    assert_eq!(browser.text("document.getElementById('event').textContent"), "");

    open(&browser, run, &format!("#e={}", name(&order, at)));
    browser.run("document.getElementById('canvas').focus({ preventScroll: true });");
    browser.type_keys(ENTER);
    let Record::Receive(receive) = order.event(at) else { unreachable!() };
    wait_for_selection(&browser, &format!("{}:{}", receive.from, receive.stamp));
    browser.assert_quiet(&run.page());
}

#[test]
fn what_is_summarised_is_counted() {
    let Some(browser) = Browser::start() else { return };
    let run = minute();
    open(&browser, run, "");
    browser.press("#whole");
    let events = run.events().iter().map(Vec::len).sum::<usize>();
    browser.wait_until(&format!(
        "document.getElementById('status').textContent.includes('{events} events')"
    ));
    let status = browser.text("document.getElementById('status').textContent");
    assert!(status.contains("summarised"), "{status}");

    browser.press("#kinds [value=internal]");
    let internals =
        run.events().iter().flatten().filter(|it| matches!(it, Record::Internal(_))).count();
    let left = format!("{} events", events - internals);
    browser
        .wait_until(&format!("document.getElementById('status').textContent.includes('{left}')"));
    browser.assert_quiet(&run.page());
}

#[test]
fn a_cut_is_shaded_across_the_diagram() {
    let Some(browser) = Browser::start() else { return };
    let run = Run::simulate("--seed 7 --rates 1,3,6 --duration 30s --cut 2-3@10s..20s");
    open(&browser, &run, "#from=0&to=30");
    let (from, to) = stretch(&browser);
    // Below the lines of all machines there are the marks of the axis alone, at round times.
    let row = browser.run(
        "const canvas = document.getElementById('canvas'), context = canvas.getContext('2d');
         const row = context.getImageData(0, canvas.height - 2, canvas.width, 1).data;
         return [...row].filter((_, index) => index % 4 === 3);",
    );
    let row = row.as_array().unwrap();
    let shaded = [7.3, 9.3, 10.7, 14.3, 19.3, 20.7, 23.3].map(|seconds| {
        let column = (seconds - from) / (to - from) * row.len() as f64;
        row[column as usize].as_u64().unwrap() > 0
    });
    assert_eq!(shaded, [false, false, true, true, true, false, false]);
    browser.assert_quiet(&run.page());
}

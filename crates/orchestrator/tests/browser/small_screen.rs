//! The page on a phone, in the dark, without a pointer.

use crate::browser::Browser;
use crate::page::open;
use crate::short_run::minute;

#[test]
fn a_phone_need_not_scroll_sideways() {
    let Some(browser) = Browser::start() else { return };
    for width in [375, 320] {
        browser.resize(width, 812);
        open(&browser, minute(), "#e=2:57");
        let wide = browser.number("document.documentElement.scrollWidth");
        assert!(wide <= f64::from(width), "{wide} of {width}");
    }
    browser.assert_quiet(&minute().page());
}

#[test]
fn the_theme_follows_the_system_until_it_is_chosen() {
    let Some(browser) = Browser::start() else { return };
    let is_dark = || {
        let paper = browser.text("getComputedStyle(document.body).backgroundColor");
        let red = paper.trim_start_matches("rgb(").split(',').next().unwrap().to_owned();
        red.parse::<u8>().unwrap() < 128
    };
    browser.prefer("dark");
    open(&browser, minute(), "");
    assert!(is_dark());
    browser.press("#theme");
    assert!(!is_dark(), "light was chosen");
    browser.press("#theme");
    browser.prefer("light");
    assert!(is_dark(), "dark was chosen");
    browser.press("#theme");
    assert!(!is_dark(), "the system prefers light");
    browser.assert_quiet(&minute().page());
}

#[test]
fn everything_has_a_name_and_figures_behind_it() {
    let Some(browser) = Browser::start() else { return };
    open(&browser, minute(), "#e=2:57");
    let nameless = browser.run(
        "const name = it => it.getAttribute('aria-label') || it.labels?.length || it.textContent.trim();
         return [...document.querySelectorAll('button, input, a, summary, [role=img], [tabindex]')]
           .filter(it => !name(it)).map(it => it.outerHTML);",
    );
    assert_eq!(nameless, serde_json::json!([]));
    for landmark in ["header", "nav", "main", "footer", "h1"] {
        let count = format!("document.querySelectorAll('{landmark}').length");
        assert_eq!(browser.number(&count), 1.0, "{landmark}");
    }
    let behind = browser.number("document.querySelectorAll('figure').length - document.querySelectorAll('figure table').length");
    assert_eq!(behind, 0.0, "each chart has its table");
    browser.press("#listing summary");
    browser.wait_until("document.querySelectorAll('#listing tbody tr').length > 10");
    browser.assert_quiet(&minute().page());
}

//! The page of a study: read on a phone, in the dark, and against its figures.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::run::offbeat;

/// Words that would be markup if they were let.
const QUESTION: &str = "Is it </style><img src=x onerror=alert(1)> & more?";

/// A study of few seeds, and one whose words look like markup.
fn study() -> &'static TempDir {
    static STUDY: OnceLock<TempDir> = OnceLock::new();
    STUDY.get_or_init(|| {
        let temp = TempDir::new().unwrap();
        let path = temp.path().display();
        offbeat(&format!("study assignment --virtual --seeds 4 --out {path}/four"));
        let file = format!(
            "title = \"<b>T</b>\"\nquestion = \"{QUESTION}\"\nseeds = \"2\"\n\
             [[settings]]\nname = \"baseline\"\nduration = \"5s\"\n\
             [[settings]]\nname = \"busy\"\ndraw_max = 3\n"
        );
        fs::write(temp.path().join("words.toml"), file).unwrap();
        offbeat(&format!("study {path}/words.toml --out {path}/words"));
        temp
    })
}

fn page(name: &str) -> PathBuf {
    study().path().join(name).join("study.html")
}

fn open(browser: &Browser, name: &str) {
    browser.open(&page(name), "");
    browser.wait_until("document.readyState === 'complete'");
}

#[test]
fn a_phone_need_not_scroll_sideways_in_a_study() {
    let Some(browser) = Browser::start() else { return };
    for name in ["four", "words"] {
        for width in [375, 320] {
            browser.resize(width, 812);
            open(&browser, name);
            let wide = browser.number("document.documentElement.scrollWidth");
            assert!(wide <= f64::from(width), "{name}: {wide} of {width}");
        }
        browser.assert_quiet(&page(name));
    }
}

#[test]
fn a_study_is_dark_where_the_system_is() {
    let Some(browser) = Browser::start() else { return };
    let red = |browser: &Browser| {
        let paper = browser.text("getComputedStyle(document.body).backgroundColor");
        paper.trim_start_matches("rgb(").split(',').next().unwrap().parse::<u8>().unwrap()
    };
    browser.prefer("dark");
    open(&browser, "four");
    assert!(red(&browser) < 128);
    browser.prefer("light");
    assert!(red(&browser) > 128);
    browser.assert_quiet(&page("four"));
}

#[test]
fn every_question_has_sentences_figures_and_a_chart() {
    let Some(browser) = Browser::start() else { return };
    open(&browser, "four");
    let text = fs::read_to_string(study().path().join("four/study.json")).unwrap();
    let kept: Value = serde_json::from_str(&text).unwrap();
    let shown = browser.run(
        "return [...document.querySelectorAll('.answer')].map(it => ({
           question: it.querySelector('h3').textContent,
           sentences: [...it.querySelectorAll('.sentences li')].map(li => li.textContent),
           measures: it.querySelectorAll('.estimate svg circle').length > 0
             ? it.querySelectorAll('.estimate').length : 0 }));",
    );
    let answers = kept["answers"].as_array().unwrap();
    let expected: Vec<_> = answers
        .iter()
        .map(|answer| {
            json!({
                "question": answer["question"],
                "sentences": answer["sentences"],
                "measures": answer["measures"].as_array().unwrap().len(),
            })
        })
        .collect();
    assert_eq!(shown, Value::Array(expected));
    let behind = browser
        .number("[...document.querySelectorAll('.estimate')].filter(it => !it.querySelector('table')).length");
    assert_eq!(behind, 0.0, "each chart has its figures behind it");
    browser.assert_quiet(&page("four"));
}

/// A dot stands where the figure and the marks of the axis say.
#[test]
fn dots_stand_where_their_figures_are() {
    let Some(browser) = Browser::start() else { return };
    open(&browser, "four");
    let text = fs::read_to_string(study().path().join("four/study.json")).unwrap();
    let kept: Value = serde_json::from_str(&text).unwrap();
    let plot = browser.run(
        "const svg = document.querySelector('.answer .whiskers svg');
         const marks = [...svg.querySelectorAll('.along')].map(it => [parseFloat(it.getAttribute('x')), parseFloat(it.textContent)]);
         const dots = [...svg.querySelectorAll('.run circle')].map(it => parseFloat(it.getAttribute('cx')));
         return { marks, dots };",
    );
    let at = |index: usize, part: usize| plot["marks"][index][part].as_f64().unwrap();
    let last = plot["marks"].as_array().unwrap().len() - 1;
    for (setting, dot) in plot["dots"].as_array().unwrap().iter().enumerate() {
        let share = (dot.as_f64().unwrap() - at(0, 0)) / (at(last, 0) - at(0, 0));
        let value = at(0, 1) + share * (at(last, 1) - at(0, 1));
        let mean = kept["settings"][setting]["run"]["jump_mean"]["mean"].as_f64().unwrap();
        assert!((value - mean).abs() < 0.01, "{value} is not {mean}");
    }
}

#[test]
fn what_a_study_says_of_itself_is_text() {
    let Some(browser) = Browser::start() else { return };
    open(&browser, "words");
    assert_eq!(browser.text("document.querySelector('.question').textContent"), QUESTION);
    assert_eq!(browser.number("document.querySelectorAll('img, h1 b, script').length"), 0.0);
    browser.assert_quiet(&page("words"));
}

/// The chart of an answer is a picture by itself, as whatever shows Markdown embeds it.
#[test]
fn charts_of_the_document_are_pictures() {
    let Some(browser) = Browser::start() else { return };
    let document = study().path().join("document.html");
    let images = ["four/answer-1.svg", "four/answer-4.svg", "words/answer-1.svg"];
    let html: Vec<_> = images.iter().map(|it| format!("<img src=\"{it}\">")).collect();
    fs::write(&document, html.concat()).unwrap();
    browser.open(&document, "");
    browser.wait_until("document.readyState === 'complete'");
    let widths = browser.run("return [...document.images].map(it => it.naturalWidth);");
    assert_eq!(widths, json!([720, 720, 720]), "an image that is not well-formed has none");
}

#[test]
fn charts_of_the_document_are_light_and_dark() {
    let Some(browser) = Browser::start() else { return };
    let file = study().path().join("words/answer-1.svg");
    browser.open(&file, "");
    assert_eq!(browser.number("document.querySelectorAll('img, script').length"), 0.0);
    let fill = |what: &str| {
        browser.text(&format!("getComputedStyle(document.querySelector('{what}')).fill"))
    };
    let colours = || [".paper", "text.name", ".m1 circle"].map(fill);
    browser.prefer("light");
    assert_eq!(colours(), ["rgb(252, 251, 248)", "rgb(27, 26, 23)", "rgb(11, 65, 145)"]);
    browser.prefer("dark");
    assert_eq!(colours(), ["rgb(21, 23, 26)", "rgb(233, 230, 223)", "rgb(88, 161, 243)"]);
    browser.assert_quiet(&file);
}

//! The page as a file: what it says, and what it must never hold.

use std::time::Duration;

use journal::Record;
use report::{Cut, EventRef, Finding, Judgement, Picture, Trace, page, picture};

use crate::simulator::{Simulator, summary};

/// The logs of a short run of three machines.
fn logs() -> Vec<Vec<Record>> {
    Simulator::new(&[1.0, 3.0, 6.0], 10, 30.0).logs()
}

fn html(logs: &[Vec<Record>], findings: &[Finding], judgement: Option<&Judgement>) -> String {
    let trace = Trace::of((1..).zip(logs.iter().cloned()));
    page(&trace, &summary(logs), findings, judgement)
}

/// All parts of `html` that are not script, style or data.
fn markup(html: &str) -> String {
    let mut rest = html.to_owned();
    for (begin, end) in [("<script", "</script>"), ("<style", "</style>")] {
        while let (Some(from), Some(to)) = (rest.find(begin), rest.find(end)) {
            rest.replace_range(from..to + end.len(), "");
        }
    }
    rest
}

#[test]
fn a_page_names_nothing_outside_itself() {
    let html = html(&logs(), &[], None);
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap().replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    for unsafe_word in ["unsafe", "http:", "https:", "data:", "*"] {
        assert!(!policy.contains(unsafe_word), "{policy}");
    }
    let markup = markup(&html);
    for outside in [" src=", "<link", "<img", "<iframe", "@import", "url(", " style=", "onclick"] {
        assert!(!markup.contains(outside), "{outside}");
    }
    assert!(!markup.contains("href=\"h"), "a link that leaves the page");
}

#[test]
fn a_finding_leads_to_its_chart_and_its_events() {
    let logs = logs();
    let finding = Finding {
        kind: "some_kind",
        sentence: "Less < more & \"said\".".to_owned(),
        chart: "queues",
        events: vec![EventRef { machine: 3, tick: 7 }, EventRef { machine: 9, tick: 1 }],
    };
    let clock = logs[2].iter().find(|record| record.tick() == Some(7)).unwrap().clock();
    let html = html(&logs, &[finding], None);
    assert!(html.contains("Less &#60; more &#38; &#34;said&#34;."), "{}", markup(&html));
    assert!(html.contains("href=\"#queues\""));
    assert!(html.contains(&format!("href=\"#e=3:{clock}\"")));
    assert!(!html.contains("#e=9:"), "there is no machine 9");
}

#[test]
fn a_verdict_is_said_as_it_is() {
    let verdict = |holds| Judgement {
        holds,
        text: "21 rules.".to_owned(),
        violations: vec!["C4 violated once: C(send) < C(receive)".to_owned()],
    };
    for (holds, word) in [(Some(true), "Holds"), (Some(false), "Violated"), (None, "Cannot tell")] {
        let html = html(&logs(), &[], Some(&verdict(holds)));
        assert!(html.contains(&format!("<b>{word}</b>")), "{word}");
        assert!(html.contains("C(send) &#60; C(receive)"));
    }
    assert!(!markup(&html(&logs(), &[], None)).contains("class=\"verdict"));
}

#[test]
fn absences_are_said_and_drawn() {
    let mut logs = logs();
    // Machine 1 loses what it did from 10 s to 20 s, as if it had stalled.
    let begin = logs[0][0].time();
    let at = |seconds| begin.after(Duration::from_secs(seconds));
    logs[0].retain(|record| record.time() < at(10) || record.time() >= at(20));
    // Machine 2 ends at 25 s.
    logs[1].retain(|record| record.time() < at(25));
    let html = html(&logs, &[], None);
    let said = markup(&html);
    assert!(said.contains("Machine 1 ticked late or not at all from "), "{said}");
    assert!(said.contains("Machine 2&#39;s log ends at "), "{said}");
    assert_eq!(said.matches("class=\"band m1\"").count(), 3, "on each chart over time");
}

#[test]
fn cuts_are_said_and_drawn_across_all() {
    let cut = |from, to| Cut { words: "All was cut off".to_owned(), from, to };
    let cuts = [cut(20.0, f64::INFINITY), cut(5.0, 10.0), cut(99.0, 100.0)];
    let trace = Trace::of((1..).zip(logs())).with_cuts(cuts);
    let html = page(&trace, &summary(&logs()), &[], None);
    let said = markup(&html);
    assert!(said.contains("All was cut off from 5.00 s to 10.0 s. All was cut off from 20.0 s"));
    assert!(!said.contains("99.0 s"), "that is after the run");
    assert_eq!(said.matches("class=\"band cut\"").count(), 3 * 2, "on each chart over time");
    assert!(
        html.contains(r#""cuts":[{"from":5.0,"to":10.0},{"from":20.0,"to":"#),
        "in the diagram"
    );
    let svg = picture(&trace, &summary(&logs()), Picture::Queues);
    let (_, band) = svg.split_once("<rect class=\"band cut\" x=\"").unwrap();
    let share: f64 = band.split('%').next().unwrap().parse().unwrap();
    assert!((share / 100.0 * trace.seconds() - 5.0).abs() < 0.01, "{share}");
}

#[test]
fn a_run_without_events_has_a_page() {
    assert!(html(&[], &[], None).ends_with("</html>"));
    let mut logs = logs();
    logs.iter_mut().for_each(|records| records.truncate(1));
    assert!(html(&logs, &[], None).contains("Three machines at 1, 3 and 6 ticks a second"));
}

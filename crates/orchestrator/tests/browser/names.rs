//! What a log holds is shown, never obeyed.

use crate::browser::Browser;
use crate::page::open;
use crate::run::Run;

/// The name of a run that would be markup if it were let.
const NAME: &str = r#"</script></style><img src=x onerror=alert(1)><b>'&amp;"#;

#[test]
fn a_name_is_text_whatever_it_looks_like() {
    let Some(browser) = Browser::start() else { return };
    let logs = [1, 2].map(|machine| {
        let run = serde_json::to_string(NAME).unwrap();
        format!(
            r#"{{"event":"start","log":"offbeat-log/1","time":"2026-11-23T20:02:53.740706Z","run":{run},"machine":{machine},"machines":2,"topology":"full","rate":4,"draw_max":10,"phase":0,"pacing":"even","stamp":"after","incarnation":1,"clock":0}}
{{"event":"internal","time":"2026-11-23T20:02:54.740706Z","tick":1,"draw":7,"queue":0,"clock":1}}
"#
        )
    });
    let run = Run::of_logs(&logs);
    open(&browser, &run, "");
    let facts = browser.text("document.querySelector('.facts').textContent");
    assert!(facts.contains(NAME), "{facts}");
    assert_eq!(browser.number("document.querySelectorAll('img, b > b').length"), 0.0);
    browser.assert_quiet(&run.page());
}

//! A browser with one page.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{self, Driver};

/// How long a page may take until something holds.
const HOLDS_MAX: Duration = Duration::from_secs(30);

/// One browser at a time: they would slow each other down.
static ONE: Mutex<()> = Mutex::new(());

/// A headless browser with an empty profile.
pub(crate) struct Browser {
    // Before the profile that it writes to.
    driver: Driver,
    _profile: TempDir,
    _one: MutexGuard<'static, ()>,
}

impl Browser {
    /// None, loudly, if there is none here.
    pub(crate) fn start() -> Option<Self> {
        if !driver::is_there() {
            return None;
        }
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let profile = TempDir::new().unwrap();
        let mut driver = Driver::start();
        driver.begin(capabilities(profile.path()));
        let browser = Self { driver, _profile: profile, _one: one };
        browser.resize(1280, 900);
        browser.forget_first_tab();
        Some(browser)
    }

    /// The page that a browser begins with makes requests of its own.
    fn forget_first_tab(&self) {
        self.driver.post("/url", json!({ "url": "about:blank" }));
        let _ = (self.log("browser"), self.log("performance"));
    }

    /// Opens a file with a fragment, anew.
    pub(crate) fn open(&self, file: &Path, fragment: &str) {
        self.driver.post("/url", json!({ "url": "about:blank" }));
        self.driver.post("/url", json!({ "url": address(file) + fragment }));
    }

    /// What a function with this body returns.
    pub(crate) fn run(&self, body: &str) -> Value {
        self.driver.post("/execute/sync", json!({ "script": body, "args": [] }))
    }

    /// What a function with this body hands to `done`.
    pub(crate) fn run_async(&self, body: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{body}");
        self.driver.post("/execute/async", json!({ "script": script, "args": [] }))
    }

    /// The text that this expression gives.
    pub(crate) fn text(&self, expression: &str) -> String {
        let value = self.run(&format!("return String({expression});"));
        value.as_str().unwrap_or_default().to_owned()
    }

    /// The number that this expression gives.
    pub(crate) fn number(&self, expression: &str) -> f64 {
        let value = self.run(&format!("return Number({expression});"));
        value.as_f64().unwrap_or(f64::NAN)
    }

    /// Waits until this expression is true.
    pub(crate) fn wait_until(&self, expression: &str) {
        let begin = Instant::now();
        while self.run(&format!("return Boolean({expression});")) != json!(true) {
            assert!(begin.elapsed() < HOLDS_MAX, "not true: {expression}");
            thread::sleep(Duration::from_millis(30));
        }
    }

    /// Presses and releases the mouse at a place of the window.
    pub(crate) fn click(&self, x: f64, y: f64) {
        let (x, y) = (x.round() as i64, y.round() as i64);
        let actions = json!([
            { "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ]);
        let mouse = json!({ "type": "pointer", "id": "mouse", "actions": actions });
        self.driver.post("/actions", json!({ "actions": [mouse] }));
    }

    /// Clicks what this selector finds.
    pub(crate) fn press(&self, selector: &str) {
        self.run(&format!("document.querySelector({selector:?}).click();"));
    }

    /// Types keys, each a character, where the focus is.
    pub(crate) fn type_keys(&self, keys: &str) {
        let key = |key: char| {
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        };
        let actions: Vec<_> = keys.chars().flat_map(key).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.driver.post("/actions", json!({ "actions": [keyboard] }));
    }

    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// Lets the system prefer `dark` or `light`.
    pub(crate) fn prefer(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
    }

    fn devtools(&self, command: &str, params: Value) {
        self.driver.post("/goog/cdp/execute", json!({ "cmd": command, "params": params }));
    }

    /// Asserts that nothing was complained about since the last time, and that no
    /// request was made but for the file itself.
    pub(crate) fn assert_quiet(&self, file: &Path) {
        let console = self.log("browser");
        assert!(console.is_empty(), "{console:#?}");
        let file = address(file);
        for url in self.log("performance").iter().filter_map(requested) {
            let is_ours = url.split('#').next() == Some(&file) || url == "about:blank";
            assert!(is_ours, "the page asked for {url}");
        }
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.driver.post("/se/log", json!({ "type": kind }));
        log.as_array().cloned().unwrap_or_default()
    }
}

fn address(file: &Path) -> String {
    format!("file://{}", file.canonicalize().unwrap().display())
}

/// The address of a request, if this entry of the log is one.
fn requested(entry: &Value) -> Option<String> {
    let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let message = &message["message"];
    let is_request = message["method"] == "Network.requestWillBeSent";
    is_request.then(|| message["params"]["request"]["url"].as_str().map(str::to_owned))?
}

fn capabilities(profile: &Path) -> Value {
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        &format!("--user-data-dir={}", profile.display()),
    ];
    json!({ "alwaysMatch": {
        "browserName": "chrome",
        "timeouts": { "script": 120_000 },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        "goog:chromeOptions": { "args": args },
    }})
}

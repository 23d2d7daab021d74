//! Finds Chromium and its driver, starts the driver, and speaks WebDriver with it.

use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// How long the driver may take for anything.
const ANSWER_MAX: Duration = Duration::from_secs(120);

/// The bytes of an answer, the log of all requests among them.
const ANSWER_BYTES_MAX: u64 = 1 << 28;

/// Names that Chromium goes by.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The driver, a process of ours.
pub(crate) struct Driver {
    process: Child,
    base: String,
    agent: ureq::Agent,
}

/// Whether there is a browser to test with; if not, that is said loudly, or is a
/// failure.
pub(crate) fn is_there() -> bool {
    match search() {
        Ok(()) => true,
        Err(reason) => {
            let is_required = env::var_os("OFFBEAT_REQUIRE_BROWSER").is_some_and(|it| it == "1");
            assert!(!is_required, "OFFBEAT_REQUIRE_BROWSER=1, but {reason}");
            // Past the capture of a test that passes.
            let _ = writeln!(io::stderr(), "SKIPPED: the report in a browser, because {reason}");
            false
        }
    }
}

fn search() -> Result<(), &'static str> {
    if !BROWSERS.iter().any(|name| answers(name)) {
        return Err("there is no chromium");
    }
    answers("chromedriver").then_some(()).ok_or("there is no chromedriver")
}

fn answers(program: &str) -> bool {
    let mut command = Command::new(program);
    let command = command.arg("--version").stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}

impl Driver {
    /// Starts it on a port that it finds free itself, and tells.
    pub(crate) fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| port(&line));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_MAX))
            .build();
        let base = format!("http://127.0.0.1:{}", port.expect("chromedriver tells its port"));
        Self { process, base, agent: config.into() }
    }

    /// Begins a session: from here on, calls are its.
    pub(crate) fn begin(&mut self, capabilities: Value) {
        let answer = self.post("/session", json!({ "capabilities": capabilities }));
        let session = answer["sessionId"].as_str().expect("a session has an id").to_owned();
        self.base = format!("{}/session/{session}", self.base);
    }

    /// Calls a command, and returns its value.
    pub(crate) fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.base);
        let mut answer = self.agent.post(&url).send_json(&body).unwrap();
        let is_error = answer.status().is_client_error() || answer.status().is_server_error();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        let mut value: Value = body.read_json().unwrap();
        assert!(!is_error, "{path}: {value}");
        value["value"].take()
    }
}

/// Ends the session, which ends the browser, and then the driver.
impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.base).call();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `ChromeDriver was started successfully on port 37231.`
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

//! Studies, as the command makes them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::commands::root;
use crate::offbeat::{run_in, stderr, stdout};

fn json(folder: &Path, args: &str) -> Value {
    let output = run_in(folder, args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn a_study_is_the_same_on_one_core_and_on_two() {
    let temp = TempDir::new().unwrap();
    let on =
        |cores| stdout(&run_in(temp.path(), &format!("study pacing --seeds 6 --json {cores}")));
    let one = on("--cores 1");
    assert!(one.contains("offbeat-study/1"), "{one}");
    assert_eq!(one, on("--cores 2"));
    assert_eq!(one, on(""));
}

#[test]
fn figures_are_those_of_the_runs_that_simulate_makes() {
    let temp = TempDir::new().unwrap();
    let study = json(temp.path(), "study close-rates --seeds 5..7 --json");
    for (index, rates) in ["1,3,6", "4,5,6"].iter().enumerate() {
        let setting = &study["settings"][index];
        let mut clocks = Vec::new();
        for (place, seed) in (5..=7).enumerate() {
            let args = format!("simulate --rates {rates} --seed {seed} --json");
            let alone = json(temp.path(), &args);
            let run = &setting["runs"][place];
            assert_eq!((run["seed"].as_u64(), run["holds"].as_bool()), (Some(seed), Some(true)));
            assert_eq!(number(&run["run"]["clock_end"]), number(&alone["summary"]["clock_max"]));
            assert_eq!(run["events"], alone["summary"]["ticks"]);
            clocks.push(number(&alone["summary"]["clock_max"]));
        }
        let estimate = &setting["run"]["clock_end"];
        let mean = clocks.iter().sum::<f64>() / 3.0;
        let squares: f64 = clocks.iter().map(|clock| (clock - mean).powi(2)).sum();
        // t with two degrees of freedom, from a table.
        let half = 4.302_653 * (squares / 2.0 / 3.0).sqrt();
        assert!((number(&estimate["mean"]) - mean).abs() < 1e-9, "{estimate}");
        assert!((number(&estimate["interval"][1]) - mean - half).abs() < 1e-4, "{estimate}");
    }
}

#[test]
fn differences_are_taken_seed_by_seed() {
    let temp = TempDir::new().unwrap();
    let study = json(temp.path(), "study low-internal --seeds 4 --json");
    let jumps = |setting: usize| -> Vec<f64> {
        let runs = study["settings"][setting]["runs"].as_array().unwrap();
        runs.iter().map(|run| number(&run["run"]["jump_mean"])).collect()
    };
    let differences: Vec<_> = jumps(1).iter().zip(jumps(0)).map(|(one, base)| one - base).collect();
    let estimate = &study["settings"][1]["minus_baseline"]["jump_mean"];
    let least = differences.iter().copied().fold(f64::INFINITY, f64::min);
    assert!((number(&estimate["min"]) - least).abs() < 1e-12, "{estimate} {differences:?}");
    assert_eq!(study["settings"][0]["minus_baseline"], serde_json::json!({}));
}

#[test]
fn the_assignment_keeps_a_document_that_answers_the_four_questions() {
    let temp = TempDir::new().unwrap();
    let output = run_in(temp.path(), "study assignment --virtual --seeds 6 --out kept");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = fs::read_to_string(temp.path().join("kept/study.md")).unwrap();
    for question in [
        "## How large are the jumps of the logical clocks?",
        "## How far do the logical clocks drift apart?",
        "## How do the timings shape gaps and queue lengths?",
        "## What changes with closer rates, and with fewer internal events?",
    ] {
        let (_, answer) = text.split_once(question).unwrap_or_else(|| panic!("{text}"));
        assert!(answer.trim_start().starts_with("- "), "{question}: {text}");
        assert!(stdout(&output).contains(question.trim_start_matches("## ")));
    }
    let kept = fs::read_to_string(temp.path().join("kept/study.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept, json(temp.path(), "study assignment --virtual --seeds 6 --json"));
    for answer in kept["answers"].as_array().unwrap() {
        for sentence in answer["sentences"].as_array().unwrap() {
            assert!(text.contains(sentence.as_str().unwrap()), "{sentence}");
        }
    }
    let again = run_in(temp.path(), "study assignment --virtual --seeds 6 --out kept");
    assert_eq!(stdout(&again), stdout(&output), "all runs are there");
    charts_of_the_document_are_those_of_the_page(&temp.path().join("kept"), 4);
}

/// What README says of its picture of a study is what the command says.
#[test]
fn the_picture_in_readme_shows_what_the_study_comes_to() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, words) = readme.split_once("![Answers of a study.").unwrap();
    let (words, _) = words.split_once("](docs/images/study.png)").unwrap();
    let temp = TempDir::new().unwrap();
    let study = json(temp.path(), "study assignment --virtual --json");
    let expected = ["jump_mean", "drift_end"].iter().flat_map(|measure| {
        study["settings"].as_array().unwrap().iter().map(|setting| {
            let estimate = &setting["run"][*measure];
            [&estimate["mean"], &estimate["interval"][0], &estimate["interval"][1]].map(number)
        })
    });
    let said: Vec<f64> =
        words.split([' ', '(', ')', ',', ';']).filter_map(|word| word.parse().ok()).collect();
    let expected: Vec<f64> = expected.flatten().collect();
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!((said / expected - 1.0).abs() < 0.006, "{said} is {expected}");
    }
}

/// Each answer of `study.md` ends in a chart, and all of them have the dots and whiskers
/// of `study.html`.
fn charts_of_the_document_are_those_of_the_page(folder: &Path, answers: usize) {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let document = read("study.md");
    let files: Vec<_> = document
        .split("\n## ")
        .filter_map(|section| section.trim_end().rsplit_once("]("))
        .filter_map(|(_, rest)| rest.strip_suffix(".svg)"))
        .map(|name| format!("{name}.svg"))
        .collect();
    assert_eq!(files.len(), answers, "{document}");
    let drawn: Vec<_> = files.iter().map(|name| whiskers(&read(name))).collect();
    assert!(drawn.iter().all(|drawn| !drawn.is_empty()), "{files:?}");
    assert_eq!(drawn.concat(), whiskers(&read("study.html")));
}

/// The dots with their lines.
fn whiskers(text: &str) -> Vec<String> {
    let all = text.split("<g class=\"").skip(1).map(|rest| rest.split("</g>").next().unwrap());
    all.filter(|it| it.contains("<circle")).map(str::to_owned).collect()
}

#[test]
fn a_run_that_is_wrong_is_told_of() {
    let temp = TempDir::new().unwrap();
    let file = "title = \"Broken\"\nquestion = \"Is it seen?\"\nseeds = \"5..7\"\n\
                [[settings]]\nname = \"baseline\"\nrates = [1, 3, 6]\n\
                [[settings]]\nname = \"broken\"\nstamp = \"before\"\n";
    fs::write(temp.path().join("broken.toml"), file).unwrap();
    let output = run_in(temp.path(), "study broken.toml");
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("Failed: 3 of 6 runs"), "{text}");
    assert!(text.contains("broken, seed 5: C4: "), "{text}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let temp = TempDir::new().unwrap();
    let head = "title = \"a\"\nquestion = \"b\"\nseeds = \"2\"\n";
    let two = "[[settings]]\nname = \"baseline\"\n[[settings]]\n";
    for (file, said) in [
        (format!("{head}{two}name = \"baseline\"\n"), "two settings are called \"baseline\""),
        (format!("{head}{two}draw_max = 5\n"), "it has no name"),
        (format!("{head}{two}name = \"a\"\nseed = 1\n"), "each setting is run under all seeds"),
        (format!("{head}{two}name = \"a\"\ndraw_max = 0\n"), "a.toml:8:12"),
        (format!("{head}{two}name = \"a\"\ndrawmax = 5\n"), "did you mean `draw_max`?"),
        (format!("{head}settings = []\n"), "there is no setting"),
        (format!("{head}live = \"0\"\n{two}name = \"a\"\n"), "there would be no run"),
        (format!("{head}{two}name = \"a\"\nports = [1, 2, 3]\n"), "all runs would be on these"),
        (head.replace('2', "7..5") + two + "name = \"a\"\n", "is no range of seeds"),
        (
            format!(
                "{head}answers = {{ closer_rates = \"a\", fewer_internal = \"c\" }}\n{two}\
                 name = \"a\"\n"
            ),
            "\"c\" is no variation",
        ),
    ] {
        fs::write(temp.path().join("a.toml"), &file).unwrap();
        let output = run_in(temp.path(), "study a.toml");
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(stderr(&output).contains(said), "{file}: {}", stderr(&output));
    }
    let unknown = run_in(temp.path(), "study nothing");
    assert_eq!(unknown.status.code(), Some(2));
    for known in ["assignment", "baseline", "five-machines", "long-run", "pacing"] {
        assert!(stderr(&unknown).contains(known), "{}", stderr(&unknown));
    }
    let none = run_in(temp.path(), "study baseline --duration 0s");
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("baseline: the run would last no time"), "{}", stderr(&none));
    let both = run_in(temp.path(), "study baseline --live --virtual");
    assert_eq!(both.status.code(), Some(2));
    let many = run_in(temp.path(), "study baseline --seeds 1..1000000");
    assert!(stderr(&many).contains("100000 runs at most"), "{}", stderr(&many));
}

/// What is too much to be drawn is said, in the page and in the document.
#[test]
fn nothing_is_left_out_silently() {
    let temp = TempDir::new().unwrap();
    let file = "title = \"Many\"\nquestion = \"Is it all?\"\nseeds = \"61\"\n\
                [[settings]]\nname = \"baseline\"\nmachines = 10\nduration = \"2s\"\n\
                [[settings]]\nname = \"broken\"\nstamp = \"before\"\n";
    fs::write(temp.path().join("many.toml"), file).unwrap();
    let made = |args: &str, name: &str| {
        run_in(temp.path(), &format!("study {args} --virtual --out out-{args}"));
        fs::read_to_string(temp.path().join(format!("out-{args}/{name}"))).unwrap()
    };
    let of_charts = [
        "of more than 60 runs none is drawn by itself",
        "Of 10 machines only the 8 slowest are drawn; the file study.json has all.",
    ];
    let of_runs = [
        "Of 10 machines only the first 8 are drawn here.",
        "baseline, the first 40 of 61 runs",
        "Of more than 10 seeds no run is drawn by itself",
    ];
    let page = made("many.toml", "study.html");
    let broken = page.matches("<li>broken, seed ").count() as u64;
    let (_, more) = page.split_once("<li>and ").unwrap();
    let more: u64 = more.split(' ').next().unwrap().parse().unwrap();
    let (all, _) = page.split_once(" of 122 runs are not held to be right.").unwrap();
    assert!(all.ends_with(&format!("<span>{}", broken + more)), "{broken} and {more}");
    for words in of_charts.iter().chain(&of_runs) {
        assert!(page.contains(words), "{words}");
    }
    let document = made("many.toml", "study.md");
    assert!(of_charts.iter().all(|words| document.contains(words)), "{document}");
    let small = made("baseline", "study.html");
    assert!(!small.contains(of_charts[0]) && !small.contains(" only "));
}

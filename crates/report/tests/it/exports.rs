//! Exports, read back by parsers that know nothing but the rules of each format.

use std::collections::BTreeMap;

use journal::{Pacing, Phase, Record};
use report::{Analysis, CsvTable, Format, export_logs};
use serde_json::Value;

use crate::graph::Graph;
use crate::virtual_run::VirtualRun;

/// A crash, a latency, and jumps: something of everything.
fn eventful() -> VirtualRun {
    VirtualRun::new(&[1.0, 3.0, 6.0], 10, 20).crash("2@5s..7s").latency("exp:20ms")
}

/// Many events in one instant.
fn burst() -> VirtualRun {
    VirtualRun::new(&[2.0, 3.0, 6.0], 5, 10)
        .with(|run| (run.pacing, run.phase) = (Pacing::Burst, Phase::Aligned))
}

fn exported(run: &VirtualRun, format: Format) -> String {
    let mut bytes = Vec::new();
    export_logs(run.logs(), format, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The records of RFC 4180: fields in quotes or without, each record ended.
fn parse_csv(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut records = vec![vec![String::new()]];
    let (mut is_quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let record = records.last_mut().unwrap();
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                record.last_mut().unwrap().push('"');
                chars.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(String::new()),
            '\n' if !is_quoted => records.push(vec![String::new()]),
            '\r' if !is_quoted => {}
            c => record.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(records.pop().unwrap(), [""], "the last record is ended, too");
    let header = records.remove(0);
    let row = |record: Vec<String>| {
        assert_eq!(record.len(), header.len());
        header.iter().cloned().zip(record).collect()
    };
    records.into_iter().map(row).collect()
}

#[test]
fn csv_has_every_event() {
    let rows = parse_csv(&exported(&eventful(), Format::Csv));
    let logs = eventful().logs();
    let graph = Graph::of(&logs);
    assert_eq!(rows.len(), graph.events.len());
    for row in &rows {
        let number = |name: &str| row[name].parse::<u64>().unwrap();
        let record = &graph.events[graph.find(number("machine") as u32, number("tick"))].1;
        assert_eq!(row["time"], record.time().to_string());
        assert_eq!((number("clock"), number("queue")), (record.clock(), record.queue().unwrap()));
        assert_eq!(number("clock") - number("clock_before"), number("jump"));
        match record {
            Record::Internal(it) => {
                assert_eq!((row["event"].as_str(), number("draw")), ("internal", it.draw));
            }
            Record::Send(it) => {
                let list = |name: &str| -> Vec<u64> {
                    row[name].split(' ').map(|it| it.parse().unwrap()).collect()
                };
                let to: Vec<_> = it.to.iter().copied().map(u64::from).collect();
                assert_eq!((row["event"].as_str(), list("to")), ("send", to));
                assert_eq!((list("seq"), number("draw")), (it.seq.to_vec(), it.draw));
            }
            Record::Receive(it) => {
                assert_eq!((row["event"].as_str(), number("from")), ("receive", it.from.into()));
                assert_eq!((number("seq"), number("stamp")), (it.seq, it.stamp));
                let send = graph.find(it.from, number("sent_tick"));
                assert_eq!(graph.clock(send), it.stamp);
            }
            _ => panic!("no event"),
        }
    }
}

#[test]
fn csv_tables_have_the_figures() {
    let analysis = eventful().analysis();
    let table = |table| {
        let mut bytes = Vec::new();
        analysis.write_table(table, &mut bytes).unwrap();
        parse_csv(&String::from_utf8(bytes).unwrap())
    };
    let machines = table(CsvTable::Machines);
    assert_eq!(machines.len(), 3);
    for (row, machine) in machines.iter().zip(&analysis.summary.machines) {
        assert_eq!(row["clock"], machine.statistics.clock.to_string());
        assert!(row["queue_max"].parse::<f64>().unwrap() <= machine.statistics.queue_max as f64);
        assert_eq!(row["restarts"], machine.statistics.restarts().to_string());
    }
    assert_eq!(table(CsvTable::Links).len(), analysis.links.len());
    assert_eq!(table(CsvTable::Drifts).len(), 3);
    let clocks = table(CsvTable::Clocks);
    assert_eq!(clocks.last().unwrap()["machine_3"], machines[2]["clock"]);
    let jumps = table(CsvTable::Jumps);
    let counted: u64 = jumps.iter().map(|row| row["count"].parse::<u64>().unwrap()).sum();
    assert_eq!(counted, analysis.summary.ticks);
}

/// An event as ShiViz reads it.
struct Shiviz {
    event: String,
    host: String,
    clock: BTreeMap<String, u64>,
}

/// `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`, over the whole text.
fn parse_shiviz(text: &str) -> Vec<Shiviz> {
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len() % 2, 0);
    let event = |pair: &[&str]| {
        let (host, clock) = pair[1].split_once(' ').unwrap();
        assert!(clock.starts_with('{') && clock.ends_with('}'));
        let (event, host) = (pair[0].to_owned(), host.to_owned());
        Shiviz { event, host, clock: serde_json::from_str(clock).unwrap() }
    };
    lines.chunks(2).map(event).collect()
}

/// What ShiViz asks of vector clocks: each host's own component starts at 1 and
/// grows by 1, and nobody knows more of a host than that host does.
fn check_shiviz(events: &[Shiviz]) {
    let mut own: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        let before = own.entry(&event.host).or_default();
        assert_eq!(event.clock[&event.host], *before + 1, "{}", event.event);
        *before += 1;
        for (host, time) in &event.clock {
            assert!(*time >= 1 && *time <= own[host.as_str()], "{}", event.event);
        }
    }
}

#[test]
fn shiviz_finds_the_graph_of_the_run() {
    for run in [eventful(), burst()] {
        let (events, graph) =
            (parse_shiviz(&exported(&run, Format::Shiviz)), Graph::of(&run.logs()));
        check_shiviz(&events);
        assert_eq!(events.len(), graph.events.len());
        let field = |event: &Shiviz, name: &str| -> u64 {
            let fields = event.event.split(' ').filter_map(|word| word.split_once('='));
            fields.clone().find(|(key, _)| *key == name).unwrap().1.parse().unwrap()
        };
        let place = |event: &Shiviz| {
            let machine = event.host.strip_prefix("machine-").unwrap().parse().unwrap();
            graph.find(machine, field(event, "tick"))
        };
        let places: Vec<_> = events.iter().map(place).collect();
        for (one, &a) in events.iter().zip(&places) {
            assert_eq!(field(one, "lamport"), graph.clock(a));
            for (other, &b) in events.iter().zip(&places) {
                let knows = other.clock.get(&one.host) >= Some(&one.clock[&one.host]);
                assert_eq!(knows && a != b, graph.happened_before(a, b));
            }
        }
    }
}

fn text<'a>(event: &'a Value, key: &str) -> &'a str {
    event[key].as_str().unwrap()
}

fn number(event: &Value, key: &str) -> u64 {
    event[key].as_u64().unwrap_or_else(|| panic!("{key} of {event} is no integer"))
}

/// The rules of the Trace Event Format that Perfetto holds to: the events of each
/// phase.
fn parse_trace(text_of_trace: &str) -> BTreeMap<String, Vec<Value>> {
    let trace: Value = serde_json::from_str(text_of_trace).unwrap();
    let mut phases: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in trace["traceEvents"].as_array().unwrap() {
        let phase = text(event, "ph");
        assert!(["X", "s", "f", "C", "M"].contains(&phase), "{event}");
        assert!(!text(event, "name").is_empty() && number(event, "pid") > 0);
        phases.entry(phase.to_owned()).or_default().push(event.clone());
    }
    phases
}

/// The slice of a track that encloses a moment.
fn enclosing<'a>(slices: &'a [Value], end: &Value) -> &'a Value {
    let encloses = |slice: &&Value| {
        let (ts, at) = (number(slice, "ts"), number(end, "ts"));
        let is_in = (ts..ts + number(slice, "dur")).contains(&at);
        slice["pid"] == end["pid"] && slice["tid"] == end["tid"] && is_in
    };
    let all: Vec<_> = slices.iter().filter(encloses).collect();
    assert_eq!(all.len(), 1, "one slice encloses {end}");
    all[0]
}

fn check_trace(run: &VirtualRun) {
    let graph = Graph::of(&run.logs());
    let phases = parse_trace(&exported(run, Format::Perfetto));
    let slices = &phases["X"];
    assert_eq!(slices.len(), graph.events.len());
    assert_eq!(phases["M"].len(), 3);
    let place =
        |slice: &Value| graph.find(number(slice, "pid") as u32, number(&slice["args"], "tick"));
    for pid in 1..=3 {
        let mut own: Vec<_> = slices.iter().filter(|it| number(it, "pid") == pid).collect();
        own.sort_by_key(|slice| number(slice, "ts"));
        for pair in own.windows(2) {
            let end = number(pair[0], "ts") + number(pair[0], "dur");
            assert!(number(pair[0], "dur") >= 1 && end <= number(pair[1], "ts"), "they overlap");
        }
    }
    let starts: BTreeMap<_, _> = phases["s"].iter().map(|it| (number(it, "id"), it)).collect();
    assert_eq!(starts.len(), phases["s"].len(), "one id a message");
    let mut ended = std::collections::BTreeSet::new();
    for end in &phases["f"] {
        let start = starts[&number(end, "id")];
        assert!(ended.insert(number(end, "id")) && text(end, "bp") == "e");
        assert_eq!((&start["cat"], &start["name"]), (&end["cat"], &end["name"]));
        assert!(number(start, "ts") <= number(end, "ts"));
        let (send, receive) = (enclosing(slices, start), enclosing(slices, end));
        assert!(graph.happened_before(place(send), place(receive)));
        assert_eq!(send["args"]["clock"], receive["args"]["stamp"]);
    }
    let received = graph.events.iter().filter(|(_, it)| matches!(it, Record::Receive(_))).count();
    assert_eq!(ended.len(), received);
    for counter in &phases["C"] {
        assert!(counter["args"]["messages"].is_u64());
    }
    assert_eq!(phases["C"].len(), graph.events.len());
}

#[test]
fn perfetto_shows_slices_arrows_and_queues() {
    check_trace(&eventful());
    check_trace(&burst());
}

#[test]
fn a_run_without_events_is_exported_too() {
    for format in [Format::Csv, Format::Shiviz, Format::Perfetto] {
        let mut bytes = Vec::new();
        export_logs([(1, Vec::new())], format, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        match format {
            Format::Csv => assert!(parse_csv(&text).is_empty()),
            Format::Shiviz => assert!(parse_shiviz(&text).is_empty()),
            Format::Perfetto => assert_eq!(parse_trace(&text)["M"].len(), 1),
        }
    }
}

/// What `summary.json` holds, as docs/summary-format.md has it.
#[test]
fn the_document_has_the_documented_keys() {
    let analysis = Analysis::of(eventful().logs());
    let json = serde_json::to_value(analysis.document()).unwrap();
    assert_eq!(json["format"], "offbeat-summary/1");
    let text = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/summary-format.md");
    let text = std::fs::read_to_string(text).unwrap();
    let mut missing = Vec::new();
    note_keys(&json, &mut missing, &|key| text.contains(&format!("`{key}`")));
    assert!(missing.is_empty(), "docs/summary-format.md does not say what these are: {missing:?}");
}

fn note_keys(json: &Value, missing: &mut Vec<String>, is_known: &dyn Fn(&str) -> bool) {
    match json {
        Value::Object(map) => {
            for (key, value) in map {
                if !is_known(key) && !missing.contains(key) {
                    missing.push(key.clone());
                }
                note_keys(value, missing, is_known);
            }
        }
        Value::Array(values) => values.iter().for_each(|it| note_keys(it, missing, is_known)),
        _ => {}
    }
}

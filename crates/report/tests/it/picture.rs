//! Charts as files of their own, read back as an SVG viewer would.

use report::{Picture, Trace, picture};

use crate::simulator::{Simulator, summary};

/// What stands between each `begin` and the `end` after it.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    text.split(begin).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

/// The figure at the end of each line, by its height on the scale at the left side.
fn ends(svg: &str) -> Vec<f64> {
    let scale: Vec<(f64, f64)> = between(svg, "<text class=\"up\" x=\"-6\" y=\"", "</text>")
        .into_iter()
        .map(|mark| {
            let (y, text) = mark.split_once("\" dy=\"4\">").unwrap();
            (y.parse().unwrap(), text.replace(',', "").parse().unwrap())
        })
        .collect();
    let [(y0, v0), .., (y1, v1)] = scale[..] else { panic!("{scale:?}") };
    let paths = between(svg, " d=\"", "\"");
    let heights = paths.iter().map(|path| {
        let last = path.rsplit(['V', 'M', ' ']).next().unwrap();
        last.split('H').next().unwrap().parse::<f64>().unwrap()
    });
    heights.map(|y| v0 + (y - y0) / (y1 - y0) * (v1 - v0)).collect()
}

#[test]
fn lines_end_where_the_figures_say() {
    let logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 30.0).logs();
    let trace = Trace::of((1..).zip(logs.iter().cloned()));
    let summary = summary(&logs);
    type Figure = fn(&report::MachineSummary) -> u64;
    let cases: [(Picture, Figure); 3] = [
        (Picture::Clocks, |machine| machine.statistics.clock),
        (Picture::Drift, |machine| machine.behind),
        (Picture::Queues, |machine| machine.statistics.queue),
    ];
    for (which, figure) in cases {
        let svg = picture(&trace, &summary, which);
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{which:?}");
        let expected = summary.machines.iter().map(|machine| figure(machine) as f64);
        for (drawn, expected) in ends(&svg).into_iter().zip(expected) {
            let tolerance = 0.6 + expected * 0.005;
            assert!((drawn - expected).abs() < tolerance, "{which:?}: {drawn} for {expected}");
        }
        assert_eq!(between(&svg, " d=\"", "\"").len(), 3, "a line each");
    }
}

#[test]
fn a_file_has_the_colours_of_the_page() {
    let style = include_str!("../../src/page/page.css");
    let logs = Simulator::new(&[1.0, 3.0], 10, 5.0).logs();
    let trace = Trace::of((1..).zip(logs.iter().cloned()));
    let svg = picture(&trace, &summary(&logs), Picture::Clocks);
    let used = between(&svg, " { stroke: ", ";");
    let of_page: Vec<_> =
        (1..=8).map(|tint| between(style, &format!("--m{tint}: light-dark("), ",")[0]).collect();
    assert_eq!(used.iter().filter(|colour| of_page.contains(colour)).count(), 8, "{used:?}");
}

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

/// The numbers of an attribute, of all elements that begin so.
fn numbers(svg: &str, begin: &str, attribute: &str) -> Vec<f64> {
    let of = |element: &str| {
        let value = between(element, &format!(" {attribute}=\""), "\"")[0].trim_end_matches('%');
        value.parse().unwrap()
    };
    between(svg, begin, "/>").into_iter().map(of).collect()
}

#[test]
fn parts_are_as_wide_as_their_shares() {
    let logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 30.0).logs();
    let trace = Trace::of((1..).zip(logs.iter().cloned()));
    let summary = summary(&logs);
    let svg = picture(&trace, &summary, Picture::Mix);
    let parts = svg.split("Machine 1</text>").nth(1).unwrap();
    let widths = numbers(parts, "<rect", "width");
    let expected = summary.machines.iter().flat_map(|machine| {
        let it = &machine.statistics;
        [it.receives, it.sends, it.internals].map(|part| 100.0 * part as f64 / it.ticks as f64)
    });
    let expected: Vec<_> = expected.collect();
    assert_eq!(widths.len(), expected.len());
    for (width, expected) in widths.iter().zip(expected) {
        assert!((width - expected).abs() < 0.01, "{width} for {expected}");
    }
}

#[test]
fn bars_are_as_high_as_jumps_are_many() {
    let logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 30.0).logs();
    let trace = Trace::of((1..).zip(logs.iter().cloned()));
    let svg = picture(&trace, &summary(&logs), Picture::Jumps);
    for (index, panel) in svg.split("Machine ").skip(1).enumerate() {
        let clocks: Vec<u64> =
            logs[index].iter().filter(|it| it.tick().is_some()).map(|it| it.clock()).collect();
        let before = [0].into_iter().chain(clocks.iter().copied());
        let jumps: Vec<_> = clocks.iter().zip(before).map(|(now, before)| now - before).collect();
        let ones = jumps.iter().filter(|&&jump| jump == 1).count() as f64;
        let bars = between(panel, "<rect", "</rect>");
        let drawn = bars.iter().map(|bar| {
            let height: f64 = between(bar, " height=\"", "\"")[0].parse().unwrap();
            let count: f64 = between(bar, ": ", " of ")[0].parse().unwrap();
            (height, count)
        });
        let drawn: Vec<_> = drawn.collect();
        assert_eq!(drawn[0].1, ones, "jumps of 1");
        assert_eq!(drawn.iter().map(|(_, count)| count).sum::<f64>(), jumps.len() as f64);
        let most = drawn.iter().map(|(_, count)| *count).fold(0.0, f64::max);
        for (height, count) in drawn {
            let expected = if count > 0.0 { (110.0 * count / most).max(1.5) } else { 0.0 };
            assert!((height - expected).abs() < 0.06, "{height} for {count} of {most}");
        }
    }
}

//! The colours of the page: legible as text, and told apart by the colour-blind.

use std::collections::BTreeMap;

/// The style sheet, in which each colour is one for light and one for dark.
const STYLE: &str = include_str!("../../src/page/page.css");

/// The contrast that text needs: WCAG 2.2, 1.4.3.
const CONTRAST_MIN: f64 = 4.5;

/// How far apart (CIE 1976) colours of machines must be, for the first three, five
/// and eight, whatever sees them. 2.3 is just noticeable.
const APART_MIN: [(usize, f64); 3] = [(3, 22.0), (5, 16.0), (8, 9.0)];

/// Linear light, from 0 to 1.
type Rgb = [f64; 3];

/// What an eye makes of linear light: a normal one, and those without red, green
/// and blue cones (Machado, Oliveira, Fernandes 2009, severity 1).
const EYES: [[Rgb; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
];

/// The colours by name, for light and for dark.
fn themes() -> [BTreeMap<&'static str, Rgb>; 2] {
    let mut themes = [BTreeMap::new(), BTreeMap::new()];
    for line in STYLE.lines() {
        let Some((name, value)) = line.trim().split_once(": light-dark(") else { continue };
        let values = value.trim_end_matches(");").split(", ");
        for (theme, value) in themes.iter_mut().zip(values) {
            theme.insert(name.trim_start_matches("--"), rgb(value));
        }
    }
    themes
}

/// `#0b4191` in linear light.
fn rgb(hex: &str) -> Rgb {
    [1, 3, 5].map(|at| {
        let value =
            f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour is hexadecimal"))
                / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    })
}

fn luminance([red, green, blue]: Rgb) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn lab(colour: Rgb) -> [f64; 3] {
    let [red, green, blue] = colour;
    let x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505;
    let z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089;
    let [x, y, z] = [x, luminance(colour), z].map(|value| match value {
        0.008856.. => libm::cbrt(value),
        _ => 7.787 * value + 16.0 / 116.0,
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn seen(eye: &[Rgb; 3], colour: Rgb) -> Rgb {
    eye.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
}

/// The distance for the eye that tells them apart worst.
fn apart(a: Rgb, b: Rgb) -> f64 {
    let distance = |eye| {
        let (a, b) = (lab(seen(eye, a)), lab(seen(eye, b)));
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    EYES.iter().map(distance).fold(f64::INFINITY, f64::min)
}

#[test]
fn text_is_legible_in_light_and_dark() {
    for theme in themes() {
        let machines = (1..=8).map(|number| format!("m{number}"));
        let others = ["ink", "soft", "past", "future", "good", "bad", "notable"].map(str::to_owned);
        for name in machines.chain(others) {
            for ground in ["paper", "raised"] {
                // The panel names machines in bold, on its own ground.
                let contrast = contrast(theme[name.as_str()], theme[ground]);
                assert!(contrast >= CONTRAST_MIN, "{name} on {ground}: {contrast:.2}");
            }
        }
    }
}

#[test]
fn machines_are_told_apart_by_every_eye() {
    for theme in themes() {
        for (machines, least) in APART_MIN {
            for a in 1..=machines {
                for b in 1..a {
                    let colour = |number: usize| theme[format!("m{number}").as_str()];
                    let apart = apart(colour(a), colour(b));
                    assert!(apart >= least, "m{a} and m{b}: {apart:.1}");
                }
            }
        }
    }
}

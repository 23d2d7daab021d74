//! The charts of an answer as an SVG file of its own, beside the document in Markdown:
//! those of the page, in its colours, light and dark.

use askama::Template;

use super::whiskers::{Figure, Plot};
use super::{Shown, key};
use crate::page::theme::{DARK, LIGHT, Theme};
use crate::study::answers::Answer;
use crate::study::results::Study;
use crate::study::wording::capital;

/// Pixels: the drawing, what is left free at its sides, and from the left side of a
/// plot to that of the next.
const WIDTH: usize = 720;
const MARGIN: usize = 24;
const COLUMN: usize = 352;

/// The width of a plot.
const PLOT: usize = WIDTH - 2 * MARGIN - COLUMN;

/// Colours that are named in a line.
const KEYS_IN_A_LINE: usize = 5;

/// The height of a line of those, of what stands above a plot, of the heading of one of
/// two, of the marks of the axis, and of what is left free below.
const KEYS: usize = 18;
const TITLE: usize = 44;
const HEADING: usize = 18;
const AXIS: usize = 24;
const FREE: usize = 24;

/// The charts of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChart {
    /// What its file is called: `answer-1.svg`.
    pub name: String,
    /// The measures that it shows, in words.
    pub title: String,
    /// The file.
    pub svg: String,
}

/// The charts of each answer, in the order of the answers.
///
/// # Panics
/// Never: writing to a string does not fail.
#[must_use]
pub fn answer_charts(study: &Study) -> Vec<AnswerChart> {
    (1..).zip(study.answers()).map(|(number, answer)| chart(study, number, answer)).collect()
}

fn chart(study: &Study, number: usize, answer: Answer) -> AnswerChart {
    let titles: Vec<_> = answer.measures.iter().map(|measure| measure.title()).collect();
    let shown = Shown::of(study, answer);
    let drawing = Drawing::of(study, &shown);
    AnswerChart {
        name: format!("answer-{number}.svg"),
        title: capital(&titles.join(", ")),
        svg: drawing.render().expect("writing to a string does not fail"),
    }
}

#[derive(Template)]
#[template(path = "answer.svg")]
struct Drawing<'a> {
    question: &'a str,
    /// The machines: number of the colour, and name; line by line.
    keys: Vec<Vec<(usize, String)>>,
    cells: Vec<Cell<'a>>,
    height: usize,
}

/// A plot in its place, with what stands above it.
struct Cell<'a> {
    x: usize,
    y: usize,
    /// The measure and what it is of; none beside the first plot of the same.
    figure: Option<&'a Figure>,
    heading: Option<&'static str>,
    plot_y: usize,
    plot: &'a Plot,
}

impl<'a> Drawing<'a> {
    fn of(study: &Study, shown: &'a Shown) -> Self {
        // The whole run comes first, in ink.
        let keys = [(0, "whole run".to_owned())].into_iter().chain(key(study)).collect::<Vec<_>>();
        let keys: Vec<_> = keys.chunks(KEYS_IN_A_LINE).map(<[_]>::to_vec).collect();
        let mut height = MARGIN + KEYS * keys.len();
        let cells = cells(&shown.figures, &mut height);
        Self { question: &shown.question, keys, cells, height }
    }

    /// The colours for light, and for dark where that is preferred.
    fn themes(&self) -> [(bool, Theme); 2] {
        [(false, LIGHT), (true, DARK)]
    }
}

/// Two plots in a row: those of two measures, or both of one.
fn cells<'a>(figures: &'a [Figure], height: &mut usize) -> Vec<Cell<'a>> {
    let plots = figures.iter().flat_map(|figure| {
        let firsts = [Some(figure)].into_iter().chain(std::iter::repeat(None));
        figure.plots.iter().zip(firsts)
    });
    let plots: Vec<_> = plots.collect();
    let has_headings = figures.iter().any(Figure::has_headings);
    let above = TITLE + if has_headings { HEADING } else { 0 };
    let mut cells = Vec::new();
    for row in plots.chunks(2) {
        for (column, &(plot, figure)) in row.iter().enumerate() {
            cells.push(Cell {
                x: MARGIN + COLUMN * column,
                y: *height,
                figure,
                heading: has_headings.then_some(plot.heading),
                plot_y: *height + above,
                plot,
            });
        }
        let highest = row.iter().map(|(plot, _)| plot.height).max().unwrap_or(0);
        *height += above + highest + AXIS + FREE;
    }
    cells
}

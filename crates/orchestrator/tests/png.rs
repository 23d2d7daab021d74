//! Charts as PNG files, read back by a decoder that shares no code with what wrote
//! them: `cargo test -p orchestrator --features png --test png`.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;
use zune_png::PngDecoder;
use zune_png::zune_core::bytestream::ZCursor;
use zune_png::zune_core::colorspace::ColorSpace;

/// Pixels to each of the SVG file.
const SCALE: usize = 3;

/// The paper.
const WHITE: [u8; 3] = [255; 3];

/// The charts of a run, with their SVG files.
struct Charts {
    folder: TempDir,
    images: Vec<(&'static str, Image)>,
}

/// Drawn once.
fn charts() -> &'static Charts {
    static CHARTS: OnceLock<Charts> = OnceLock::new();
    CHARTS.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        offbeat(at, "simulate --seed 1 --rates 1,3,6 --duration 20s --out runs/latest");
        let images = ["clocks", "drift", "queues", "mix", "jumps"].map(|chart| {
            offbeat(at, &format!("export --chart {chart} --out {chart}.svg"));
            offbeat(at, &format!("export --chart {chart} --out {chart}.png"));
            (chart, Image::read(&at.join(format!("{chart}.png"))))
        });
        Charts { images: images.into(), folder }
    })
}

impl Charts {
    fn image(&self, name: &str) -> &Image {
        &self.images.iter().find(|(other, _)| *other == name).unwrap().1
    }
}

fn offbeat(folder: &Path, args: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat"));
    let output = command.current_dir(folder).args(args.split_whitespace()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args}: {said}");
}

/// A picture, read back.
struct Image {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

impl Image {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let mut decoder = PngDecoder::new(ZCursor::new(&bytes));
        let samples = decoder.decode_raw().unwrap();
        let (width, height) = decoder.dimensions().unwrap();
        let each = decoder.colorspace().map(|space: ColorSpace| space.num_components()).unwrap();
        let pixels = samples.chunks(each).map(|it| [it[0], it[1], it[2]]);
        Self { width, height, pixels: pixels.collect() }
    }

    /// The pixels of a rectangle, in those of the SVG file.
    fn within(&self, x: usize, y: usize, width: usize, height: usize) -> Vec<[u8; 3]> {
        let rows = y * SCALE..(y + height) * SCALE;
        let row = |row: usize| &self.pixels[row * self.width..][x * SCALE..(x + width) * SCALE];
        rows.flat_map(row).copied().collect()
    }
}

/// Pixels that are darker than soft text and grid lines are.
fn ink(pixels: &[[u8; 3]]) -> usize {
    pixels.iter().filter(|it| it.iter().all(|&part| part < 0x40)).count()
}

#[test]
fn a_chart_is_three_times_as_large_as_its_svg_file() {
    for (chart, image) in &charts().images {
        let path = charts().folder.path().join(format!("{chart}.svg"));
        let svg = fs::read_to_string(path).unwrap();
        let size = format!("width=\"{}\" height=\"{}\"", image.width / SCALE, image.height / SCALE);
        assert!(svg.lines().next().unwrap().contains(&size), "{chart}: {size}");
        assert_eq!(image.pixels.len(), image.width * image.height);
        assert_eq!(image.pixels[0], WHITE, "{chart} is on white paper");
    }
}

#[test]
fn lines_and_labels_are_drawn_where_they_stand() {
    let image = charts().image("clocks");
    // The title, 15 px high with its foot at 24, from 16 on; nothing is left of it.
    assert!(ink(&image.within(16, 10, 60, 18)) > 500, "there is no title");
    assert_eq!(ink(&image.within(0, 10, 15, 18)), 0);
    // Numbers stand left of the grid, each in the soft colour of text.
    let soft = |pixels: &[[u8; 3]]| pixels.iter().filter(|&&it| it == [0x65, 0x61, 0x5a]).count();
    assert!(soft(&image.within(16, 86, 46, 210)) > 100, "no numbers at the axis");
    assert_eq!(soft(&image.within(0, 86, 15, 210)), 0);
    // A line of each colour in the area, and at its end a name in the same one.
    for colour in [[0x0b, 0x41, 0x91], [0xc8, 0x43, 0x0a], [0x0f, 0x7a, 0x5c]] {
        let of = |pixels: Vec<[u8; 3]>| pixels.iter().filter(|&&it| it == colour).count();
        assert!(of(image.within(66, 92, 564, 200)) > 500, "no line in {colour:?}");
        assert!(of(image.within(636, 80, 60, 230)) > 20, "no name in {colour:?}");
    }
}

/// A box for each letter that no font has would be as wide for each word.
#[test]
fn titles_are_as_wide_as_their_words() {
    let widths = ["mix", "queues", "jumps", "drift"].map(|chart| {
        let image = charts().image(chart);
        (16..300).rev().find(|&x| ink(&image.within(x, 10, 1, 18)) > 0).unwrap_or(0)
    });
    // "Event mix", "Queues", "Jumps", "Drift".
    assert!(widths.is_sorted_by(|wide, narrow| wide > narrow), "{widths:?}");
}

#[test]
fn commands_of_the_documents_that_need_this_work() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/exports.md");
    let text = fs::read_to_string(path).unwrap();
    let folder = charts().folder.path();
    let commands =
        text.lines().filter_map(|it| it.strip_prefix("cargo run --release --features png -- "));
    let commands: Vec<_> = commands.collect();
    assert!(!commands.is_empty());
    for command in commands {
        offbeat(folder, command);
        let (_, out) = command.split_once("--out ").unwrap();
        assert!(Image::read(&folder.join(out)).width > 0, "{command}");
    }
}

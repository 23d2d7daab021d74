//! A chart as a PNG file, for documents that take no SVG: drawn by resvg, with a font
//! that is built in, so that it looks the same on every computer.

/// Draws an SVG file as a PNG file; none in a build without the feature `png`.
#[cfg(feature = "png")]
pub(crate) const DRAW: Option<fn(&str) -> Vec<u8>> = Some(draw);

/// Draws an SVG file as a PNG file; none in a build without the feature `png`.
#[cfg(not(feature = "png"))]
pub(crate) const DRAW: Option<fn(&str) -> Vec<u8>> = None;

#[cfg(feature = "png")]
fn draw(svg: &str) -> Vec<u8> {
    use resvg::tiny_skia::{Pixmap, Transform};

    /// Pixels to each of the file: in print, that is sharp.
    const SCALE: f32 = 3.0;
    /// Pixels from top to bottom, at most: the chart of very many machines is scaled less.
    const HEIGHT_MAX: f32 = 16_384.0;

    let tree = resvg::usvg::Tree::from_str(svg, &options()).expect("a chart is well-formed SVG");
    let scale = SCALE.min(HEIGHT_MAX / tree.size().height());
    let size = tree.size().to_int_size().scale_by(scale).expect("a chart is not empty");
    let mut pixels = Pixmap::new(size.width(), size.height()).expect("its size is bounded");
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().expect("writing to memory does not fail")
}

/// The one family of fonts: about as wide as those that browsers take, for which the
/// charts are laid out.
#[cfg(feature = "png")]
fn options() -> resvg::usvg::Options<'static> {
    use dejavu::sans_condensed::{bold, regular};
    use resvg::usvg::Options;
    use resvg::usvg::fontdb::Source;

    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    for font in [regular(), bold()] {
        fonts.load_font_source(Source::Binary(std::sync::Arc::new(font)));
    }
    fonts.set_sans_serif_family("DejaVu Sans");
    options
}

//! How long frames take while someone moves about in the diagram.

use crate::browser::Browser;

/// Frames that are measured.
const FRAMES: u32 = 300;

/// Pans, zooms in, pans and zooms out, an event of the wheel a frame; the frames'
/// lengths in milliseconds, the shortest first.
pub(crate) fn measure(browser: &Browser) -> Vec<f64> {
    let lengths = browser.run_async(&format!(
        "const canvas = document.getElementById('canvas'), box = canvas.getBoundingClientRect();
         const turn = wheel => canvas.dispatchEvent(new WheelEvent('wheel', {{
           bubbles: true, cancelable: true, clientX: box.left + box.width / 2, clientY: box.top + 60, ...wheel
         }}));
         const turns = [{{ deltaX: 30 }}, {{ ctrlKey: true, deltaY: -60 }}, {{ ctrlKey: true, deltaY: -60 }},
           {{ deltaX: -30 }}, {{ ctrlKey: true, deltaY: 60 }}, {{ ctrlKey: true, deltaY: 60 }}];
         const lengths = [];
         let last = 0, frames = 0;
         requestAnimationFrame(function frame(now) {{
           if (last) lengths.push(now - last);
           last = now;
           if (++frames > {FRAMES}) return done(lengths);
           turn(turns[Math.floor(frames / 25) % turns.length]);
           requestAnimationFrame(frame);
         }});"
    ));
    let mut lengths: Vec<_> =
        lengths.as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect();
    lengths.sort_by(f64::total_cmp);
    lengths
}

/// The length that this share of the frames does not exceed.
pub(crate) fn quantile(lengths: &[f64], share: f64) -> f64 {
    lengths[((lengths.len() - 1) as f64 * share).round() as usize]
}

// The whole run in a narrow strip, with a window where the diagram looks.

const STRIP = 34;

class Overview {
  constructor(canvas, run, view) {
    Object.assign(this, { canvas, run, view });
    this.densities = null;
    let drag = null;
    canvas.addEventListener("pointerdown", event => {
      drag = this.isInside(event) ? this.time(event) - (view.from + view.to) / 2 : 0;
      canvas.setPointerCapture(event.pointerId);
      view.centre(this.time(event) - drag);
    });
    canvas.addEventListener("pointermove", event => { if (drag !== null) view.centre(this.time(event) - drag); });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drag = null; });
  }

  time(event) { return (event.clientX - this.canvas.getBoundingClientRect().left) / this.width * this.run.seconds; }

  isInside(event) { return this.view.shows(this.time(event)); }

  resize(width, ratio) {
    this.width = width;
    this.ctx = sized(this.canvas, width, STRIP, ratio);
    this.densities = this.measure();
  }

  /** Events of all machines per two pixels. */
  measure() {
    const columns = Math.max(1, Math.floor(this.width / 2)), counts = new Float64Array(columns);
    for (const lane of this.run.lanes) {
      let before = 0;
      for (let column = 0; column < columns; column++) {
        const next = lowerBound(lane.time, (column + 1) / columns * this.run.seconds, before);
        counts[column] += next - before;
        before = next;
      }
    }
    const most = counts.reduce((most, count) => Math.max(most, count), 1);
    return counts.map(count => count / most);
  }

  draw(colours, selection) {
    const { ctx, view, width } = this, x = time => time / this.run.seconds * width;
    ctx.clearRect(0, 0, width, STRIP);
    const left = Math.max(0, x(view.from)), right = Math.min(width, x(view.to));
    ctx.fillStyle = colours.window;
    ctx.fillRect(left, 0, Math.max(3, right - left), STRIP);
    ctx.fillStyle = colours.concurrent;
    this.densities.forEach((share, column) => ctx.fillRect(2 * column, STRIP - 3 - share * (STRIP - 9), 1.4, share * (STRIP - 9)));
    ctx.strokeStyle = colours.soft;
    ctx.lineWidth = 1;
    ctx.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), STRIP - 1);
    if (selection) {
      ctx.fillStyle = colours.ink;
      ctx.fillRect(x(this.run.lanes[selection.lane].time[selection.index]) - 1, 0, 2, STRIP);
    }
  }
}

/** Gives a canvas as many pixels as the screen has there. */
function sized(canvas, width, height, ratio) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

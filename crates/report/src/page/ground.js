// What lies behind events and messages: the axis, the lines of the machines, the cones of
// past and future, absences, cuts.

const AXIS = 26;

/** A picture being drawn: where things are, what is drawn with, and what was counted. */
class Ground {
  constructor(diagram) {
    Object.assign(this, diagram.scene());
    this.x = time => (time - this.view.from) * this.width / this.view.span;
    this.tally = { events: 0, summarised: 0, messages: 0, lines: 0 };
  }

  shown(lane) { return !this.hidden.has(String(lane.machine)); }
  shows(kind) { return !this.hidden.has(KINDS[kind]); }
  y(lane) { return this.ys[lane.index ?? lane]; }

  // The axis

  drawAxis() {
    const { ctx, view } = this, step = roundStep(view.span / Math.max(2, this.width / 110));
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    ctx.font = this.font(11);
    for (let mark = Math.ceil(Math.max(0, view.from) / step); mark * step <= view.to; mark++) {
      if (mark * step > this.run.seconds) break;
      const x = Math.round(this.x(mark * step)) + 0.5;
      this.stroke(this.colours.rule, 1, () => { ctx.moveTo(x, AXIS - 6); ctx.lineTo(x, this.height); });
      ctx.fillStyle = this.colours.soft;
      ctx.textAlign = x < 18 ? "left" : x > this.width - 18 ? "right" : "center";
      ctx.fillText(`${(mark * step).toFixed(decimals)} s`, Math.min(this.width - 1, Math.max(1, x)), 12);
    }
  }

  font(size, weight = 400) { return `${weight} ${size}px ${this.colours.font}`; }

  stroke(colour, width, path) {
    const { ctx } = this;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    path();
    ctx.stroke();
  }

  fill(colour, path) {
    const { ctx } = this;
    ctx.fillStyle = colour;
    ctx.beginPath();
    path();
    ctx.fill();
  }

  // What lies behind events: cones, absences, the line of the machine

  drawGround(lane) {
    const { ctx } = this, y = this.y(lane);
    if (this.selection && this.shown(lane)) this.drawCone(lane, y);
    const end = Math.min(this.width, this.x(this.run.seconds)), begin = Math.max(0, this.x(0));
    this.stroke(this.tint(lane, 0.45), 1, () => { ctx.moveTo(begin, y); ctx.lineTo(end, y); });
    for (const absence of this.run.absences) if (absence.machine === lane.machine) this.drawAbsence(lane, y, absence);
  }

  drawCone(lane, y) {
    const past = this.selection.past[lane.index], future = this.selection.future[lane.index];
    const half = Math.min(this.laneHeight * 0.36, 26);
    const band = (colour, from, to) => {
      const left = Math.max(-2, this.x(from)), right = Math.min(this.width + 2, this.x(to));
      if (right > left) this.fill(colour, () => this.ctx.rect(left, y - half, right - left, 2 * half));
    };
    if (past > 0) band(this.colours.pastWash, 0, lane.time[past - 1]);
    if (future < lane.events) band(this.colours.futureWash, lane.time[future], this.run.seconds);
  }

  /** The line of a machine that was not there is dashed. */
  drawAbsence(lane, y, { from, to }) {
    const { ctx } = this, left = Math.max(-8, this.x(from)), right = Math.min(this.width + 8, this.x(to));
    if (right - left < 2) return;
    this.stroke(this.colours.paper, 3, () => { ctx.moveTo(left, y); ctx.lineTo(right, y); });
    ctx.setLineDash([2, 5]);
    this.stroke(this.tint(lane), 2, () => { ctx.moveTo(left, y); ctx.lineTo(right, y); });
    ctx.setLineDash([]);
  }

  /** Where links were cut, all is shaded: what crosses it was held back. */
  drawCut({ from, to }) {
    const left = Math.max(-2, this.x(from)), right = Math.min(this.width + 2, this.x(to));
    if (right > left) this.fill(this.colours.cutWash, () => this.ctx.rect(left, AXIS, right - left, this.height - AXIS));
  }

  tint(lane, alpha = 1) { return this.colours.tints[lane.tint - 1][alpha === 1 ? 0 : alpha < 0.4 ? 2 : 1]; }
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map(times => times * power).find(step => step >= least);
}

// Events as marks. Where they are too dense to be told apart, internal ones in a row are drawn
// as one, and then all as bars; each that is summarised is counted.

/** Pixels an event must have on average to be drawn by itself, or without the internal ones. */
const ROOMY = 9, DENSE = 4;
/** Pixels of a bar that summarises events. */
const BIN = 3;

/** One frame of the diagram. */
class Frame extends Arrows {
  draw() {
    this.ctx.clearRect(0, 0, this.width, this.height);
    for (const cut of this.run.cuts) this.drawCut(cut);
    this.drawAxis();
    for (const lane of this.run.lanes) this.drawGround(lane);
    this.drawMessages();
    if (this.selection) this.drawChain();
    for (const lane of this.run.lanes) if (this.shown(lane)) this.drawLane(lane);
    if (this.selection) this.drawSelected();
    return this.tally;
  }

  drawLane(lane) {
    const first = lowerBound(lane.time, this.view.from), end = lowerBound(lane.time, this.view.to);
    if (end <= first) return;
    const room = this.width / this.perView(lane, first, end);
    if (room < DENSE) this.drawBars(lane, first, end);
    else this.drawMarks(lane, first, end, room);
  }

  /** How many events the view would hold if it were full of them. */
  perView(lane, first, end) {
    const stretch = lane.time[end - 1] - lane.time[first];
    return Math.max(1, end - first > 1 ? (end - first - 1) * this.view.span / stretch : 1);
  }

  visibleKinds() { return [RECEIVE, SEND, INTERNAL].filter(kind => this.shows(kind)); }

  /**
   * Bars on a grid of time, so that they stay as they are while they move. Whole pixels, one
   * by one: thousands of rectangles in one path, at fractions, take a hundred times as long.
   */
  drawBars(lane, first, end) {
    const { ctx } = this, bins = this.bins(lane, first, end), kinds = this.visibleKinds();
    const total = counts => kinds.reduce((sum, kind) => sum + counts[kind], 0);
    const highest = bins.reduce((most, bin) => Math.max(most, total(bin.counts)), 1);
    const scale = Math.min(this.laneHeight * 0.6, 44) / highest, base = Math.round(this.y(lane)) - 1;
    const sums = new Float64Array(bins.length);
    for (const kind of kinds) {
      ctx.fillStyle = this.barColour(lane, kind);
      bins.forEach((bin, at) => {
        const bottom = Math.round(sums[at] * scale), top = Math.round((sums[at] += bin.counts[kind]) * scale);
        if (top > bottom) ctx.fillRect(Math.round(bin.x), base - top, BIN - 1, top - bottom);
      });
    }
    const count = total(lane.counts.map(counts => counts[end] - counts[first]));
    this.tally.events += count;
    this.tally.summarised += count;
  }

  bins(lane, first, end) {
    const wide = BIN * this.view.span / this.width, bins = [];
    for (let at = first, bin = Math.floor(lane.time[first] / wide); at < end; bin++) {
      const next = lowerBound(lane.time, (bin + 1) * wide, at, end);
      if (next > at) bins.push({ x: this.x(bin * wide), counts: lane.counts.map(counts => counts[next] - counts[at]) });
      if (next < end && lane.time[next] > (bin + 2) * wide) bin = Math.floor(lane.time[next] / wide) - 1;
      at = next;
    }
    return bins;
  }

  barColour(lane, kind) { return this.tint(lane, [0.3, 0.5, 1][kind]); }

  /** Marks by relation and kind, each set in one path. */
  drawMarks(lane, first, end, room) {
    const sets = [0, 1, 2, 3].map(() => KINDS.map(() => []));
    for (let i = first; i < end; i++) {
      if (!this.shows(lane.kind[i])) continue;
      const relation = this.selection ? relationTo(this.selection, lane.index, i) : CONCURRENT;
      const last = room < ROOMY && lane.kind[i] === INTERNAL ? this.runOfInternals(lane, i, end, relation) : i;
      if (last > i) this.drawRun(lane, i, last, relation); else sets[relation][lane.kind[i]].push(i);
      this.tally.events += last - i + 1;
      i = last;
    }
    const size = Math.min(5, Math.max(2.6, room / 3.2));
    sets.forEach((kinds, relation) => kinds.forEach((set, kind) => this.drawSet(lane, set, kind, this.markColour(lane, relation), size)));
    if (room >= ROOMY) this.drawClocks(lane, first, end);
  }

  markColour(lane, relation) {
    const { past, future, concurrent, ink } = this.colours;
    return this.selection ? [past, future, concurrent, ink][relation] : this.tint(lane);
  }

  /** The last of internal events in a row that are alike; the event itself if there is but one. */
  runOfInternals(lane, i, end, relation) {
    let last = i;
    while (last + 1 < end && lane.kind[last + 1] === INTERNAL &&
      (!this.selection || relationTo(this.selection, lane.index, last + 1) === relation)) last++;
    return last;
  }

  drawRun(lane, first, last, relation) {
    const left = this.x(lane.time[first]), right = this.x(lane.time[last]), y = this.y(lane);
    this.fill(this.markColour(lane, relation), () => this.ctx.roundRect(left - 1.5, y - 2, right - left + 3, 4, 2));
    this.tally.summarised += last - first + 1;
    if (right - left < 16) return;
    this.ctx.font = this.font(10);
    this.ctx.textAlign = "center";
    this.ctx.fillStyle = this.colours.soft;
    this.ctx.fillText(last - first + 1, (left + right) / 2, y - 6);
  }

  drawSet(lane, set, kind, colour, size) {
    if (set.length === 0) return;
    const y = this.y(lane), radius = kind === INTERNAL ? size * 0.45 : size;
    const circles = () => set.forEach(i => this.circle(this.x(lane.time[i]), y, radius));
    this.fill(kind === SEND ? this.colours.paper : colour, circles);
    if (kind === SEND) this.stroke(colour, 1.6, circles);
  }

  circle(x, y, radius) {
    this.ctx.moveTo(x + radius, y);
    this.ctx.arc(x, y, radius, 0, 2 * Math.PI);
  }

  /** Clocks, as many as there is room for; those that jumped are set off. */
  drawClocks(lane, first, end) {
    const { ctx } = this;
    // Away from the arrows: below in the lower half.
    const y = this.y(lane) + (2 * lane.index > this.run.lanes.length - 1 ? 19 : -10);
    let free = -Infinity;
    ctx.textAlign = "center";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = this.colours.paper;
    for (let i = first; i < end; i++) {
      if (!this.shows(lane.kind[i])) continue;
      const x = this.x(lane.time[i]), text = String(lane.clock[i]), half = text.length * 3.4 + 3;
      if (x - half < free) continue;
      const jumped = lane.clock[i] - clockBefore(lane, i) > 1;
      ctx.font = this.font(11, jumped ? 650 : 400);
      ctx.fillStyle = jumped ? this.colours.ink : this.colours.soft;
      ctx.strokeText(text, x, y);
      ctx.fillText(text, x, y);
      free = x + half;
    }
  }

  drawSelected() {
    const lane = this.run.lanes[this.selection.lane];
    if (!this.shown(lane)) return;
    const x = this.x(lane.time[this.selection.index]), y = this.y(lane);
    this.fill(this.colours.paper, () => this.circle(x, y, 8));
    this.stroke(this.colours.ink, 2, () => this.circle(x, y, 8));
    this.fill(this.colours.ink, () => this.circle(x, y, 4));
  }
}

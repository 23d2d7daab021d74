// Draws the stretch of time that is seen. What is seen is found by binary search; where
// events or messages are too dense to be told apart they are summarised, and counted.

/** Pixels an event must have on average to be drawn by itself, or without the internal ones. */
const ROOMY = 9, DENSE = 4;
/** Pixels of a bar that summarises events. */
const BIN = 3;
/** Lines of messages drawn at most, and with heads. */
const LINES_MAX = 2400, HEADS_MAX = 500;
const AXIS = 26;

/** One frame: where things are, what is drawn with, and what was counted. */
class Frame {
  constructor(diagram) {
    Object.assign(this, diagram.scene());
    this.x = time => (time - this.view.from) * this.width / this.view.span;
    this.tally = { events: 0, summarised: 0, messages: 0, lines: 0 };
  }

  draw() {
    this.ctx.clearRect(0, 0, this.width, this.height);
    this.drawAxis();
    for (const lane of this.run.lanes) this.drawGround(lane);
    this.drawMessages();
    if (this.selection) this.drawChain();
    for (const lane of this.run.lanes) if (this.shown(lane)) this.drawLane(lane);
    if (this.selection) this.drawSelected();
    return this.tally;
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

  tint(lane, alpha = 1) { return this.colours.tints[lane.tint - 1][alpha === 1 ? 0 : alpha < 0.4 ? 2 : 1]; }

  // Messages

  drawMessages() {
    if (this.hidden.has("message")) return;
    const links = this.run.links.filter(link => this.shown(this.run.lanes[link.from]) && this.shown(this.run.lanes[link.to]));
    const ranges = links.map(link => [lowerBound(link.until, this.view.from), lowerBound(link.sent, this.view.to)]);
    this.tally.messages = ranges.reduce((sum, [first, end]) => sum + Math.max(0, end - first), 0);
    // So wide a step that the lines of all links together are few enough.
    const step = this.tally.messages <= LINES_MAX ? 0 : Math.max(1, Math.ceil(2 * this.width * links.length / LINES_MAX));
    links.forEach((link, at) => this.drawLink(link, ranges[at], step));
  }

  drawLink(link, [first, end], step) {
    const lines = [[], [], [], []];
    for (let at = first; at < end; at = step ? this.skip(link, at, end, step) : at + 1) {
      const relation = this.selection ? this.relationOfMessage(link, at) : CONCURRENT;
      lines[relation].push(at);
      this.tally.lines++;
    }
    const sender = this.run.lanes[link.from];
    const crowd = this.tally.messages > HEADS_MAX;
    const { colours } = this;
    const plain = this.selection ? colours.faint : this.tint(sender, crowd ? 0.3 : 0.5);
    this.strokeLines(link, lines[CONCURRENT], plain, 1, !crowd);
    this.strokeLines(link, lines[PAST], colours.pastLine, 1.4, !crowd);
    this.strokeLines(link, lines[FUTURE], colours.futureLine, 1.4, !crowd);
  }

  /** The next message that is not within a step of pixels of this one. */
  skip(link, at, end, step) {
    const wide = step / this.width * this.view.span;
    const later = Number.isFinite(link.received[at]) ? lowerBound(link.until, link.until[at] + wide, at + 1, end) : end;
    return Math.max(at + 1, Math.min(lowerBound(link.sent, link.sent[at] + wide, at + 1, end), later));
  }

  relationOfMessage(link, at) {
    const id = link.ids[at], { send, receive } = this.run.messages;
    if (receive[id] >= 0 && receive[id] < this.selection.past[link.to]) return PAST;
    return send[id] >= this.selection.future[link.from] ? FUTURE : CONCURRENT;
  }

  strokeLines(link, lines, colour, width, heads) {
    if (lines.length === 0) return;
    const { ctx } = this, y1 = this.y(link.from), y2 = this.y(link.to);
    const arrived = lines.filter(at => Number.isFinite(link.received[at]));
    this.stroke(colour, width, () => {
      for (const at of arrived) { ctx.moveTo(this.x(link.sent[at]), y1); ctx.lineTo(this.x(link.received[at]), y2); }
    });
    if (heads) this.fill(colour, () => arrived.forEach(at => this.head(this.x(link.sent[at]), y1, this.x(link.received[at]), y2)));
    if (arrived.length < lines.length) this.strokeStubs(link, lines, colour, y1, y2);
  }

  /** A message that nobody read goes a little way. */
  strokeStubs(link, lines, colour, y1, y2) {
    const { ctx } = this, rise = Math.sign(y2 - y1) * Math.min(18, Math.abs(y2 - y1) / 3);
    ctx.setLineDash([2, 3]);
    this.stroke(colour, 1, () => {
      for (const at of lines) {
        if (Number.isFinite(link.received[at])) continue;
        const x = this.x(link.sent[at]);
        ctx.moveTo(x, y1);
        ctx.lineTo(x + 12, y1 + rise);
      }
    });
    ctx.setLineDash([]);
  }

  /** A slim head that ends where the mark of the receive begins. */
  head(x1, y1, x2, y2) {
    const { ctx } = this, length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const ux = (x2 - x1) / length, uy = (y2 - y1) / length;
    const tip = 5, x = x2 - ux * tip, y = y2 - uy * tip;
    ctx.moveTo(x, y);
    ctx.lineTo(x - ux * 7 - uy * 2.8, y - uy * 7 + ux * 2.8);
    ctx.lineTo(x - ux * 7 + uy * 2.8, y - uy * 7 - ux * 2.8);
    ctx.closePath();
  }

  /** The longest chain to the selected event; steps too small to be seen are drawn as one. */
  drawChain() {
    const { hops } = this.selection;
    this.stroke(this.colours.ink, 2, () => {
      let at = this.drawHop(hops[0], null);
      for (let i = 1; i < hops.length; i++) {
        const lane = this.run.lanes[hops[i].lane];
        if (lane.time[hops[i].last] < this.view.from - this.view.span) continue;
        if (this.x(lane.time[hops[i].last]) - at.x >= 1 || i === hops.length - 1) at = this.drawHop(hops[i], at);
        if (lane.time[hops[i].first] > this.view.to) break;
      }
    });
  }

  /** Along the message to a machine, and along its line. */
  drawHop({ lane: index, first, last }, before) {
    const { ctx } = this, lane = this.run.lanes[index], y = this.y(lane);
    const far = x => Math.min(Math.max(x, -4 * this.width), 5 * this.width);
    if (before) { ctx.moveTo(far(before.x), before.y); ctx.lineTo(far(this.x(lane.time[first])), y); }
    else ctx.moveTo(far(this.x(lane.time[first])), y);
    ctx.lineTo(far(this.x(lane.time[last])), y);
    return { x: this.x(lane.time[last]), y };
  }

  // Events

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

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map(times => times * power).find(step => step >= least);
}

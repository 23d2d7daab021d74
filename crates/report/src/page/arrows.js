// Messages as arrows, and the longest chain. What is seen is found by binary search; where
// messages are too dense to be told apart, many are drawn as one line, and counted.

/** Lines of messages drawn at most, and with heads. */
const LINES_MAX = 2400, HEADS_MAX = 500;

class Arrows extends Ground {
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
    this.strokeLines(link, lines[PAST], crowd ? colours.pastMist : colours.pastLine, crowd ? 1 : 1.4, !crowd);
    this.strokeLines(link, lines[FUTURE], crowd ? colours.futureMist : colours.futureLine, crowd ? 1 : 1.4, !crowd);
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
}

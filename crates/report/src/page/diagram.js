// The diagram as something to move about in: pointer, wheel, touch, keys, selection.

const NEAR = 14;

class Diagram {
  constructor(run, elements) {
    Object.assign(this, { run, elements });
    this.view = new View(run.seconds);
    this.view.changed = () => this.refresh();
    this.overview = new Overview(elements.overview, run, this.view);
    this.hidden = new Set();
    this.selection = null;
    this.listeners = [];
    this.pointers = new Map();
    this.listen();
  }

  // Drawing

  scene() {
    const { run, view, selection, hidden, ctx, width, height, ys, laneHeight, colours } = this;
    return { run, view, selection, hidden, ctx, width, height, ys, laneHeight, colours };
  }

  /** Takes the size of its box, and gives each machine a line. */
  resize() {
    this.width = Math.max(120, this.elements.box.clientWidth);
    const count = this.run.lanes.length;
    this.laneHeight = count > 40 ? 20 : Math.max(44, Math.min(this.width < 500 ? 84 : 104, 520 / count));
    let y = AXIS + 8;
    this.ys = this.run.lanes.map(lane => {
      const height = this.hidden.has(String(lane.machine)) ? Math.min(26, this.laneHeight) : this.laneHeight;
      y += height;
      return y - height * 0.42;
    });
    this.height = y + 6;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.ctx = sized(this.elements.canvas, this.width, this.height, ratio);
    this.overview.resize(this.width, ratio);
    this.listeners.forEach(listener => listener.resized?.(this));
    this.refresh();
  }

  refresh() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      const tally = new Frame(this).draw();
      this.overview.draw(this.colours, this.selection);
      this.listeners.forEach(listener => listener.drawn?.(this, tally));
    });
  }

  /** Time that lets events of the busiest machine be told apart. */
  comfortableSpan() {
    const most = Math.max(1, ...this.run.lanes.map(lane => lane.events));
    return Math.min(this.run.seconds, this.run.seconds * this.width / 15 / most);
  }

  // Selection

  select(event, { reveal = true, closer = false } = {}) {
    this.selection = event && selectionOf(this.run, event);
    if (event && reveal) this.reveal(event, closer);
    this.listeners.forEach(listener => listener.selected?.(this));
    this.refresh();
  }

  reveal({ lane, index }, closer) {
    const time = this.run.lanes[lane].time[index], span = this.comfortableSpan();
    if (closer && this.view.span > span) this.view.centre(time, span);
    else if (time < this.view.from + this.view.span * 0.04 || time > this.view.to - this.view.span * 0.04) this.view.centre(time);
  }

  show(lane) { return !this.hidden.has(String(lane.machine)); }

  isVisible(lane, index) { return this.show(lane) && !this.hidden.has(KINDS[lane.kind[index]]); }

  /** The visible event of a lane next to a time, looking both ways. */
  nearest(lane, time) {
    let after = lowerBound(lane.time, time), before = after - 1;
    while (after < lane.events && !this.isVisible(lane, after)) after++;
    while (before >= 0 && !this.isVisible(lane, before)) before--;
    const closer = before < 0 || (after < lane.events && lane.time[after] - time <= time - lane.time[before]);
    const index = closer ? after : before;
    return index >= 0 && index < lane.events ? { lane: lane.index, index } : null;
  }

  /** The event at a place of the canvas, or none. */
  at(x, y) {
    const distances = this.ys.map(laneY => Math.abs(laneY - y));
    const lane = this.run.lanes[distances.indexOf(Math.min(...distances))];
    if (!lane || !this.show(lane) || distances[lane.index] > Math.max(this.laneHeight / 2, NEAR)) return null;
    const event = this.nearest(lane, this.view.from + x / this.width * this.view.span);
    if (!event) return null;
    const away = Math.abs((lane.time[event.index] - this.view.from) / this.view.span * this.width - x);
    return away <= NEAR ? event : null;
  }

  /** The event before or after the selected one on its machine; the first in view if none is. */
  step(by) {
    if (!this.selection) return this.selectFirst();
    const lane = this.run.lanes[this.selection.lane];
    let index = this.selection.index + by;
    while (index >= 0 && index < lane.events && !this.isVisible(lane, index)) index += by;
    if (index >= 0 && index < lane.events) this.select({ lane: lane.index, index });
  }

  selectFirst() {
    const lane = this.run.lanes.find(lane => this.show(lane) && lane.events > 0);
    const event = lane && this.nearest(lane, this.view.from + 0.05 * this.view.span);
    if (event) this.select(event);
  }

  /** The event of the next machine that is nearest in time. */
  change(by) {
    if (!this.selection) return this.selectFirst();
    const time = this.run.lanes[this.selection.lane].time[this.selection.index];
    for (let at = this.selection.lane + by; this.run.lanes[at]; at += by) {
      const event = this.show(this.run.lanes[at]) && this.nearest(this.run.lanes[at], time);
      if (event) return this.select(event);
    }
  }

  /** From a receive to its send, from a send to the first receive. */
  follow() {
    if (!this.selection) return;
    const lane = this.run.lanes[this.selection.lane], i = this.selection.index;
    if (lane.cause[i] >= 0) return this.select({ lane: lane.from[i], index: lane.cause[i] });
    const { to, receive } = this.run.messages;
    for (let id = lane.out[i]; id < lane.out[i + 1]; id++) {
      if (receive[id] >= 0) return this.select({ lane: to[id], index: receive[id] });
    }
  }

  // What people do

  listen() {
    const { canvas } = this.elements;
    canvas.addEventListener("wheel", event => this.onWheel(event), { passive: false });
    canvas.addEventListener("pointerdown", event => this.onDown(event));
    canvas.addEventListener("pointermove", event => this.onMove(event));
    canvas.addEventListener("pointerup", event => this.onUp(event));
    canvas.addEventListener("pointercancel", event => this.pointers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("dblclick", event => this.view.zoom(0.4, this.timeAt(event)));
    canvas.addEventListener("keydown", event => this.onKey(event));
  }

  place(event) {
    const box = this.elements.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  timeAt(event) { return this.view.from + this.place(event).x / this.width * this.view.span; }

  /** The wheel alone goes on scrolling the page. */
  onWheel(event) {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.shiftKey ? event.deltaY : 0;
    if (!event.ctrlKey && !event.metaKey && !sideways) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.view.zoom(Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.006), this.timeAt(event));
    else this.view.pan(sideways / this.width * this.view.span);
  }

  onDown(event) {
    this.elements.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { ...this.place(event), moved: 0 });
  }

  onMove(event) {
    const pointer = this.pointers.get(event.pointerId), place = this.place(event);
    if (!pointer) return this.hover(place);
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId);
    if (others.length === 0) this.view.pan((pointer.x - place.x) / this.width * this.view.span);
    else this.pinch(others[0][1], pointer, place);
    pointer.moved += Math.abs(place.x - pointer.x) + Math.abs(place.y - pointer.y);
    Object.assign(pointer, place);
  }

  pinch(other, before, now) {
    const apart = Math.max(8, Math.abs(before.x - other.x)), next = Math.max(8, Math.abs(now.x - other.x));
    this.view.zoom(apart / next, this.view.from + other.x / this.width * this.view.span);
    before.moved = Infinity;
  }

  /** A press that hardly moved was a click. */
  onUp(event) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!pointer || pointer.moved > 5) return;
    const { x, y } = this.place(event);
    this.select(this.at(x, y), { reveal: false });
  }

  hover(place) {
    const event = place && this.at(place.x, place.y);
    this.elements.canvas.style.cursor = event ? "pointer" : "grab";
    this.listeners.forEach(listener => listener.hovered?.(this, event, place));
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this, keys = {
      ArrowLeft: () => event.shiftKey ? view.pan(-0.2 * view.span) : this.step(-1),
      ArrowRight: () => event.shiftKey ? view.pan(0.2 * view.span) : this.step(1),
      ArrowUp: () => this.change(-1),
      ArrowDown: () => this.change(1),
      Enter: () => this.follow(),
      Escape: () => this.select(null),
      Home: () => view.centre(view.span / 2),
      End: () => view.centre(this.run.seconds - view.span / 2),
      "+": () => view.zoom(0.6, this.focus()),
      "=": () => view.zoom(0.6, this.focus()),
      "-": () => view.zoom(1 / 0.6, this.focus()),
      "0": () => view.whole(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  /** What stays in place when zooming without a pointer. */
  focus() {
    const time = this.selection && this.run.lanes[this.selection.lane].time[this.selection.index];
    return time !== null && this.view.shows(time) ? time : undefined;
  }
}

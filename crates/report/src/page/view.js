// Which stretch of time is seen, and how the URL's fragment says it.

const SPAN_MIN = 0.002;

class View {
  constructor(seconds) {
    this.seconds = seconds;
    this.from = 0;
    this.to = seconds;
    this.changed = () => {};
  }

  get span() { return this.to - this.from; }

  /** Keeps within the run, with a little margin. */
  set(from, to) {
    const span = Math.min(Math.max(to - from, SPAN_MIN), this.seconds * 1.04);
    const margin = Math.min(span, this.seconds) * 0.02;
    const middle = (from + to) / 2;
    const begin = Math.min(Math.max(middle - span / 2, -margin), Math.max(this.seconds + margin - span, -margin));
    this.from = begin;
    this.to = begin + span;
    this.changed();
  }

  whole() { this.set(-0.02 * this.seconds, 1.02 * this.seconds); }

  pan(by) { this.set(this.from + by, this.to + by); }

  /** Zooms by a factor; what is at time `at` stays where it is. */
  zoom(factor, at = (this.from + this.to) / 2) {
    const span = Math.min(Math.max(this.span * factor, SPAN_MIN), this.seconds * 1.04);
    const share = (at - this.from) / this.span;
    this.set(at - share * span, at + (1 - share) * span);
  }

  centre(at, span = this.span) { this.set(at - span / 2, at + span / 2); }

  shows(time) { return time >= this.from && time <= this.to; }
}

/** What a fragment such as #e=1:57&from=3&to=9&hide=internal,2 says; none if it names a place on the page. */
function readFragment(hash) {
  if (!hash.includes("=")) return null;
  const words = new URLSearchParams(hash.slice(1));
  const number = name => words.has(name) && Number.isFinite(+words.get(name)) ? +words.get(name) : null;
  const event = /^(\d+):(\d+)$/.exec(words.get("e") ?? "");
  return {
    event: event && { machine: +event[1], clock: +event[2] },
    from: number("from"),
    to: number("to"),
    hide: (words.get("hide") ?? "").split(",").filter(Boolean),
  };
}

function writeFragment({ event, from, to, hide }) {
  const words = [`from=${from.toFixed(3)}`, `to=${to.toFixed(3)}`];
  if (event) words.unshift(`e=${event}`);
  if (hide.length > 0) words.push(`hide=${hide.join(",")}`);
  return `#${words.join("&")}`;
}

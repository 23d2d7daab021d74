// What is said beside the diagram: the selected event, what is in view, the table.

/** Hops of a chain that are listed at first, and rows of the table. */
const HOPS_SHOWN = 12, ROWS_SHOWN = 200;

/** An element with attributes and children; text is text. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") element.addEventListener("click", value); else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

class Panel {
  constructor(diagram, { event, status, listing }) {
    Object.assign(this, { diagram, event, status, listing, run: diagram.run });
    listing.addEventListener("toggle", () => this.list());
  }

  // The selected event

  selected({ selection }) {
    this.event.replaceChildren(...(selection ? [this.about(selection), this.chain(selection)] : []));
  }

  /** Says why nothing is selected although something was asked for. */
  miss(text) { this.event.replaceChildren(make("p", { class: "what" }, text)); }

  about(selection) {
    const { run } = this, lane = run.lanes[selection.lane], i = selection.index;
    return make("div", { class: "about" },
      make("p", { class: "what" }, make("b", { class: `m${lane.tint}` }, nameOf(run, selection)),
        ` machine ${lane.machine}, tick ${lane.tick[i]}, ${seconds(lane.time[i])}: ${deed(run, selection)}`),
      make("p", { class: "equation" }, equation(run, selection)),
      ...explanation(run, selection).map(sentence => this.sentence(sentence)),
      this.counts(selection),
      make("p", { class: "do" },
        make("button", { type: "button", onclick: () => this.diagram.select(null) }, "Clear")));
  }

  sentence(parts) {
    return make("p", {}, ...parts.map(part => typeof part === "string" ? part : this.link(part)));
  }

  link(event) {
    const lane = this.run.lanes[event.lane];
    return make("button", {
      type: "button", class: `event m${lane.tint}`, title: deed(this.run, event),
      onclick: () => this.diagram.select(event),
    }, nameOf(this.run, event));
  }

  counts({ counts }) {
    const item = (kind, text) => make("li", { class: kind }, make("b", {}, grouped(counts[kind])), ` ${text}`);
    return make("ul", { class: "counts" },
      item("past", "in its past"), item("future", "in its future"), item("concurrent", "concurrent with it"));
  }

  chain(selection) {
    const list = make("ol", {});
    const hops = selection.hops, hidden = Math.max(0, hops.length - HOPS_SHOWN);
    const fill = from => list.replaceChildren(...hops.slice(from).map((hop, at) => this.hop(hop, from + at)));
    list.setAttribute("start", hidden + 1);
    fill(hidden);
    const more = make("button", { type: "button", onclick: () => { list.setAttribute("start", 1); fill(0); more.remove(); } },
      `Show the ${counted(hidden, "step")} before`);
    return make("div", { class: "chain" }, make("p", {}, chainSentence(this.run, selection)),
      ...(hidden ? [more] : []), list);
  }

  /** A stay on a machine, and the message that it begins with. */
  hop({ lane: at, first, last }, place) {
    const { run } = this, lane = run.lanes[at], count = last - first + 1;
    const sender = place > 0 ? `message from machine ${lane.fromMachine[first]}: ` : "";
    const stay = count > 1 ? [" to ", this.link({ lane: at, index: last }), `, ${counted(count, "event")}`] : [];
    return make("li", {}, make("span", { class: `dot m${lane.tint}` }), sender, this.link({ lane: at, index: first }), ...stay);
  }

  // What is in view

  drawn(diagram, tally) {
    this.say(diagram, tally);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.list(), 300);
  }

  say({ view }, { events, summarised, messages, lines }) {
    const from = Math.max(0, view.from).toFixed(2), to = Math.min(this.run.seconds, view.to).toFixed(2);
    const parts = [`${from} s to ${to} s: ${counted(events, "event")}, ${counted(messages, "message")}.`];
    if (summarised === events && events > 0) parts.push("All events are summarised as bars.");
    else if (summarised > 0) parts.push(`${counted(summarised, "event")} summarised.`);
    if (lines < messages) parts.push(`The messages are drawn as ${counted(lines, "line")}.`);
    if (summarised > 0 || lines < messages) parts.push("Zoom in to see each.");
    const text = parts.join(" ");
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** The table, if it is open. */
  list() {
    if (!this.listing.open) return;
    const events = this.inView(), shown = events.slice(0, ROWS_SHOWN);
    const cells = ["Second", "Event", "Tick", "What", "Clock"];
    const table = make("table", {},
      make("thead", {}, make("tr", {}, ...cells.map(cell => make("th", { scope: "col" }, cell)))),
      make("tbody", {}, ...shown.map(event => this.row(event))));
    const left = events.length - shown.length;
    this.listing.lastElementChild.replaceChildren(table,
      ...(left > 0 ? [make("p", {}, `${counted(left, "more event")} in view: zoom in to list them.`)] : []));
  }

  /** Events in view in the order of time. */
  inView() {
    const { view, run } = this.diagram, events = [];
    for (const lane of run.lanes) {
      const end = lowerBound(lane.time, view.to);
      for (let index = lowerBound(lane.time, view.from); index < end; index++) {
        if (this.diagram.isVisible(lane, index)) events.push({ lane: lane.index, index });
      }
    }
    const time = ({ lane, index }) => run.lanes[lane].time[index];
    return events.sort((a, b) => time(a) - time(b));
  }

  row(event) {
    const { run } = this, lane = run.lanes[event.lane], i = event.index;
    const rise = lane.clock[i] - clockBefore(lane, i);
    const clock = `${clockBefore(lane, i)} → ${lane.clock[i]}${rise > 1 ? ` (+${rise})` : ""}`;
    return make("tr", {}, make("td", {}, lane.time[i].toFixed(3)), make("th", { scope: "row" }, this.link(event)),
      make("td", {}, String(lane.tick[i])), make("td", { class: "words" }, deed(run, event)), make("td", {}, clock));
  }
}

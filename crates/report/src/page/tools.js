// Search, zoom, filters, the names of the machines, and the address that keeps the view.

const element = id => document.getElementById(id);

function setUpTools(diagram) {
  element("search").addEventListener("submit", event => {
    event.preventDefault();
    search(diagram, element("find"));
  });
  element("find").addEventListener("input", () => element("find").setCustomValidity(""));
  element("in").addEventListener("click", () => diagram.view.zoom(0.5, diagram.focus()));
  element("out").addEventListener("click", () => diagram.view.zoom(2, diagram.focus()));
  element("whole").addEventListener("click", () => diagram.view.whole());
  for (const box of element("kinds").querySelectorAll("input")) setUpFilter(diagram, box);
}

/** "1:57", machine and clock. */
function search(diagram, field) {
  const words = /^\s*(\d+)\s*[:\s]\s*(\d+)\s*$/.exec(field.value);
  const event = words && findEvent(diagram.run, +words[1], +words[2]);
  if (event) return diagram.select(event, { closer: true });
  field.setCustomValidity(words ? `Machine ${words[1]} has no event with clock ${words[2]}.` : "Say machine and clock, as 1:57.");
  field.reportValidity();
}

/** What is not checked is hidden. */
function setUpFilter(diagram, box) {
  box.checked = !diagram.hidden.has(box.value);
  box.addEventListener("change", () => {
    if (box.checked) diagram.hidden.delete(box.value); else diagram.hidden.add(box.value);
    diagram.resize();
  });
}

/** The names beside the lines. */
class Lanes {
  constructor(diagram, box) {
    this.labels = diagram.run.lanes.map(lane => {
      const check = make("input", { type: "checkbox", value: String(lane.machine), "aria-label": `Machine ${lane.machine}` });
      setUpFilter(diagram, check);
      const label = make("label", { class: `m${lane.tint}`, "data-machine": String(lane.machine) }, check, make("span", {}, make("i", {}, "Machine "), String(lane.machine)));
      box.append(label);
      return label;
    });
    this.box = box;
  }

  resized({ ys, height }) {
    this.box.style.height = `${height}px`;
    this.labels.forEach((label, at) => { label.style.top = `${ys[at]}px`; });
  }
}

class Fragment {
  constructor(diagram, panel) {
    Object.assign(this, { diagram, panel });
    window.addEventListener("hashchange", () => this.read());
  }

  /** Shows what the fragment says, if it says something. */
  read() {
    const said = readFragment(location.hash);
    if (!said) return false;
    const { diagram } = this;
    diagram.hidden = new Set(said.hide);
    for (const box of document.querySelectorAll("#kinds input, #lanes input")) box.checked = !diagram.hidden.has(box.value);
    diagram.resize();
    const event = said.event && findEvent(diagram.run, said.event.machine, said.event.clock);
    const hasStretch = said.from !== null && said.to !== null && said.to > said.from;
    if (hasStretch) diagram.view.set(said.from, said.to);
    diagram.select(event, { closer: !hasStretch, reveal: !hasStretch });
    if (said.event && !event) this.panel.miss(`Machine ${said.event.machine} has no event with clock ${said.event.clock}.`);
    element("diagram").scrollIntoView();
    this.started = true;
    return true;
  }

  drawn() {
    clearTimeout(this.later);
    // Browsers bound how often the address may change.
    if (this.started) this.later = setTimeout(() => this.write(), 250);
    this.started = true;
  }

  write() {
    const { view, selection, run, hidden } = this.diagram;
    const event = selection && nameOf(run, selection);
    const fragment = writeFragment({ event, from: view.from, to: view.to, hide: [...hidden] });
    if (fragment !== location.hash) history.replaceState(null, "", fragment);
  }
}

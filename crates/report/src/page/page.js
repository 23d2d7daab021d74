// Ties the page together: theme, tools, fragment, charts, and the diagram.

const element = id => document.getElementById(id);

// Colours

/** The colours of the style sheet as the canvas needs them, for the theme of the moment. */
function readColours() {
  const probe = document.body.appendChild(document.createElement("span"));
  const value = name => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["ink", "soft", "faint", "rule", "paper", "past", "future", "concurrent", "window"];
  const colours = Object.fromEntries(names.map(name => [name, value(name)]));
  colours.pastWash = withAlpha(colours.past, 0.11);
  colours.futureWash = withAlpha(colours.future, 0.11);
  colours.pastLine = withAlpha(colours.past, 0.6);
  colours.futureLine = withAlpha(colours.future, 0.6);
  colours.tints = [1, 2, 3, 4, 5, 6, 7, 8].map(number => [1, 0.55, 0.25].map(alpha => withAlpha(value(`m${number}`), alpha)));
  colours.font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return colours;
}

const withAlpha = (rgb, alpha) => rgb.replace(/^rgb\(([^)]*)\)$/, `rgba($1, ${alpha})`);

/** Goes through light, dark and what the system says. */
function setUpTheme(button, changed) {
  const themes = ["auto", "light", "dark"];
  const apply = theme => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    changed();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    remember(next);
    apply(next);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  matchMedia("print").addEventListener("change", changed);
  apply(themes.includes(remembered()) ? remembered() : "auto");
}

// A page opened from disk may have no storage.
function remember(theme) { try { localStorage.setItem("offbeat-theme", theme); } catch { /* then not */ } }
function remembered() { try { return localStorage.getItem("offbeat-theme"); } catch { return null; } }

// Tools

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

// The fragment

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

// Tips: over the diagram, and over the charts

function placeTip(tip, text, x, y) {
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const left = Math.min(x + 14, window.innerWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left) + window.scrollX}px`;
  tip.style.top = `${y + 16 + window.scrollY}px`;
}

class Tip {
  constructor(tip) { this.tip = tip; }

  hovered(diagram, event, place) {
    if (!event) return placeTip(this.tip, "");
    const box = diagram.elements.canvas.getBoundingClientRect();
    const text = `${nameOf(diagram.run, event)}  ${deed(diagram.run, event)}`;
    placeTip(this.tip, text, box.left + place.x, box.top + place.y);
  }
}

/** Figures of the machines at a time, as the charts show them. */
const FIGURES = {
  clocks: (lane, index) => lane.clock[index],
  queues: (lane, index) => lane.queue[index],
  drift: (lane, index, most) => most - lane.clock[index],
};

function chartText(run, chart, time) {
  const places = run.lanes.map(lane => lowerBound(lane.time, time + 1e-9) - 1);
  const most = Math.max(...run.lanes.map((lane, at) => lane.clock[places[at]] ?? 0));
  const figures = run.lanes.slice(0, 12).map((lane, at) =>
    `machine ${lane.machine}: ${places[at] < 0 ? "–" : grouped(FIGURES[chart](lane, places[at], most))}`);
  return [`${time.toFixed(2)} s`, ...figures].join("\n");
}

/** Moving over a chart tells its figures; a click opens the diagram there. */
function setUpChart(area, diagram, tip) {
  const time = event => {
    const box = area.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * diagram.run.seconds;
  };
  const rule = document.createElementNS("http://www.w3.org/2000/svg", "line");
  for (const [name, value] of Object.entries({ class: "cursor", y1: 18, y2: 218, visibility: "hidden" })) rule.setAttribute(name, value);
  area.append(rule);
  area.addEventListener("pointermove", event => {
    const at = `${100 * time(event) / diagram.run.seconds}%`;
    for (const [name, value] of Object.entries({ x1: at, x2: at, visibility: "visible" })) rule.setAttribute(name, value);
    placeTip(tip, chartText(diagram.run, area.dataset.chart, time(event)), event.clientX, event.clientY);
  });
  area.addEventListener("pointerleave", () => { rule.setAttribute("visibility", "hidden"); placeTip(tip, ""); });
  area.addEventListener("click", event => {
    diagram.view.centre(time(event), diagram.comfortableSpan());
    placeTip(tip, "");
    element("diagram").scrollIntoView();
  });
}

// Begin

function begin() {
  const run = decodeRun(JSON.parse(element("run").textContent), element("events").textContent);
  for (const id of ["tools", "stage", "listing", "how"]) element(id).hidden = false;
  const diagram = new Diagram(run, { canvas: element("canvas"), overview: element("overview"), box: element("canvas-box") });
  setUpTheme(element("theme"), () => {
    diagram.colours = readColours();
    diagram.refresh();
  });
  const panel = new Panel(diagram, { event: element("event"), status: element("status"), listing: element("listing") });
  const fragment = new Fragment(diagram, panel), tip = new Tip(element("tip"));
  diagram.listeners.push(new Lanes(diagram, element("lanes")), panel, fragment, tip);
  setUpTools(diagram);
  diagram.resize();
  if (!fragment.read()) diagram.view.set(0, diagram.comfortableSpan());
  new ResizeObserver(() => { if (element("canvas-box").clientWidth !== diagram.width) diagram.resize(); }).observe(element("canvas-box"));
  for (const area of document.querySelectorAll("[data-chart]")) setUpChart(area, diagram, element("tip"));
}

begin();

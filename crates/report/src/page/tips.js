// What is said where the pointer is: over the diagram, and over the charts.

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

// Begins: ties theme, tools, address, charts and diagram together.

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

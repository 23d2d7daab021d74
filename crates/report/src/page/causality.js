// Happens-before. The past of an event is a prefix of every lane and its future a
// suffix, so that one number a lane says it all (Mattern 1989: consistent cuts).

const PAST = 0, FUTURE = 1, CONCURRENT = 2, ITSELF = 3;

/** Depth of every event: 1 + that of its deepest predecessor. Lamport's clock, if all is right. */
function measureChains(run) {
  const done = run.lanes.map(() => 0);
  for (let moved = true; moved;) {
    moved = false;
    for (const lane of run.lanes) {
      const before = done[lane.index];
      done[lane.index] = measureLane(run, lane, before, done);
      moved ||= done[lane.index] > before;
    }
  }
}

/** Goes on until an event waits for a send that is not measured yet. */
function measureLane(run, lane, index, done) {
  for (; index < lane.events; index++) {
    const cause = lane.cause[index];
    if (cause >= 0 && cause >= done[lane.from[index]]) break;
    const sent = cause >= 0 ? run.lanes[lane.from[index]].depth[cause] : 0;
    lane.depth[index] = Math.max(index > 0 ? lane.depth[index - 1] : 0, sent) + 1;
  }
  return index;
}

/** How many events of each lane are the event or in its past. */
function pastOf(run, event) {
  const reach = new Int32Array(run.lanes.length);
  const work = [[event.lane, event.index + 1]];
  while (work.length > 0) {
    const [at, end] = work.pop(), lane = run.lanes[at];
    const begin = reach[at];
    reach[at] = Math.max(begin, end);
    for (let i = begin; i < end; i++) {
      if (lane.cause[i] >= reach[lane.from[i]]) work.push([lane.from[i], lane.cause[i] + 1]);
    }
  }
  return reach;
}

/** Where in each lane the events begin that are the event or in its future. */
function futureOf(run, event) {
  const reach = Int32Array.from(run.lanes, lane => lane.events);
  const { to, receive } = run.messages;
  const work = [[event.lane, event.index]];
  while (work.length > 0) {
    const [at, begin] = work.pop(), lane = run.lanes[at];
    const end = reach[at];
    reach[at] = Math.min(begin, end);
    if (begin >= end) continue;
    for (let id = lane.out[begin]; id < lane.out[end]; id++) {
      if (receive[id] >= 0 && receive[id] < reach[to[id]]) work.push([to[id], receive[id]]);
    }
  }
  return reach;
}

/** An event with all that is known of its place in the order. */
function selectionOf(run, event) {
  const past = pastOf(run, event), future = futureOf(run, event);
  const before = past.reduce((sum, count) => sum + count, 0) - 1;
  const after = run.lanes.reduce((sum, lane) => sum + lane.events - future[lane.index], 0) - 1;
  return {
    ...event, past, future,
    counts: { past: before, future: after, concurrent: run.total - before - after - 1 },
    hops: hopsOf(run, event),
  };
}

/** How an event of a lane stands to the selected one. */
function relationTo(selection, lane, index) {
  if (lane === selection.lane && index === selection.index) return ITSELF;
  if (index < selection.past[lane]) return PAST;
  return index >= selection.future[lane] ? FUTURE : CONCURRENT;
}

/** The event before on the longest chain, or none. A tie stays on the machine. */
function predecessor(run, { lane: at, index }) {
  const lane = run.lanes[at], cause = lane.cause[index];
  const own = index > 0 ? lane.depth[index - 1] : 0;
  if (cause >= 0 && run.lanes[lane.from[index]].depth[cause] > own) {
    return { lane: lane.from[index], index: cause };
  }
  return index > 0 ? { lane: at, index: index - 1 } : null;
}

/** The longest chain to an event, first event first, as stays on machines: from `first` to `last`. */
function hopsOf(run, event) {
  const hops = [];
  for (let at = event; at; at = predecessor(run, at)) {
    const hop = hops[hops.length - 1];
    if (hop && hop.lane === at.lane && hop.first === at.index + 1) hop.first = at.index;
    else hops.push({ lane: at.lane, first: at.index, last: at.index });
  }
  return hops.reverse();
}

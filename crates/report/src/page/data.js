// The events of the run, decoded into columns of numbers, one set a machine ("lane"),
// and the messages between them. The code is described in columns.rs.

const INTERNAL = 0, SEND = 1, RECEIVE = 2;
const KINDS = ["internal", "send", "receive"];

/** Numbers as varints, from bytes. Exact up to 2^53. */
class Numbers {
  constructor(base64) {
    const text = atob(base64);
    this.bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[i] = text.charCodeAt(i);
    this.at = 0;
  }

  next() {
    let value = 0, scale = 1, byte;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return value;
  }

  step() {
    const value = this.next();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}

function emptyLane({ machine, tint, events }, index) {
  return {
    machine, tint, index, events,
    time: new Float64Array(events),
    tick: new Float64Array(events),
    clock: new Float64Array(events),
    kind: new Uint8Array(events),
    // Of internal events and sends.
    draw: new Float64Array(events),
    // Of receives: the sender's lane and event (-1 if its log lacks them), seq and stamp.
    from: new Int32Array(events).fill(-1),
    fromMachine: new Float64Array(events),
    cause: new Int32Array(events).fill(-1),
    seq: new Float64Array(events),
    stamp: new Float64Array(events),
    queue: new Float64Array(events),
    // The messages of event i are those from out[i] up to out[i + 1].
    out: new Uint32Array(events + 1),
    // How many of the first i events are of a kind.
    counts: KINDS.map(() => new Uint32Array(events + 1)),
    // How many events the longest causal chain to each has, itself included.
    depth: new Float64Array(events),
  };
}

/** Decodes one lane after the other, and ties messages to their events. */
function decodeRun(meta, base64) {
  const numbers = new Numbers(base64);
  const run = { seconds: meta.seconds || 1, absences: meta.absences, cuts: meta.cuts, lanes: meta.machines.map(emptyLane) };
  run.laneOf = new Map(run.lanes.map(lane => [lane.machine, lane.index]));
  const messages = { from: [], to: [], toMachine: [], seq: [], send: [], receive: [] };
  for (const lane of run.lanes) decodeLane(numbers, run, lane, messages);
  run.messages = messages;
  run.total = run.lanes.reduce((sum, lane) => sum + lane.events, 0);
  tieMessages(run);
  measureChains(run);
  return run;
}

function decodeLane(numbers, run, lane, messages) {
  const last = { tick: 0, clock: 0, micros: 0, sent: new Map(), received: new Map() };
  for (let i = 0; i < lane.events; i++) {
    const head = numbers.next(), kind = head & 3;
    lane.kind[i] = kind;
    lane.tick[i] = last.tick += head & 4 ? numbers.step() : 1;
    lane.clock[i] = last.clock += head & 8 ? numbers.step() : 1;
    lane.time[i] = (last.micros += numbers.step()) / 1e6;
    lane.out[i] = messages.from.length;
    if (kind === RECEIVE) decodeReceive(numbers, run, lane, i, last.received);
    else lane.draw[i] = numbers.next();
    if (kind === SEND) decodeMessages(numbers, run, lane, i, last.sent, messages);
    lane.counts.forEach((counts, of) => { counts[i + 1] = counts[i] + (kind === of ? 1 : 0); });
  }
  lane.out[lane.events] = messages.from.length;
}

function decodeReceive(numbers, run, lane, i, received) {
  const machine = numbers.next();
  const last = received.get(machine) ?? { seq: 0, stamp: 0 };
  lane.fromMachine[i] = machine;
  lane.from[i] = run.laneOf.get(machine) ?? -1;
  lane.seq[i] = last.seq + numbers.step();
  lane.stamp[i] = last.stamp + numbers.step();
  lane.queue[i] = numbers.next();
  received.set(machine, { seq: lane.seq[i], stamp: lane.stamp[i] });
}

function decodeMessages(numbers, run, lane, i, sent, messages) {
  for (let count = numbers.next(); count > 0; count--) {
    const machine = numbers.next();
    const seq = (sent.get(machine) ?? 0) + numbers.step();
    sent.set(machine, seq);
    messages.from.push(lane.index);
    messages.to.push(run.laneOf.get(machine) ?? -1);
    messages.toMachine.push(machine);
    messages.seq.push(seq);
    messages.send.push(i);
    messages.receive.push(-1);
  }
}

/** Finds each receive's send, and puts the messages of each link in their order. */
function tieMessages(run) {
  const { messages, lanes } = run;
  const links = new Map();
  messages.from.forEach((from, id) => {
    const key = from * lanes.length + messages.to[id];
    if (messages.to[id] < 0) return;
    if (!links.has(key)) links.set(key, { from, to: messages.to[id], ids: [], bySeq: new Map() });
    links.get(key).ids.push(id);
    links.get(key).bySeq.set(messages.seq[id], id);
  });
  for (const lane of lanes) {
    for (let i = 0; i < lane.events; i++) {
      const id = lane.from[i] < 0 ? undefined
        : links.get(lane.from[i] * lanes.length + lane.index)?.bySeq.get(lane.seq[i]);
      if (id === undefined) continue;
      lane.cause[i] = messages.send[id];
      messages.receive[id] = i;
    }
  }
  run.links = [...links.values()].map(link => linkColumns(run, link));
}

/** Times of a link's messages. `until` never falls, so that it can be searched. */
function linkColumns(run, { from, to, ids }) {
  const sender = run.lanes[from], receiver = run.lanes[to];
  const link = {
    from, to, ids,
    sent: new Float64Array(ids.length),
    received: new Float64Array(ids.length),
    until: new Float64Array(ids.length),
  };
  let until = -Infinity;
  ids.forEach((id, at) => {
    const receive = run.messages.receive[id];
    link.sent[at] = sender.time[run.messages.send[id]];
    link.received[at] = receive < 0 ? Infinity : receiver.time[receive];
    until = Math.max(until, receive < 0 ? link.sent[at] : link.received[at]);
    link.until[at] = until;
  });
  return link;
}

/** The first place in sorted `column`, from `low` on, whose value is not below `value`. */
function lowerBound(column, value, low = 0, high = column.length) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

/** The event of a machine with a clock, or none. */
function findEvent(run, machine, clock) {
  const lane = run.lanes[run.laneOf.get(machine) ?? -1];
  const index = lane ? lane.clock.indexOf(clock) : -1;
  return index < 0 ? null : { lane: lane.index, index };
}

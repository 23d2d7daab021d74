// What is said of an event. Sentences are lists of strings and of events, which the
// panel turns into links.

const grouped = number => number < 1e4 ? String(number) : number.toLocaleString("en-US");
const counted = (number, one) => `${grouped(number)} ${one}${number === 1 ? "" : "s"}`;
const seconds = time => `${time.toFixed(3)} s`;
const nameOf = (run, { lane, index }) => `${run.lanes[lane].machine}:${run.lanes[lane].clock[index]}`;

/** "receive from 3", "send to 1, 2", "internal". */
function deed(run, { lane: at, index }) {
  const lane = run.lanes[at];
  if (lane.kind[index] === RECEIVE) return `receive from ${lane.fromMachine[index]}`;
  if (lane.kind[index] === INTERNAL) return "internal";
  return `send to ${run.messages.toMachine.slice(lane.out[index], lane.out[index + 1]).join(", ")}`;
}

const clockBefore = (lane, index) => index > 0 ? lane.clock[index - 1] : 0;

/** "57 = max(41, 56) + 1, by machine 3's send 12 (stamp 56)". */
function equation(run, event) {
  const lane = run.lanes[event.lane], i = event.index;
  const before = clockBefore(lane, i), clock = lane.clock[i];
  if (lane.kind[i] !== RECEIVE) {
    const what = lane.kind[i] === SEND ? `a ${deed(run, event)}` : "an internal event";
    return `${clock} ${sign(clock, before + 1)} ${before} + 1, ${what}`;
  }
  const stamp = lane.stamp[i];
  return `${clock} ${sign(clock, Math.max(before, stamp) + 1)} max(${before}, ${stamp}) + 1, ` +
    `by machine ${lane.fromMachine[i]}'s send ${lane.seq[i]} (stamp ${stamp})`;
}

/** A log may be wrong; then the page must not say that it is right. */
const sign = (clock, right) => clock === right ? "=" : "≠";

/** Sentences below the equation. */
function explanation(run, event) {
  const lane = run.lanes[event.lane];
  const say = [sayInternal, saySend, sayReceive][lane.kind[event.index]];
  return say(run, lane, event.index);
}

function sayInternal(run, lane, i) {
  return [[`The inbox was empty, and the draw, ${lane.draw[i]}, was not one that sends.`]];
}

function saySend(run, lane, i) {
  const sentences = [[`The inbox was empty, and the draw, ${lane.draw[i]}, said to send.`]];
  const { toMachine, seq } = run.messages;
  for (let id = lane.out[i]; id < lane.out[i + 1]; id++) {
    sentences.push([`Message ${seq[id]} to machine ${toMachine[id]} `, ...fate(run, lane, i, id)]);
  }
  return sentences;
}

function fate(run, lane, i, id) {
  const { to, receive } = run.messages;
  if (receive[id] < 0) return ["was never received."];
  const reader = run.lanes[to[id]];
  const took = reader.time[receive[id]] - lane.time[i];
  return [`was read ${seconds(took)} later, as `, { lane: to[id], index: receive[id] }, "."];
}

function sayReceive(run, lane, i) {
  const before = clockBefore(lane, i), jump = lane.clock[i] - before;
  const ahead = lane.stamp[i] > before
    ? `The stamp was ahead, so the clock jumped by ${jump}.`
    : "Its own clock was not behind the stamp, so it rose by 1.";
  const left = lane.queue[i] ? `${counted(lane.queue[i], "message")} still waited.` : "No other message waited.";
  return [sayOrigin(run, lane, i), [`${ahead} ${left}`]];
}

function sayOrigin(run, lane, i) {
  if (lane.cause[i] < 0) return [`No send of message ${lane.seq[i]} from machine ${lane.fromMachine[i]} is in the logs.`];
  const sender = run.lanes[lane.from[i]];
  const took = lane.time[i] - sender.time[lane.cause[i]];
  return [`It is message ${lane.seq[i]} of machine ${sender.machine} to machine ${lane.machine}, sent as `,
    { lane: lane.from[i], index: lane.cause[i] }, `, ${seconds(took)} before.`];
}

/** "The longest causal chain that leads to it has 57 events: that is what its clock counts." */
function chainSentence(run, selection) {
  const lane = run.lanes[selection.lane];
  const length = selection.hops.reduce((sum, hop) => sum + hop.last - hop.first + 1, 0);
  const crossings = selection.hops.length - 1;
  const judged = length === lane.clock[selection.index]
    ? "just what its clock says" : `but its clock says ${lane.clock[selection.index]}`;
  return `The longest causal chain that leads to it has ${counted(length, "event")}, ${judged}. ` +
    `It goes by ${counted(crossings, "message")}.`;
}

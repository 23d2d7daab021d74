"""The model machine, the two ends of its links and its slots, without any IO.

The state of a machine follows from its log: it is what `apply` makes of the
records, one after the other. So living and resuming are the same code:

    living      record = decide(draw);  write it to the log;  apply(record)
    resuming    for record in log:  apply(record)

Messages and acknowledgements only come into being in `apply`. That is the rule
which makes a kill -9 harmless: a record is in the log before anything that
follows from it leaves the machine.
"""

from collections import deque

STAMP_LEAD_MAX = 2**32
U64_MAX = 2**64 - 1


class LinkFault(Exception):
    """The peer said what does not fit the link: the connection must be closed."""


class NotOurLog(Exception):
    """The peer has messages of ours that our log does not know: stop at once."""


def neighbours(machine, machines, topology):
    """Who is connected to `machine`, in the order that draws 1 and 2 count by."""
    ring = [(machine - 1 + ahead) % machines + 1 for ahead in range(1, machines)]
    if topology == "full":
        return ring
    # dict.fromkeys: with two machines, the next and the one before are one.
    return list(dict.fromkeys([ring[0], ring[-1]]))


class Outgoing:
    """The sender's end: keeps each message until its receipt is logged."""

    def __init__(self):
        self.stamps = deque()  # of the messages logged + 1, logged + 2, ...
        self.logged = 0  # the last one that the receiver has logged, as far as we know
        self.arrived = 0  # the last one in its inbox, as far as we know
        self.transmitted = 0  # the last one given to the present connection
        self.reached = 0  # the last one that can have left us, in any incarnation

    @property
    def last(self):
        return self.logged + len(self.stamps)

    @property
    def in_flight(self):
        return self.last - self.arrived

    def welcome(self, logged, arrived):
        """A connection is up. Acks are not in our log, so this is how a restarted
        sender learns what its peers have."""
        if arrived < logged:
            raise LinkFault(f"it says that {logged} messages are logged but only {arrived} arrived")
        if arrived > self.reached:
            raise NotOurLog(f"it has {arrived} messages of ours, our log knows {self.reached}")
        if logged < self.logged:
            raise LinkFault(f"its log ends at our message {logged}, it had said {self.logged}")
        self._forget(logged)
        self.arrived = self.transmitted = arrived

    def acknowledge(self, logged, arrived):
        if arrived < logged:
            raise LinkFault(f"{logged} messages acknowledged as logged, only {arrived} as arrived")
        if arrived > self.transmitted:
            raise LinkFault(f"message {arrived} acknowledged, only {self.transmitted} transmitted")
        self._forget(max(logged, self.logged))
        self.arrived = max(arrived, self.arrived)

    def transmit(self):
        """The next message for the present connection, as (seq, stamp), or None."""
        if self.transmitted == self.last:
            return None
        self.transmitted += 1
        self.reached = max(self.reached, self.transmitted)
        return self.transmitted, self.stamps[self.transmitted - self.logged - 1]

    def _forget(self, logged):
        for _ in range(logged - self.logged):
            self.stamps.popleft()
        self.logged = logged


class Incoming:
    """The receiver's end: takes each message once, in order."""

    def __init__(self):
        self.logged = 0  # the last message whose receive record is in our log
        self.arrived = 0  # the last message taken into our inbox
        self.incarnation = 0  # the sender's, as of its last Hello

    def hello(self, incarnation):
        if incarnation < self.incarnation:
            raise LinkFault(f"incarnation {incarnation} is stale: {self.incarnation} has connected")
        self.incarnation = incarnation

    def is_next(self, seq):
        """False for a message that is here already: a resent one."""
        if seq > self.arrived + 1:
            raise LinkFault(f"message {seq} came where message {self.arrived + 1} was due")
        return seq == self.arrived + 1


class Machine:
    def __init__(self, machine, machines, topology):
        self.clock = 0
        self.ticks = 0
        self.inbox = deque()
        self.neighbours = neighbours(machine, machines, topology)
        self.outgoing = {peer: Outgoing() for peer in self.neighbours}
        self.incoming = {peer: Incoming() for peer in self.neighbours}

    @property
    def in_flight(self):
        return sum(link.in_flight for link in self.outgoing.values())

    def arrive(self, sender, seq, stamp):
        """A message came in. The clock does not move: the message is received when
        a tick takes it off the inbox."""
        if stamp > U64_MAX - STAMP_LEAD_MAX or stamp > self.clock + STAMP_LEAD_MAX:
            raise LinkFault(f"the stamp {stamp} is out of bounds: our clock is {self.clock}")
        if self.incoming[sender].is_next(seq):
            self.incoming[sender].arrived = seq
            self.inbox.append((sender, seq, stamp))

    def decide(self, draw):
        """What the next tick does, as its record. Nothing changes yet."""
        tick = self.ticks + 1
        if self.inbox:
            sender, seq, stamp = self.inbox[0]
            return {"event": "receive", "tick": tick, "from": sender, "seq": seq, "stamp": stamp,
                    "queue": len(self.inbox) - 1, "clock": max(self.clock, stamp) + 1}
        clock = self.clock + 1
        to = self._recipients(draw)
        if to:
            seqs = [self.outgoing[peer].last + 1 for peer in to]
            return {"event": "send", "tick": tick, "draw": draw, "to": to, "seq": seqs,
                    "queue": 0, "clock": clock}
        return {"event": "internal", "tick": tick, "draw": draw, "queue": 0, "clock": clock}

    def apply(self, record):
        """The record is in the log: now it has happened."""
        self.clock = record["clock"]
        self.ticks = record.get("tick", self.ticks)
        match record["event"]:
            case "send":
                for peer in record["to"]:
                    # The stamp is the clock after the send's own increment.
                    self.outgoing[peer].stamps.append(self.clock)
            case "receive":
                link = self.incoming[record["from"]]
                link.logged = record["seq"]
                link.arrived = max(link.arrived, link.logged)
                if self.inbox:  # while resuming there is none: the senders refill it
                    self.inbox.popleft()

    def begin_incarnation(self):
        """All that the log says was sent may have left the machine."""
        for link in self.outgoing.values():
            link.reached = link.last

    def _recipients(self, draw):
        first_two = {1: self.neighbours[:1], 2: self.neighbours[1:2] or self.neighbours[:1]}
        return self.neighbours if draw == 3 else first_two.get(draw, [])


class Slots:
    """When the machine ticks, in seconds since its incarnation began. Slot s is due
    at phase + s / rate, so that lateness does not add up; a slot that is reached too
    late is missed, and nothing makes up for it."""

    def __init__(self, rate, phase, end):
        self.rate, self.phase, self.end = rate, phase, end
        self.slot = self.missed = 0

    @property
    def due(self):
        return self.phase + self.slot / self.rate

    def wait(self, now):
        """How long to wait until the next slot is due; None if the run is over."""
        self.miss_before(now - max(0.05, 0.5 / self.rate))
        if self.due >= self.end and now >= self.end:
            return None
        return max(0, min(self.due, self.end) - now)

    def miss_before(self, now):
        while self.due < min(now, self.end):
            self.slot += 1
            self.missed += 1

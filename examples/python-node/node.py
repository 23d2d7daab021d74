#!/usr/bin/env python3
"""One machine of an Offbeat run, in Python: TCP, pacing and the log around machine.py.

It reads the same config file as `offbeat node`, speaks docs/wire-protocol.md with
the messages of proto/clock.proto, and logs as `offbeat-log/1`, so that it can take
the place of any machine of a run. Its draws are Python's own, so its start record
names neither generator nor seed.
"""

import argparse
import asyncio
import fcntl
import ipaddress
import json
import math
import os
import random
import re
import signal
import ssl
import sys
import tempfile
import time
import tomllib
from datetime import datetime, timedelta, timezone
from pathlib import Path

from grpc_tools import protoc
from machine import LinkFault, Machine, NotOurLog, Slots

# Compiled at each start, so that no generated code lies about and goes stale.
PROTO = Path(__file__).parents[2] / "proto"
with tempfile.TemporaryDirectory() as folder:
    if protoc.main(["protoc", f"-I{PROTO}", f"--python_out={folder}", "clock.proto"]) != 0:
        sys.exit("cannot compile proto/clock.proto")
    sys.path.insert(0, folder)
    from clock_pb2 import Ack, Frame, Heartbeat, Hello, Message, Refused, Welcome

PROTOCOL = 1
HANDSHAKE_BYTES_MAX, FRAME_BYTES_MAX = 2**10, 2**16
HANDSHAKE_S_MAX, SILENCE_S_MAX, HEARTBEAT_S = 3, 5, 2
PAUSE_S_MIN, PAUSE_S_MAX, GOOD_AFTER_S = 0.05, 1, 2
ARRIVAL_S_MAX, CLOSING_S_MAX, ENDING_S_MAX = 5, 1, 5
EXIT_USAGE, EXIT_FAILED, EXIT_IN_FLIGHT, EXIT_LOG_REFUSED = 2, 4, 5, 6


def say(text):
    print(text, file=sys.stderr, flush=True)


def give_up(exit_code, text):
    say(f"error: {text}")
    raise SystemExit(exit_code)


# --- The log -------------------------------------------------------------------


def rfc3339(micros):
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=micros)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def micros_of(text):
    return round(datetime.fromisoformat(text).timestamp() * 1e6)


class Log:
    """The log of the machine, locked for as long as the process lives."""

    def __init__(self, path, is_synced):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.is_synced = path, is_synced
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            give_up(EXIT_FAILED, f"{path} is in use by another process")

    def read(self):
        """The records. A last line without a newline was being written when the
        machine was killed: nothing can have followed from it, and it is cut off."""
        whole, newline, _torn = self.path.read_bytes().rpartition(b"\n")
        os.ftruncate(self.file, len(whole + newline))
        return [json.loads(line) for line in whole.splitlines()]

    def append(self, record):
        """When this returns, the record survives the death of the process."""
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        while line:
            line = line[os.write(self.file, line):]
        if self.is_synced:
            os.fdatasync(self.file)


# --- Frames ----------------------------------------------------------------------


def send(writer, **kind):
    body = Frame(**kind).SerializeToString()
    writer.write(len(body).to_bytes(4, "big") + body)


class Closed(ConnectionError):
    """The peer closed the connection, as it does when it stops."""


async def receive(reader, bytes_max=FRAME_BYTES_MAX, within=SILENCE_S_MAX):
    """The next frame: its kind and its content. It must be whole within the given
    time, so that a peer which stalls in the middle of one counts as dead."""
    async with asyncio.timeout(within):
        try:
            length = int.from_bytes(await reader.readexactly(4), "big")
            if length > bytes_max:
                raise LinkFault(f"the frame is longer than {bytes_max} bytes")
            frame = Frame.FromString(await reader.readexactly(length))
        except asyncio.IncompleteReadError:
            raise Closed("closed by the peer") from None
    kind = frame.WhichOneof("kind")
    return kind, kind and getattr(frame, kind)


async def happens(event, within):
    """Whether `event` is set within so many seconds."""
    try:
        async with asyncio.timeout(within):
            return await event.wait()
    except TimeoutError:
        return False


async def together(*coroutines):
    """Runs them until one fails, as each does when the connection is lost."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


# --- The node ---------------------------------------------------------------------


class Node:
    def __init__(self, config):
        self.config = config
        self.log = Log(config["log"], config["sync"] == "always")
        self.machine = Machine(config["machine"], config["machines"], config["topology"])
        self.addresses = {peer["machine"]: peer["address"] for peer in config["peers"]}
        self.tls_in, self.tls_out = tls_of(config)
        self.was_linked = set()  # peers to which a link has been up
        self.was_heard = set()  # peers from which one has been up
        self.senders = {}  # peer: the writer of its present connection to us
        self.to_send = {peer: asyncio.Event() for peer in self.machine.neighbours}
        self.to_acknowledge = {peer: asyncio.Event() for peer in self.machine.neighbours}
        self.has_closed = set()  # peers that have closed theirs, and send nothing more
        self.stopping = asyncio.Event()
        self.hurry = asyncio.Event()  # ticking has ended: lost links are dialled at once
        self.resume()

    def resume(self):
        """Makes the start record; a log that is there already says how to go on."""
        config, records = self.config, self.log.read()
        starts = [record for record in records if record["event"] == "start"]
        first = starts[0] if starts else {}
        rate = config.get("rate") or first.get("rate") or random.randint(1, 6)
        self.start = {
            "event": "start", "log": "offbeat-log/1", "time": "", "run": config["run"],
            "machine": config["machine"], "machines": config["machines"],
            "topology": config["topology"], "rate": rate, "draw_max": config["draw_max"],
            "pacing": "even", "stamp": "after",
        } | ({"duration": config["duration"]} if config["duration"] else {})
        for key in self.start.keys() - {"time"}:
            if first and self.start[key] != first.get(key):
                give_up(EXIT_LOG_REFUSED, f"{self.log.path} says {key} = {first.get(key)}, the "
                        f"config says {self.start[key]}; --run NAME starts another run")
        for record in records:
            self.machine.apply(record)
        self.machine.begin_incarnation()
        # After a restart, a full period: restarting must not buy ticks.
        phase = 1 / rate if starts else 0
        if not starts and config["phase"] == "random":
            phase = math.floor(random.random() / rate * 1e6) / 1e6
        self.start |= {"phase": phase, "incarnation": len(starts) + 1, "clock": self.machine.clock}
        # A log that ends so is complete. Any other whose time is up gets its stop by one
        # more incarnation, which has no slot.
        if records and records[-1].get("reason") == "duration":
            give_up(EXIT_USAGE, f"run {config['run']} is over; --run NAME starts another one")
        # The run lasts `duration` after its first start, restarts included.
        self.end_micros = math.inf
        if config["duration"] and starts:
            self.end_micros = micros_of(first["time"]) + config["duration"] * 1e6
        self.log_end_micros = micros_of(records[-1]["time"]) if records else 0

    def now_micros(self):
        """The system clock; or the end of the log, if the clock was set back since."""
        return max(time.time_ns() // 1000, self.log_end_micros)

    async def run(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.stopping.set)
        try:
            server = await asyncio.start_server(
                self.link_in, *address_of(self.config["listen"]), **self.tls_in)
        except OSError as error:
            give_up(EXIT_FAILED, f"cannot listen on {self.config['listen']}: {error}")
        diallers = [asyncio.create_task(self.dial(peer)) for peer in self.machine.neighbours]
        await self.wait_for_links()
        if self.machine.ticks == 0 and self.stopping.is_set():
            return 0
        stop = await self.tick_on()
        # First let everything arrive, then close, so that the peers know that no
        # more will come; until they have closed too, receive what they still send.
        self.hurry.set()
        for news in self.to_send.values():
            news.set()
        await self.until(lambda: self.machine.in_flight == 0, ARRIVAL_S_MAX)
        for dialler in diallers:
            dialler.cancel()
        # At the end of the duration they are about to; after a signal they may never.
        patience = ENDING_S_MAX if stop["reason"] == "duration" else CLOSING_S_MAX
        await self.until(lambda: self.has_closed == set(self.machine.neighbours), patience)
        server.close()
        self.log.append(stop | {"queue": len(self.machine.inbox), "clock": self.machine.clock,
                                "in_flight": self.machine.in_flight})
        return EXIT_IN_FLIGHT if self.machine.in_flight else 0

    async def wait_for_links(self):
        """A machine that has never ticked waits until it has met its neighbours; not
        once its time is up, when they may be gone."""
        announced = None
        is_new = self.machine.ticks == 0 and self.now_micros() < self.end_micros
        while is_new and not self.stopping.is_set():
            missing = set(self.machine.neighbours) - (self.was_linked & self.was_heard)
            if not missing:
                return
            if missing != announced:
                say(f"waiting for {', '.join(f'machine {peer}' for peer in sorted(missing))}")
            announced = missing
            await asyncio.sleep(0.005)

    @staticmethod
    async def until(condition, seconds_max):
        end = time.monotonic() + seconds_max
        while not condition() and time.monotonic() < end:
            await asyncio.sleep(0.005)

    # --- Ticking ---

    async def tick_on(self):
        """Ticks until the run is over or a signal comes; gives the stop record."""
        # The system clock is read once: it may be set while we run, and the times of
        # an incarnation never fall.
        began, began_micros = time.monotonic(), self.now_micros()
        end = min(self.config["duration"] or math.inf, (self.end_micros - began_micros) / 1e6)
        slots, now = Slots(self.start["rate"], self.start["phase"], end), 0
        self.log.append(self.start | {"time": rfc3339(began_micros)})
        while (wait := slots.wait(time.monotonic() - began)) is not None:
            if await happens(self.stopping, wait):
                break
            reached = time.monotonic() - began
            if slots.wait(reached) == 0:
                now = reached
                self.tick(rfc3339(began_micros + int(now * 1e6)))
                slots.slot += 1
        reached = time.monotonic() - began
        slots.miss_before(reached)
        # However long a stall at the end, ticking ended with the run.
        now = max(now, min(reached, end))
        return {"event": "stop", "time": rfc3339(began_micros + int(now * 1e6)),
                "reason": "signal" if self.stopping.is_set() else "duration",
                "ticks": self.machine.ticks, "missed": slots.missed}

    def tick(self, now):
        """Decide, log, apply: nothing here awaits, so no link can run in between."""
        record = self.machine.decide(random.randint(1, self.config["draw_max"]))
        self.log.append({"event": record["event"], "time": now} | record)
        self.machine.apply(record)
        for peer in record.get("to", []):
            self.to_send[peer].set()
        if "from" in record:
            self.to_acknowledge[record["from"]].set()

    # --- Links out: we dial, say Hello and send messages; Acks come back ---

    async def dial(self, peer):
        pause, reported = PAUSE_S_MIN, None
        while True:
            began = time.monotonic()
            try:
                await self.link_out(peer)
            except NotOurLog as fault:
                give_up(EXIT_LOG_REFUSED, f"{self.log.path} is not the log that machine {peer} "
                        f"has heard from: {fault}. Restore it, or start another run")
            except Exception as end:  # whatever it is, the link is tried again
                if repr(end) != reported:
                    say(f"link to machine {peer} is down: {end!r}")
                reported = repr(end)
            if time.monotonic() - began >= GOOD_AFTER_S:
                pause = PAUSE_S_MIN
            if self.hurry.is_set():
                await asyncio.sleep(PAUSE_S_MIN)
            else:
                await happens(self.hurry, pause * (1 + random.random()))
            pause = min(2 * pause, PAUSE_S_MAX)

    async def link_out(self, peer):
        link = self.machine.outgoing[peer]
        async with asyncio.timeout(HANDSHAKE_S_MAX):
            tls = self.tls_out and self.tls_out | {"server_hostname": f"machine-{peer}"}
            reader, writer = await asyncio.open_connection(
                *address_of(self.addresses[peer]), **tls)
        try:
            check_certificate(writer, peer, self.config["run"])
            hello = Hello(protocol=PROTOCOL, run=self.config["run"], to=peer,
                          incarnation=self.start["incarnation"])
            setattr(hello, "from", self.config["machine"])  # a word of Python's own
            send(writer, hello=hello)
            kind, said = await receive(reader, HANDSHAKE_BYTES_MAX, HANDSHAKE_S_MAX)
            if kind != "welcome":
                raise LinkFault(f"a {kind} for a Welcome: {said}")
            link.welcome(said.logged, said.arrived)
            say(f"link to machine {peer} is up: it has {said.arrived} messages")
            self.was_linked.add(peer)
            await together(self.send_messages(link, self.to_send[peer], writer),
                           self.take_acknowledgements(link, reader))
        finally:
            writer.close()

    async def send_messages(self, link, news, writer):
        while True:
            while message := link.transmit():
                send(writer, message=Message(seq=message[0], stamp=message[1]))
                await writer.drain()
            if self.hurry.is_set():  # the last one: it asks how far they have come
                send(writer, heartbeat=Heartbeat())
            if not await happens(news, HEARTBEAT_S):
                send(writer, heartbeat=Heartbeat())
            news.clear()

    async def take_acknowledgements(self, link, reader):
        while True:
            kind, said = await receive(reader)
            if kind == "ack":
                link.acknowledge(said.logged, said.arrived)
            elif kind != "heartbeat":
                raise LinkFault(f"a {kind} came: {said}")

    # --- Links in: a peer dials and sends messages; we acknowledge ---

    async def link_in(self, reader, writer):
        peer = None
        try:
            kind, hello = await receive(reader, HANDSHAKE_BYTES_MAX, HANDSHAKE_S_MAX)
            if kind != "hello":
                raise LinkFault(f"a {kind} came where a Hello was due")
            check_certificate(writer, getattr(hello, "from"), hello.run)
            peer = self.admit(hello)
            if old := self.senders.get(peer):
                send(old, refused=Refused(reason="replaced by a newer one"))
                old.close()
            self.senders[peer] = writer
            self.was_heard.add(peer)
            self.has_closed.discard(peer)
            link = self.machine.incoming[peer]
            send(writer, welcome=Welcome(logged=link.logged, arrived=link.arrived))
            say(f"link from machine {peer} is up: incarnation {hello.incarnation}")
            await together(self.take_messages(peer, reader, writer),
                           self.acknowledge(link, self.to_acknowledge[peer], writer))
        except LinkFault as fault:
            say(f"refused a connection: {fault}")
            send(writer, refused=Refused(reason=str(fault)))
        except Exception as end:  # whatever it is, the peer connects again
            if self.senders.get(peer) is writer and isinstance(end, Closed):
                self.has_closed.add(peer)
            say(f"link from {f'machine {peer}' if peer else 'a stranger'} is down: {end!r}")
        finally:
            if self.senders.get(peer) is writer:
                del self.senders[peer]
            writer.close()

    def admit(self, hello):
        """Whether whoever says `hello` may send to us; its number if so."""
        sender, ours = getattr(hello, "from"), self.config
        if hello.protocol != PROTOCOL:
            raise LinkFault(f"protocol {hello.protocol} is not spoken here, but {PROTOCOL}")
        if hello.run != ours["run"]:
            raise LinkFault(f"this is run {ours['run']}, not {hello.run!r}")
        if hello.to != ours["machine"]:
            raise LinkFault(f"this is machine {ours['machine']}, not {hello.to}")
        if sender not in self.machine.incoming:
            raise LinkFault(f"machine {sender} is no neighbour of ours")
        self.machine.incoming[sender].hello(hello.incarnation)
        return sender

    async def take_messages(self, peer, reader, writer):
        while True:
            kind, said = await receive(reader)
            if self.senders.get(peer) is not writer:
                raise ConnectionError("replaced by a newer one")
            if kind == "message":
                self.machine.arrive(peer, said.seq, said.stamp)
                self.to_acknowledge[peer].set()
            elif kind != "heartbeat":
                raise LinkFault(f"a {kind} came where none is due")

    async def acknowledge(self, link, news, writer):
        while True:
            if await happens(news, HEARTBEAT_S):
                news.clear()
                send(writer, ack=Ack(logged=link.logged, arrived=link.arrived))
            else:
                send(writer, heartbeat=Heartbeat())
            await writer.drain()


# --- TLS -------------------------------------------------------------------------


def tls_of(config):
    """What asyncio needs to know to listen, and to dial; nothing, in plain text."""
    if "tls" not in config:
        return {}, {}
    contexts = []
    for protocol in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT):
        context = ssl.SSLContext(protocol)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(config["tls"]["authority"])
        context.load_cert_chain(config["tls"]["certificate"], config["tls"]["key"])
        contexts.append(context)
    contexts[0].num_tickets = 0  # each connection proves itself anew
    server, client = contexts
    return {"ssl": server, "ssl_handshake_timeout": HANDSHAKE_S_MAX}, {"ssl": client}


def check_certificate(writer, machine, run):
    """A machine speaks only for itself, and in no run but the one it has a certificate
    for, if that names one."""
    if writer.get_extra_info("ssl_object") is None:
        return
    names = [name for kind, name in writer.get_extra_info("peercert")["subjectAltName"]]
    own = f"machine-{machine}"
    runs = [name for name in names if name.startswith(f"{own}.")]
    if own not in names or runs and f"{own}.{run}" not in runs:
        raise LinkFault(f"the certificate is for {', '.join(names)}, not for {own} in run {run}")


# --- The config --------------------------------------------------------------------


def seconds_of(text):
    """`90s`, `5m`, `1h 30m`, `250ms` in seconds."""
    units = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3}
    parts = re.findall(r"([\d.]+)\s*(h|ms|m|s)", text)
    return sum(float(number) * units[unit] for number, unit in parts)


def address_of(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load(path, run):
    config = {"topology": "full", "draw_max": 10, "phase": "random", "pacing": "even",
              "stamp": "after", "sync": "never"} | tomllib.loads(path.read_text())
    for key, spoken in (("pacing", "even"), ("stamp", "after")):
        if config[key] != spoken:
            give_up(EXIT_USAGE, f'{path}: this node knows only {key} = "{spoken}"')
    if config.get("rate") == "max":
        give_up(EXIT_USAGE, f"{path}: this node needs a rate in ticks per second")
    if "tls" in config:
        config["tls"] = {key: path.parent / file for key, file in config["tls"].items()}
    elif not config.get("plain"):
        for address in (config["listen"], *(peer["address"] for peer in config["peers"])):
            if not is_loopback(address_of(address)[0]):
                give_up(EXIT_USAGE, f"{path}: {address} is not on this computer alone: name "
                        "certificates in [tls], or say plain = true")
    config["duration"] = seconds_of(config.get("duration", ""))
    log = path.parent / config["log"] if "log" in config and not run else None
    config["run"] = run or config["run"]
    config["log"] = log or Path("runs", config["run"], f"machine-{config['machine']}.jsonl")
    return config


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, required=True, help="the node's config file")
    parser.add_argument("--run", help="take part in the run of this name; log to runs/NAME/")
    args = parser.parse_args()
    return await Node(load(args.config, args.run)).run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""Mosquitto's configuration, written from settings: for a demo, and for a commune's packaged service.

What must hold (each is a test on a real Mosquitto):
- nothing is kept on disk or queued for the absent: what is on the way is in a node's journal or in the register;
- a node's password lets it in on the nodes' listener alone, under its own name, and there it says its own five topics
  and hears its own, so that stolen credentials speak for one node;
- a silent alert is heard by the commune's service alone;
- the console, which speaks for every officer, comes in on the machine itself alone: its password is no use elsewhere.
Checked against Mosquitto 2.0.11 (Debian 12) and 2.0.21 (Debian 13). It does not know how the files get to their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from broker.mosquitto.accounts import Account
from broker.mosquitto.unit import DROP_IN, mosquitto_unit
from wire.topics import PREFIX

Listener = Literal["nodes", "officers", "local"]

MAX_PACKET_BYTES = 16 * 1024
"""Twice the contract's 8 KiB: an oversized message still reaches those who count it; a megabyte cuts its sender off."""
MAX_INFLIGHT = 100
"""Unanswered publications to one client: the service takes a storm of hellos in few round trips."""
MAX_QUEUED = 2_000
"""Publications that wait for one slow client: every node's status twice over, in a commune of 1,000."""
MAX_QUEUED_BYTES = 4 * 1024 * 1024
"""The same in bytes: a client that reads nothing costs at most this."""
MAX_KEEPALIVE_S = 120
"""No client may ask to be missed for longer; nodes use 5. By 60, Mosquitto 2.0.21 (Debian 13) drops whoever comes just
as a second begins, one in twelve: https://github.com/eclipse-mosquitto/mosquitto/issues/3286.
"""
MEMORY_BYTES = 256 * 1024 * 1024
"""Half as much again as 10,000 nodes need; a flood ends here, not in the kernel's out-of-memory killer."""
MAX_CONNECTIONS = 10_000
"""A listener's. Well above what an idle attacker opens from one machine (1,200 measured): he must not fill it."""
MAX_OPEN_FILES = 65_536
"""Debian's unit gives 1,024, which 1,200 idle connections use up."""

COMMON = (
    "persistence false",
    "set_tcp_nodelay true",
    f"max_packet_size {MAX_PACKET_BYTES}",
    f"max_inflight_messages {MAX_INFLIGHT}",
    f"max_queued_messages {MAX_QUEUED}",
    f"max_queued_bytes {MAX_QUEUED_BYTES}",
)
NODE_SAYS = ("hello", "alert", "silent", "sounded", "status")
NODE_HEARS = ("welcome", "answer", "alarms", "update")
ALL_HEAR = ("alarms", "chime", "codebook")
WATCHED = ("hello", "alert", "sounded", "status")
"""What a watcher hears of the nodes: all but the silent."""


@dataclass(frozen=True, slots=True)
class DemoBroker:
    """A private Mosquitto on this machine: anybody on it may come in."""

    port: int
    """TCP, on 127.0.0.1 alone."""


@dataclass(frozen=True, slots=True)
class CommuneBroker:
    """A commune's Mosquitto: Debian's package and unit, our files."""

    commune: str
    """Slug."""
    folder: Path = Path("/etc/mosquitto/keng")
    """Passwords, access lists and certificates; Mosquitto's user must be able to read it."""
    nodes_port: int = 8883
    """TLS, for nodes: the user name is the client id."""
    officers_port: int = 8884
    """TLS, for officers and programs elsewhere: one user may have several sessions."""
    local_port: int = 1883
    """Loopback, plain: the commune's service and the command line."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """One file to write."""

    path: Path
    """Where."""
    text: str
    """What."""
    secret: bool
    """For Mosquitto's user alone (0600), else for everybody to read."""


def demo_conf(broker: DemoBroker, user: str | None = None) -> str:
    """mosquitto.conf of a demo. `user`: whom to become if started by root."""
    lines = [
        f"listener {broker.port} 127.0.0.1",
        "allow_anonymous true",
        *COMMON,
        "log_dest stderr",
        *(f"log_type {kind}" for kind in ("error", "warning", "notice")),
        "connection_messages false",
        *([f"user {user}"] if user else []),
    ]
    return _text(lines)


def commune_files(broker: CommuneBroker, accounts: Iterable[Account]) -> tuple[ConfigFile, ...]:
    """Everything for the packaged Mosquitto but the certificates. After a change of accounts SIGHUP is enough."""
    every = sorted(accounts, key=lambda account: account.name)
    admitted = {
        "nodes": [account for account in every if account.role == "node"],
        "officers": [account for account in every if account.role in ("officer", "watch")],
        "local": [account for account in every if account.role != "node"],
    }
    secrets = [
        file
        for listener, who in admitted.items()
        for file in (
            ConfigFile(broker.folder / f"{listener}.passwords", _text(a.line for a in who), secret=True),
            ConfigFile(broker.folder / f"{listener}.acl", _text(_acl(broker, listener, who)), secret=True),
        )
    ]
    return (
        ConfigFile(Path("/etc/mosquitto/conf.d/keng.conf"), _text(_commune_conf(broker)), secret=False),
        ConfigFile(DROP_IN, _text(mosquitto_unit(MAX_OPEN_FILES)), secret=False),
        *secrets,
    )


def _commune_conf(broker: CommuneBroker) -> Iterator[str]:
    # Per listener, or a node's password would open the officers' door, where client ids are free to choose.
    yield "per_listener_settings true"
    yield from COMMON
    yield f"memory_limit {MEMORY_BYTES}"
    yield f"max_keepalive {MAX_KEEPALIVE_S}"
    yield from _listener(broker, "nodes", f"listener {broker.nodes_port}")
    yield "use_username_as_clientid true"
    yield from _certificate(broker)
    yield from _listener(broker, "officers", f"listener {broker.officers_port}")
    yield from _certificate(broker)
    yield from _listener(broker, "local", f"listener {broker.local_port} 127.0.0.1")


def _listener(broker: CommuneBroker, name: Listener, head: str) -> Iterator[str]:
    yield head
    yield "allow_anonymous false"
    yield f"password_file {broker.folder / name}.passwords"
    yield f"acl_file {broker.folder / name}.acl"
    yield f"max_connections {MAX_CONNECTIONS}"


def _certificate(broker: CommuneBroker) -> Iterator[str]:
    yield f"certfile {broker.folder / 'server.crt'}"
    yield f"keyfile {broker.folder / 'server.key'}"


def _acl(broker: CommuneBroker, listener: str, admitted: Iterable[Account]) -> Iterator[str]:
    root = f"{PREFIX}/{broker.commune}"
    if listener == "nodes":
        yield from (f"pattern write {root}/up/%u/{word}" for word in NODE_SAYS)
        yield from (f"pattern read {root}/down/%u/{word}" for word in NODE_HEARS)
        yield from (f"pattern read {root}/all/{word}" for word in ALL_HEAR)
        yield f"pattern read {root}/up/+/alert"
        return
    for account in admitted:
        yield f"user {account.name}"
        if account.role == "service":  # with its beacon to itself, which nobody else may say or hear
            yield f"topic readwrite {root}/#"
            continue
        yield f"topic write {root}/ask/{account.name}/+"
        yield f"topic read {root}/told/{account.name}"
        # Word by word: answers, a post's own alarms and what others are told would betray a silent alert.
        yield from (f"topic read {root}/up/+/{word}" for word in WATCHED)
        yield from (f"topic read {root}/all/{word}" for word in ALL_HEAR)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in ("# Written by keng. A change by hand is lost.", *lines))

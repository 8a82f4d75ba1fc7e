"""`keng watch`: what goes over the wire, live, until Ctrl-C."""

from __future__ import annotations

import argparse
import queue
import time

from broker.cli.asking import CONNECT_S, link_settings
from broker.cli.narration import Narrator, as_plain
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.reach import reach_of
from broker.cli.terminal import DONE, NoConnection, write, write_json
from broker.cli.words import local_time
from wire.envelope import Arrived, LinkDown, LinkItem, LinkUp
from wire.link import Link
from wire.topics import Topics


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    watch = verb(verbs, "watch", run_watch, "xem trực tiếp việc trên mạng, đến khi Ctrl-C", "what happens, live")
    watch.add_argument("--for", type=float, dest="for_s", metavar="S", help="chỉ xem S giây / for so long only")


def run_watch(args: argparse.Namespace) -> int:
    """Lines until Ctrl-C (exit 0), or for so long."""
    terminal, reach = terminal_of(args), reach_of(args)
    narrator = Narrator(reach.commune, terminal.lang)
    inbox: queue.SimpleQueue[LinkItem] = queue.SimpleQueue()
    # What a watcher may read, one by one: an access list answers `#` with silence, not with what is allowed.
    root = Topics(reach.commune).root
    link = Link(link_settings(reach), [f"{root}/{way}/#" for way in ("up", "down", "all", "ask", "told")], inbox.put)
    link.open()
    up = False
    started_s = time.monotonic()
    try:
        while True:
            left_s = CONNECT_S - (time.monotonic() - started_s)
            if not up and left_s <= 0:
                raise NoConnection(
                    f"Không nối được tới {reach.where}. Máy của xã bật chưa? Trên máy đó: systemctl status mosquitto",
                    f"No connection to {reach.where}. Is the commune's machine on? There: systemctl status mosquitto",
                )
            if args.for_s is not None and time.monotonic() - started_s > args.for_s:
                return DONE
            try:
                item = inbox.get(timeout=0.2)
            except queue.Empty:
                continue
            at_ms = time.time_ns() // 1_000_000
            match item:
                case LinkUp():
                    if not terminal.json:
                        write(
                            f"{local_time(at_ms, day=False)}  "
                            + terminal.pick((f"Đã nối {reach.where}", f"Linked: {reach.where}"))
                        )
                    up = True
                case LinkDown() if up and not terminal.json:
                    write(
                        f"{local_time(at_ms, day=False)}  "
                        + terminal.pick((f"MẤT MQTT: {item.why}", f"MQTT LOST: {item.why}"))
                    )
                case Arrived() if terminal.json:
                    write_json(as_plain(item, at_ms))
                case Arrived():
                    if (line := narrator.line(item)) is not None:
                        write(f"{local_time(at_ms, day=False)}  {line}")
                case _:
                    pass
    except KeyboardInterrupt:
        return DONE
    finally:
        link.close()

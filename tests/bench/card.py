"""What a quiet day of a node writes to its card: counted by the kernel on a card of its own, ext4's journal included.

A day has 86,400 s, so it is played twice: the real core goes through it in virtual time and says what is to be
written down, and the real journal writes just that, synced as ever, on a loop device that is laid out as
deploy/layout.sh does it. Then a real node rests on such a card for a while, with Mosquitto and the service: whatever
else it wrote would show.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, figure
from bench.rig import bench_node, service
from fakes.box import CURFEW, Box, a_book
from fakes.disks import NotPermitted, dying_disk
from fakes.mosquitto import Mosquitto
from fakes.paced import PacedCard

from node.core.records import CounterObeyed, Record
from node.journal import FileJournal

CARD_MIB = 256
DAYS = 3
SECTOR = 512
REST_S = 60
SET_MS = 10_000
DAY_MS = 86_400_000
MB = 1e6
GOAL_MB = 5
EACH_ORDER = 200
MADE = ("-b", "4096", "-O", "^resize_inode", "-E", "lazy_itable_init=0,lazy_journal_init=0")
OPTIONS = "remount,noatime,errors=remount-ro,commit=600"
"""As deploy/layout.sh makes and mounts the data partition."""
WAKE = {**CURFEW, "name": "wake", "at": "05:00", "pattern": "wake"}
NOON = {**CURFEW, "name": "noon", "at": "11:30"}


def run(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> list[Figure]:
    """All figures of this file; none where nothing can be mounted."""
    try:
        say("a quiet day in virtual time")
        days = [_day(number) for number in range(DAYS)]
        written = [_written(home / f"day-{number}", records) / MB for number, records in enumerate(days)]
        naive = _written(home / "naive", [CounterObeyed(number) for number in range(EACH_ORDER)])
        say(f"{REST_S} s of rest")
        rest = _rest(broker, home)
    except NotPermitted as why:
        say(f"no card of its own here: {why}")
        return []
    return [
        figure(
            "node: written to its card on a quiet day (ext4's journal included)",
            "MB",
            written,
            peer="each order written down",
            peer_median=round(naive / EACH_ORDER * DAY_MS / SET_MS / MB, 1),
            goal=f"≤ {GOAL_MB} MB",
            met=max(written) <= GOAL_MB,
        ),
        figure("node: synced writes on a quiet day", "", [float(len(records)) for records in days]),
        figure(f"node: written to its card in {REST_S} s of rest", "B", [rest], goal="0", met=rest == 0),
    ]


def _day(number: int) -> list[Record]:
    """What the core wants written from 21:00 to 21:00: sets, statuses, hellos, three chimes, nobody presses."""
    box = Box(node=f"gong-{number + 1}", codebook=a_book(chimes=[CURFEW, WAKE, NOON]))
    box.link_up()
    for _ in range(DAY_MS // SET_MS):
        box.wait(SET_MS)
        box.set_of_alarms()
    assert len(box.heard) == len((CURFEW, WAKE, NOON))
    return box.records


def _written(place: Path, records: list[Record]) -> int:
    """Bytes that reach the card when the journal writes these, one after another."""
    with _card(place) as sectors:
        journal = FileJournal(place / "state" / "journal", lambda news: None)
        journal.open()
        before = sectors()
        for record in records:
            journal.append(record)
        journal.close()
        return (sectors() - before) * SECTOR


def _rest(broker: Mosquitto, home: Path) -> float:
    with _card(home / "rest") as sectors, service(home / "service", broker.port):
        (home / "sound").mkdir()
        folder = home / "rest" / "thon-1"
        node = bench_node(folder, broker.port, PacedCard(home / "sound"))
        try:
            node.see(lambda glance: glance["linked"] and glance["clock"] == "synced", 20)
            time.sleep(3)  # the start is not rest
            before = sectors()
            time.sleep(REST_S)  # what is measured is rest
            return float((sectors() - before) * SECTOR)
        finally:
            node.stop()


@contextmanager
def _card(place: Path) -> Iterator[Callable[[], int]]:
    """A card of its own; the number of sectors written to it so far, with all that waits."""
    with dying_disk(place, CARD_MIB, *MADE):
        subprocess.run(["mount", "-o", OPTIONS, place], check=True)
        (place / "state").mkdir()
        named = subprocess.run(
            ["findmnt", "-n", "-o", "SOURCE", "--mountpoint", place], check=True, capture_output=True, text=True
        )
        stat = Path("/sys/block", Path(named.stdout.split()[0]).name, "stat")

        def sectors() -> int:
            subprocess.run(["sync", "-f", place], check=True)
            return int(stat.read_text().split()[6])

        time.sleep(2)  # a new file system finishes what mkfs left to it
        sectors()
        yield sectors

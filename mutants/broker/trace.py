"""Everything that happened to the service and what it did: a JSON line each, so that a night replays in a test.

    {"type":"Started","at_ms":…,"wall_ms":…,"setup":{…},"snapshot":{…}}
    {"type":"Step","at_ms":…,"wall_ms":…,"item":{…},"effects":[…]}

What must hold: tracing never stops the service, and its files are bounded. They are for their owner alone (0600):
silent alerts are in them, and the seed. No password and no private key ever is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from broker.boundedlog import BoundedLog
from broker.core.effects import Effect
from broker.core.items import Item
from broker.core.records import Snapshot
from broker.core.setup import CommuneSetup

FILE_BYTES = 32 * 1024 * 1024
OLDER_FILES = 3
"""With the youngest 128 MB: a night of forty nodes, a week of a demo."""


class Started(msgspec.Struct, frozen=True, tag=True):
    """A run began."""

    at_ms: int
    """Monotonic."""
    wall_ms: int
    """Commune time."""
    setup: CommuneSetup
    """As the core was told."""
    snapshot: Snapshot
    """As the core was told."""


class Step(msgspec.Struct, frozen=True, tag=True):
    """One item."""

    at_ms: int
    """Monotonic, as the core was told."""
    wall_ms: int
    """Commune time, as the core was told."""
    item: Item
    """What happened."""
    effects: tuple[Effect, ...]
    """What the core asked for."""


Line = Started | Step
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


class Trace:
    """Writes the lines of one service."""

    def __init__(self, path: Path) -> None:
        """`path`: the youngest file; older ones have .1 to .3 at their end."""
        self._log = BoundedLog(path, FILE_BYTES, OLDER_FILES)

    def started(self, at_ms: int, wall_ms: int, setup: CommuneSetup, snapshot: Snapshot) -> None:
        """The first line of a run."""
        self._write(Started(at_ms, wall_ms, setup, snapshot))

    def step(self, at_ms: int, wall_ms: int, item: Item, effects: Sequence[Effect]) -> None:
        """One line."""
        self._write(Step(at_ms, wall_ms, item, tuple(effects)))

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()

    def _write(self, line: Line) -> None:
        try:
            text = _encoder.encode(line)
        except (
            msgspec.EncodeError,
            TypeError,
            ValueError,
            RecursionError,
        ):  # nothing that arrived may end the loop here
            self._log.lost += 1
            return
        self._log.write(text + b"\n")


def read_line(line: bytes) -> Line:
    """A line as it was written. msgspec.MsgspecError if it is torn."""
    return _decoder.decode(line)

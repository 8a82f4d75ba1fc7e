"""One record, one line of the journal: `\\n` + CRC-32 in hex + space + JSON + `\\n`. Pure.

What must always hold: one wrong byte anywhere costs at most the record it is in. So each line brings a line break at
both ends: a break that is damaged spoils only its own line. What cannot be read is counted and skipped, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import msgspec

from node.core.records import Record

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Record)
_CRC_CHARS = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a journal's bytes hold."""

    records: tuple[Record, ...]
    """Whole ones, in order."""
    damaged: int
    """Lines that are not what was written, but for a torn one."""
    torn: bool
    """The last line has no end and cannot be read: a power cut leaves that, and nothing is wrong with the disk."""
    foreign: tuple[bytes, ...]
    """Whole lines of a newer program that this one cannot read, without their breaks: kept, not understood."""


def line_of(record: Record) -> bytes:
    """The record's line, breaks included."""
    return framed(_encoder.encode(record))


def framed(body: bytes) -> bytes:
    """Any JSON without line breaks, as a line."""
    return b"\n%08x %s\n" % (crc32(body), body)


def read_lines(raw: bytes) -> Reading:
    """Every record in `raw` that is as it was written. Never raises."""
    records: list[Record] = []
    foreign: list[bytes] = []
    damaged = 0
    torn = False
    lines = raw.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        body = line[_CRC_CHARS + 1 :]
        if line[: _CRC_CHARS + 1] != b"%08x " % crc32(body):
            torn = number == len(lines)
            damaged += 0 if torn else 1
            continue
        try:
            records.append(_decoder.decode(body))
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
            foreign.append(body)
    return Reading(tuple(records), damaged, torn, tuple(foreign))

"""Judges a node's memory after a power cut: the real journal, code book and cache are opened on what is left."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from functools import reduce
from itertools import combinations
from pathlib import Path

from cuts.aftermath import claimed, laid_out, last_of
from cuts.disk import SECTOR_BYTES, Cut
from cuts.node_lines import codebook, memory_of, record, samples
from cuts.node_work import CLIP_EVERY, CODEBOOK_EVERY

from node.core.records import HeardAlert, Memory
from node.journal import FileJournal
from node.journalline import read_lines
from node.keep import JOURNAL, stored_codebook
from patterns.builtin import ALARM, builtins
from patterns.cache import find
from patterns.voice import DEFAULT_VOICE

MOST_SKIPPED = 3
"""Times that something was kept, and its node was killed before it could claim so."""
AFTER = HeardAlert("after the cut")
MOST_REFUSED = 6
"""Records that a sick disk may refuse one after another."""


def node_holds(cut: Cut) -> None:
    """The journal adds up to what was claimed, and goes on; code book and clip are those that were kept, whole."""
    with laid_out(cut.image) as state:
        memory = _read(state)
        assert _is_known(memory, claimed(cut, "records") or 0), "what was claimed is not what it adds up to"
        _goes_on(state, memory)
        _codebook_is_whole(stored_codebook(state), claimed(cut, "codebook"))
        _clip_is_right(state / "cache", cut)


def rot_costs_one(cut: Cut) -> None:
    """One byte that rotted costs one record at most; a sector that rotted costs those that touch it."""
    raw, dice = cut.image.get(JOURNAL, b""), random.Random(cut.after)
    if not raw:
        return
    whole = read_lines(raw).records
    at = dice.choice((dice.randrange(len(raw)), max(0, len(raw) - 1 - dice.randrange(2 * SECTOR_BYTES))))
    rotten = raw[:at] + bytes([raw[at] ^ dice.randrange(1, 256)]) + raw[at + 1 :]
    left = read_lines(rotten).records
    assert left in [whole, *(whole[:lost] + whole[lost + 1 :] for lost in range(len(whole)))]

    start = at // SECTOR_BYTES * SECTOR_BYTES
    end = min(start + SECTOR_BYTES, len(raw))
    # A record whose break is in the sector touches it, too.
    before = read_lines(raw[: raw.rfind(b"\n", 0, start) + 1]).records
    after = read_lines(raw[end:].partition(b"\n")[2]).records
    ruined = raw[:start] + dice.randbytes(end - start) + raw[end:]
    left = read_lines(ruined).records
    assert left[: len(before)] == before
    assert left[len(left) - len(after) :] == after
    with laid_out({JOURNAL: ruined}) as state:
        _goes_on(state, reduce(Memory.after, left, Memory()))


def _journal(state: Path) -> closing[FileJournal]:
    return closing(FileJournal(state / JOURNAL, lambda _: None))


def _read(state: Path) -> Memory:
    with _journal(state) as journal:
        return journal.open().memory


def _goes_on(state: Path, memory: Memory) -> None:
    with _journal(state) as journal:
        assert journal.open().memory == memory, "opening it changed it"
        assert journal.append(AFTER)
    assert _read(state) == memory.after(AFTER)


def _is_known(memory: Memory, least: int) -> bool:
    """Those claimed; and of those that were being written, or that a sick disk refused, any, in their order."""
    later = [record(number) for number in range(least, least + MOST_REFUSED)]
    return memory == memory_of(least) or any(
        memory == reduce(Memory.after, kept, memory_of(least))
        for count in range(1, MOST_REFUSED + 1)
        for kept in combinations(later, count)
    )


def _codebook_is_whole(stored: bytes | None, number: int | None) -> None:
    """The one that was claimed last, or a later one, whole."""
    assert stored in _later(codebook, number, CODEBOOK_EVERY), f"code book {number} is not there"


def _clip_is_right(cache_dir: Path, cut: Cut) -> None:
    """The one that was claimed last, or a later one, or none while one is being kept: then it is rendered again."""
    clip, number = find(cache_dir, builtins()[ALARM], DEFAULT_VOICE), claimed(cut, "clip")
    pcm = None if clip is None else bytes(clip.pcm)
    being_kept = last_of(cut, "clip", "clip_begun") == "clip_begun"
    assert pcm in _later(samples, number, CLIP_EVERY) or (pcm is None and being_kept), f"clip {number} is not there"


def _later(made: Callable[[int], bytes], number: int | None, every: int) -> list[bytes | None]:
    """What may be there once `number` was claimed: it; what was being kept; what a kill kept from being claimed."""
    if number is None:
        return [None, made(0)]
    return [made(number + every * more) for more in range(MOST_SKIPPED + 1)]

"""What the doctor found, for a person, for a program, and for whoever stands under the loudspeaker.

What must always hold: it speaks only while no node runs, for that one holds the card and may have to sound; and never
at night, whoever asks: a horn is heard by the whole hamlet.
"""

from __future__ import annotations

import json
import logging
import os
import queue
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from node.board import wiring
from node.core.firstboot import NIGHT_FROM, NIGHT_TO
from node.core.items import Finished
from node.errors import PinFault
from node.finding import Finding
from node.keep import scratch
from node.pins import GpioBoard
from node.settings import Settings
from node.speaker.ports import Speaker
from node.voicebox import SpeakerItem, build_speaker
from node.words import WELL_WORD, recording
from patterns.errors import KengError
from wire.blinks import BY_CODE, SPEAKER

_log = logging.getLogger(__name__)
DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
"""Of a box that has no code book yet: the communes of this field."""
SENTENCE_S = 10.0
"""The longest has three; a relay needs its time before."""


def codes_of(findings: Sequence[Finding]) -> tuple[int, ...]:
    """Numbers of what is not well, each once, in the order of the findings."""
    return tuple(dict.fromkeys(one.code for one in findings if one.state != "ok" and one.code))


def show(findings: Sequence[Finding], lang: str, out: TextIO) -> int:
    """Print them; the exit code: 1 if anything fails."""
    signs = {"ok": "✓", "warn": "!", "fail": "✗"}
    for finding in findings:
        lines = finding.en if lang == "en" else f"{finding.vi}\n  {finding.en}"
        out.write(f"{signs[finding.state]} {lines}\n")
    for code in codes_of(findings):
        blink = BY_CODE[code]
        vi, en = f"Đèn đường truyền chớp {code} ({blink.flashes})", f"The link lamp counts {code} ({blink.flashes})"
        out.write(f"{en}: {blink.en}\n" if lang == "en" else f"{vi}: {blink.vi}\n  {en}: {blink.en}\n")
    return int(any(finding.state == "fail" for finding in findings))


def show_json(findings: Sequence[Finding], out: TextIO) -> int:
    """One line: {"ok", "codes", "findings": [{"state", "code", "vi", "en"}]}; the exit code as `show`'s."""
    failed = any(finding.state == "fail" for finding in findings)
    told = [{"state": one.state, "code": one.code or None, "vi": one.vi, "en": one.en} for one in findings]
    out.write(json.dumps({"ok": not failed, "codes": codes_of(findings), "findings": told}, ensure_ascii=False) + "\n")
    return int(failed)


def night(wall_ms: int, zone: str) -> bool:
    """Whether the hamlet sleeps."""
    hour = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(ZoneInfo(zone)).hour
    return not NIGHT_TO <= hour < NIGHT_FROM


def say(
    settings: Settings, findings: Sequence[Finding], wall_ms: int | None, zone: str | None, *, running: bool
) -> Finding:
    """Say aloud what was found; whether that could be done. `wall_ms`: wall time; none: nobody knows it.

    `zone`: the code book's.
    """
    if running:
        return Finding(
            "warn",
            "Hộp kẻng đang chạy và giữ loa, nên không nói. Hãy bấm nút thử, hoặc: sudo systemctl stop keng-node",
            "The node runs and holds the loudspeaker: nothing is said. Press the test button, or stop keng-node.",
        )
    if wall_ms is not None and night(wall_ms, zone or DEFAULT_ZONE):
        return Finding(
            "warn",
            f"Từ {NIGHT_FROM} giờ đến {NIGHT_TO} giờ hộp kẻng không nói.",
            f"From {NIGHT_FROM}:00 to {NIGHT_TO}:00 nothing is said.",
        )
    words = [BY_CODE[code].word for code in codes_of(findings) if code != SPEAKER] or [WELL_WORD]
    if SPEAKER in codes_of(findings) or not _spoken(settings, words):
        return Finding("warn", "Loa không dùng được, nên không nói được.", "No loudspeaker: nothing could be said.")
    return Finding("ok", "Đã nói qua loa", "Said aloud")


def _spoken(settings: Settings, words: Sequence[str]) -> bool:
    told: queue.SimpleQueue[SpeakerItem] = queue.SimpleQueue()
    board = GpioBoard(settings.panel.factory, wiring(settings), work_dir=scratch(settings.state_dir, os.environ))
    try:
        board.open()  # the amplifier's relay hangs on it
        speaker = build_speaker(settings, board, told.put, lambda renew: None)
    except (PinFault, KengError) as fault:
        _log.warning("%s", fault)
        board.close()
        return False
    try:
        heard = [_heard(told, speaker, word) for word in words]
        return all(heard)
    finally:
        speaker.close()
        board.close()


def _heard(told: queue.SimpleQueue[SpeakerItem], speaker: Speaker, word: str) -> bool:
    clip = recording(word)
    if clip is None:
        return False

    speaker.play(word, clip)
    while True:
        try:
            item = told.get(timeout=SENTENCE_S)
        except queue.Empty:
            return False
        if isinstance(item, Finished) and item.ref == word:
            return item.how == "finished"

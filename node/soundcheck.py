"""The doctor's look at what sounds and what hears: the card, the microphone and how loud it is in front of it."""

from __future__ import annotations

from collections.abc import Iterator

from node.finding import Finding
from node.settings import SpeakerSettings
from node.speaker.errors import SinkTrouble
from patterns.errors import KengError
from wire.blinks import MICROPHONE, SPEAKER

LOUD_DB = -12.0
"""Of full scale, without a gong: then a gong only clips."""


def card(speaker: SpeakerSettings, running: bool) -> Iterator[Finding]:
    """The sound card; looked at only while no node runs."""
    if speaker.adapter == "wav":
        yield Finding("ok", f"Âm thanh ghi ra {speaker.wav}", f"Sound goes to {speaker.wav}")
        return
    if running:  # some cards take one opener at a time: a look could cost an alarm its first strokes
        yield Finding(
            "ok",
            f"Card âm thanh: {speaker.device}, hộp kẻng đang dùng; tình trạng loa xem ở systemctl status keng-node.",
            f"Sound card: {speaker.device}, used by the node; see systemctl status keng-node for its state.",
        )
        return
    from node.speaker.alsa import check
    from node.speaker.aplay import AplayChild

    try:
        if speaker.adapter == "aplay":
            AplayChild(speaker.device).probe()
        else:
            check(speaker.device)
        there = _named()
    except KengError as error:
        yield Finding("fail", error.vi, error.en, SPEAKER)
    except SinkTrouble as trouble:
        there = _named()
        yield Finding(
            "fail",
            f"Card âm thanh “{speaker.device}” không phát được ({trouble}). Hãy tắt chương trình đang giữ card, "
            f"hoặc cắm lại card, hoặc sửa speaker.device. Máy này có: {there or 'không card nào'}.",
            f'Sound card "{speaker.device}" cannot sound ({trouble}). Stop the program that holds it, plug it in, or '
            f"correct speaker.device. There is: {there or 'no card'}.",
            SPEAKER,
        )
    else:
        yield Finding(
            "ok", f"Card âm thanh: {speaker.device} (có: {there})", f"Sound card: {speaker.device} (there: {there})"
        )


def _named() -> str:
    from node.speaker.libasound import cards

    try:
        return ", ".join(one.name for one in cards())
    except (KengError, SinkTrouble):
        return ""


def microphone(device: str | None, running: bool) -> Iterator[Finding]:
    """The microphone, where there is one, and what it hears now; listened to only while no node runs."""
    if device is None:
        return
    if running:
        yield Finding(
            "ok",
            f"Micrô: {device}, hộp kẻng đang dùng; kẻng có nghe thấy không, xem ở keng status sau lần đánh tới.",
            f"Microphone: {device}, used by the node; `keng status` tells after the next sounding what it heard.",
        )
        return
    from node.ear.checkup import listen

    try:
        heard = listen(device)
    except KengError as error:
        yield Finding("warn", error.vi, error.en, MICROPHONE)
    except SinkTrouble as trouble:
        yield Finding(
            "warn",
            f"Micrô “{device}” không dùng được ({trouble}). Hãy tắt chương trình đang giữ micrô, hoặc cắm lại. "
            "Kẻng vẫn kêu, nhưng không ai biết loa còn sống.",
            f'Microphone "{device}" cannot be used ({trouble}). Stop the program that holds it, or plug it in again. '
            "The gong works, but nobody knows whether it is heard.",
            MICROPHONE,
        )
    else:
        yield surroundings(device, heard.level_db, deaf=heard.deaf)


def surroundings(device: str, level_db: float, *, deaf: bool) -> Finding:
    """What a second with the microphone, while the gong is silent, says of it."""
    told = f"{level_db:.0f}".replace("-", "−")
    if deaf:
        return Finding(
            "warn",
            f"Micrô {device}: chỉ có im lặng. Hãy kiểm tra dây và mở âm lượng thu (alsamixer, F4).",
            f"Microphone {device}: silence and nothing else. Check its cable and turn it up (alsamixer, F4).",
            MICROPHONE,
        )
    if level_db > LOUD_DB:
        return Finding(
            "warn",
            f"Micrô {device}: quá to ({told} dB) khi kẻng chưa kêu. Hãy vặn nhỏ âm lượng thu (alsamixer, F4).",
            f"Microphone {device}: too loud ({told} dB) with the gong silent. Turn it down (alsamixer, F4).",
        )
    return Finding(
        "ok",
        f"Micrô: {device}, nghe được xung quanh ở mức {told} dB",
        f"Microphone: {device}, hears its surroundings at {told} dB",
    )

"""Builds the speaker that the settings describe: a sink, its player, and around it relay, striker and ear."""

from __future__ import annotations

from collections.abc import Callable

from node.board import Board, Switch
from node.core.items import Began, Finished, Heard, MicrophoneHealth, SpeakerHealth
from node.ear.ports import EarReport, Verdict
from node.settings import Settings, SpeakerSettings
from node.speaker.amplifier import Amplified
from node.speaker.player import Player
from node.speaker.ports import Ended, Report, Reporter, Speaker, Started
from node.speaker.several import Several
from node.speaker.sink import Sink
from node.speaker.solenoid import Solenoid

NS_PER_MS = 1_000_000
SpeakerItem = Began | Finished | SpeakerHealth | Heard | MicrophoneHealth


def speaker_item(report: Report) -> SpeakerItem:
    """A speaker's report as the core's item."""
    match report:
        case Started():
            return Began(report.ref, report.at_ns // NS_PER_MS, report.late_ms)
        case Ended():
            return Finished(report.ref, report.how, report.duration_ms, report.strokes, report.why)
        case _:
            return SpeakerHealth(report.ok, "" if report.ok else report.why)


def ear_item(report: EarReport) -> SpeakerItem:
    """An ear's report as the core's item."""
    if isinstance(report, Verdict):
        return Heard(report.ref, report.strokes, report.level_db)
    return MicrophoneHealth(report.ok, "" if report.ok else report.why)


def build_speaker(
    settings: Settings,
    board: Board,
    report: Callable[[SpeakerItem], None],
    when_opened: Callable[[Callable[[], None]], None],
) -> Speaker:
    """The node's voice, sounding at once. Raises NoAlsa.

    `when_opened` is given what must be called each time the board's pins were opened.
    """

    def tell(told: Report) -> None:
        report(speaker_item(told))

    def loud(reporter: Reporter) -> Speaker:
        return Player(_sink(settings.speaker), reporter, settings.speaker.gain_db)

    def amplified(reporter: Reporter) -> Speaker:
        if settings.amplifier is None:
            return loud(reporter)
        relay = Switch(board, "amplifier")
        amplifier = Amplified(loud, relay, reporter, settings.amplifier.lead_ms, settings.amplifier.hold_ms)
        when_opened(amplifier.renew)
        return amplifier

    def voiced(reporter: Reporter) -> Speaker:
        if settings.solenoid is None:
            return amplified(reporter)
        return Several([amplified, lambda inner: Solenoid(Switch(board, "solenoid"), inner)], reporter)

    if settings.microphone is None:
        return voiced(tell)
    from node.ear.alsa import AlsaMicrophone
    from node.ear.eared import Eared

    return Eared(voiced, AlsaMicrophone(settings.microphone), tell, lambda report_: report(ear_item(report_)))


def _sink(settings: SpeakerSettings) -> Sink:
    """Each adapter is imported only where it is used: a node holds in memory what it needs."""
    if settings.adapter == "wav":
        from node.speaker.wavfile import WavFile

        assert settings.wav is not None  # noqa: S101 - settingsread.py saw to it
        return WavFile(settings.wav)
    if settings.adapter == "aplay":
        from node.speaker.aplay import AplayChild

        return AplayChild(settings.device)
    from node.speaker.alsa import AlsaCard

    return AlsaCard(settings.device)

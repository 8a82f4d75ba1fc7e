"""What hangs on the pins beside the lamps comes back with them."""

from pathlib import Path

from fakes.board import FakeBoard
from fakes.clips import steady
from fakes.waiting import eventually

from node.board import Output, Wiring
from node.core.items import Contacts, PanelHealth
from node.panel import Sampler
from node.settings import AmplifierSettings, BrokerSettings, PanelSettings, Settings, SpeakerSettings
from node.voicebox import build_speaker


def test_an_amplifier_whose_pins_were_lost_for_a_moment_is_on_again_while_an_alarm_sounds(tmp_path: Path) -> None:
    settings = Settings(
        "n", "h", "c", BrokerSettings("x", 1, None, None), PanelSettings(),
        SpeakerSettings("wav", wav=tmp_path / "gong.wav"), amplifier=AmplifierSettings(25),
    )  # fmt: skip
    board = FakeBoard(Wiring({}, False, {"amplifier": Output(25)}))
    told: list[Contacts | PanelHealth] = []
    sampler = Sampler(board, told.append)
    speaker = build_speaker(settings, board, lambda _: None, sampler.opened.append)
    sampler.open()
    try:
        eventually(lambda: PanelHealth(True) in told)
        speaker.play("alarm", steady(100, loop_ms=(0, 100)))
        eventually(lambda: board.levels["amplifier"] == 1)
        board.broken = "đứt dây"
        eventually(lambda: board.levels["amplifier"] == 0)
        board.broken = ""
        eventually(lambda: board.levels["amplifier"] == 1)
    finally:
        speaker.close()
        sampler.close()

"""The doctor finds what is wrong, disturbs nobody, and never falls ill itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.nodes import ROOT, shared_cache

from node.doctor import examine
from node.keep import hold

SETTINGS = """\
node: thon-1
hamlet: thon-1
commune: cong-lac
broker: {{host: {host}, port: 1}}
panel: {{factory: mock, buttons: [{{name: security, pin: 17}}]}}
speaker: {speaker}
state_dir: {state}
cache_dir: {cache}
"""


def written(
    folder: Path, speaker: str = "{adapter: wav, wav: gong.wav}", host: str = "127.0.0.1", state: str = "state"
) -> Path:
    path = folder / "node.yaml"
    path.write_text(SETTINGS.format(speaker=speaker, host=host, state=state, cache=shared_cache()))
    return path


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"host": "a b..c"}, "broker.host"),
        ({"host": "x" * 70}, "broker.host"),
        ({"state": "~nosuchuser/x"}, "state_dir"),
    ],
)
def test_settings_that_no_machine_can_follow_are_a_sentence_and_no_traceback(
    tmp_path: Path, what: dict[str, str], field: str
) -> None:
    (found,) = examine(written(tmp_path, **what))
    assert found.state == "fail" and field in found.en


def test_without_aplay_the_adapter_aplay_is_not_called_well(tmp_path: Path) -> None:
    path = written(tmp_path, "{adapter: aplay}")
    command = [sys.executable, "-m", "node.cli", "doctor", "--settings", str(path), "--lang", "en"]
    environment = {**os.environ, "PATH": str(tmp_path)}
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=environment)
    assert told.returncode == 1
    assert any(line.startswith("✗") and "aplay" in line for line in told.stdout.splitlines()), told.stdout


def test_the_card_of_a_running_node_is_left_alone(tmp_path: Path) -> None:
    """A card that only one can open was taken, for a moment, from the alarm."""
    path = written(tmp_path, "{adapter: alsa, device: nocard}")
    assert any(found.state == "fail" and "nocard" in found.en for found in examine(path))
    lock = hold(tmp_path / "state")
    try:
        assert not any(found.state == "fail" for found in examine(path))
    finally:
        os.close(lock)

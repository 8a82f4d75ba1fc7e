"""The command that starts a hanging Mosquitto anew: beside the loop, one at a time, and never an end of the service."""

import sys
import time
from pathlib import Path

import pytest
from fakes.waiting import eventually

from broker.restarting import Restarting

WAITS = """
import sys, time
from pathlib import Path
with open(sys.argv[2], "a") as count:
    count.write("x")
while not Path(sys.argv[1]).exists():
    time.sleep(0.01)  # a command that takes its time
"""


def test_the_command_is_run_as_it_is_written_and_told(tmp_path: Path) -> None:
    wish, said = tmp_path / "a wish", list[str]()
    one = Restarting(["touch", str(wish)], said.append)
    one.restart()
    assert one.wait(10)
    assert wish.exists()
    assert "Đã cho khởi động lại" in said[0] and "start anew" in said[0]


def test_no_shell_reads_it(tmp_path: Path) -> None:
    one = Restarting(["touch", f"{tmp_path}/a; touch {tmp_path}/b"])
    one.restart()
    assert one.wait(10)
    assert not (tmp_path / "b").exists()


def test_the_loop_does_not_wait_for_it_and_a_second_is_not_begun(tmp_path: Path) -> None:
    gate, count = tmp_path / "gate", tmp_path / "count"
    said = list[str]()
    one = Restarting([sys.executable, "-c", WAITS, str(gate), str(count)], said.append)
    began_s = time.monotonic()
    one.restart()
    assert time.monotonic() - began_s < 1
    eventually(count.exists)
    one.restart()
    assert "still goes on" in said[0]
    gate.touch()
    assert one.wait(10)
    assert count.read_text() == "x"
    one.restart()
    assert one.wait(10)
    assert count.read_text() == "xx"


@pytest.mark.parametrize("command", [["/no/such/program"], [sys.executable, "-c", "import sys; sys.exit('broken')"]])
def test_a_command_that_fails_is_told_in_both_languages_and_raises_nothing(command: list[str]) -> None:
    said = list[str]()
    one = Restarting(command, said.append)
    one.restart()
    assert one.wait(10)
    assert "Không khởi động lại được" in said[0] and "could not be restarted" in said[0]

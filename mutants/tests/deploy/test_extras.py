"""deploy/lib.sh believes that an extra is installed only if it looks for that extra's own libraries."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKED = sorted(
    {
        extra
        for path in (ROOT / "tests" / "run.sh", *(ROOT / "deploy").glob("*.sh"))
        for words in re.findall(r"^\s*need_python ((?:[a-z]+ ?)+)$", path.read_text("utf-8"), re.MULTILINE)
        for extra in words.split()
    }
)


def looked_for(*extras: str) -> str:
    command = ["bash", "-c", '. deploy/lib.sh && imports_of "$@"', "bash", *extras]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_the_scripts_ask_for_extras() -> None:
    assert {"dev", "mutate"} <= set(ASKED)


@pytest.mark.parametrize("extra", ASKED)
def test_each_extra_that_a_script_asks_for_is_looked_for(extra: str) -> None:
    assert looked_for(extra).removeprefix(looked_for()).strip()

"""What keng-node says to whoever asks how it is called: Vietnamese first, every heading."""

import pytest

from node.cli import main

pytestmark = pytest.mark.pure
OURS = ("cách dùng / usage:", "đối số / arguments:", "lựa chọn / options:")


@pytest.mark.parametrize("verb", ["", "run", "doctor", "press", "witness"])
def test_help_has_no_heading_in_english_alone(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    with pytest.raises(SystemExit) as left:
        main([*verb.split(), "--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0
    heads = [line.split("keng-node")[0].strip() for line in said.splitlines() if line[:1].strip() and ":" in line]
    assert heads and all(head.startswith(OURS) for head in heads), heads
    assert "show this help message and exit" not in said


def test_a_wrong_word_is_told_in_vietnamese_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["doctor", "--wrong"])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("keng-node: gọi sai")

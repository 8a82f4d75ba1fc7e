"""Rendering beside the node: tried again when it fails, but not for ever, and told."""

from pathlib import Path

import pytest
from fakes.waiting import eventually

from node.preparing import Preparing

BOOK = """{"version": 1, "zone": "Asia/Ho_Chi_Minh", "patterns": {"x/tap": {"use": "test", "steps": ["stroke"]}},
 "chimes": [], "alarm_s": 180, "cancel_s": 30, "relays": {}, "node_keys": {}}"""


@pytest.fixture
def told() -> list[str]:
    return []


def test_a_rendering_that_fails_is_tried_again_a_bounded_number_of_times(tmp_path: Path, told: list[str]) -> None:
    preparing = Preparing(tmp_path, None, told.append, again_s=(0.01, 0.01))
    preparing.want(str(tmp_path / "none.json"))
    eventually(lambda: preparing.idle)
    assert len(told) == 3 and all("none.json" in why for why in told)
    preparing.close()


def test_what_failed_is_rendered_once_it_can_be(tmp_path: Path, told: list[str]) -> None:
    book = tmp_path / "book.json"
    preparing = Preparing(tmp_path / "cache", None, told.append, again_s=(0.01,) * 50)
    preparing.want(str(book))
    eventually(lambda: told)
    book.write_text(BOOK)
    eventually(lambda: told[-1] == "", 60, str(told))
    eventually(lambda: preparing.idle)
    assert list((tmp_path / "cache").glob("*.wav"))
    preparing.close()


def test_closing_does_not_wait_for_the_next_try(tmp_path: Path, told: list[str]) -> None:
    preparing = Preparing(tmp_path, None, told.append, again_s=(3_600,))
    preparing.want(str(tmp_path / "none.json"))
    eventually(lambda: told)
    preparing.close()
    eventually(lambda: preparing.idle)

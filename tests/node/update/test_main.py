"""What the updater's units run."""

from pathlib import Path

import pytest

from node.update.__main__ import fetch
from node.update.files import TRIAL, Trial, write


@pytest.mark.parametrize(("on", "code"), [(True, 0), (False, 1)])
def test_a_trial_that_was_cut_off_is_led_back_whatever_can_be_fetched(tmp_path: Path, on: bool, code: int) -> None:
    # The installer, which leads back, starts only after the fetcher has ended well.
    write(tmp_path / TRIAL, Trial(offer="o1", version="0.2.0", on=on))
    assert fetch(tmp_path, tmp_path) == code

"""Two nights on the street, the first half of the seeds: whatever falls on a press or on the hour, every S row holds.

A failing seed names itself, and prints the shortest script that shows it. The other half is test_more_nights.py, so
that two workers share them; street/soak.py takes as many as time allows.
"""

import pytest
from street.nights import EACH, SEEDS, two_nights

pytestmark = [pytest.mark.pure, pytest.mark.timeout(600)]


@pytest.mark.parametrize("seed", range(0, SEEDS // 2, EACH))
def test_two_nights(seed):
    two_nights(seed)

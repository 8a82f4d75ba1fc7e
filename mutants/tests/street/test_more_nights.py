"""Two nights on the street, the second half of the seeds; see test_first_nights.py."""

import pytest
from street.nights import EACH, SEEDS, two_nights

pytestmark = [pytest.mark.pure, pytest.mark.timeout(600)]


@pytest.mark.parametrize("seed", range(SEEDS // 2, SEEDS, EACH))
def test_two_nights(seed):
    two_nights(seed)

"""What `keng backup` and `keng restore` say to people."""

import pytest

from broker.cli.keeping import moment

pytestmark = pytest.mark.pure


def test_a_backups_time_is_told_by_the_communes_clock():
    assert moment("2026-12-31T20:47:37Z") == "01/01/2027 03:47:37"

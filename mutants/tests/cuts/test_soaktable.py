"""What soaks came to is kept row by row."""

import pytest
from fakes.soaktable import note

pytestmark = pytest.mark.pure


def test_a_row_stays_until_its_test_has_run_again(tmp_path):
    where = tmp_path / "soak"
    note(where, "# Cuts", "register", cuts=5_000, lost=1)
    note(where, "# Cuts", "journal", cuts=20, lost=0)
    note(where, "# Cuts", "register", cuts=6_000, lost=0)
    assert where.with_suffix(".md").read_text().splitlines() == [
        "# Cuts", "", "|  | cuts | lost |", "|---|---|---|", "| register | 6,000 | 0 |", "| journal | 20 | 0 |",
        "| **all** | 6,020 | 0 |",
    ]  # fmt: skip


def test_what_is_no_number_is_not_added_up(tmp_path):
    where = tmp_path / "soak"
    note(where, "# Forgeries", "with keys", forgeries=10, a_second="5,000")
    note(where, "# Forgeries", "without", forgeries=5, a_second="6,000")
    assert where.with_suffix(".md").read_text().splitlines()[-1] == "| **all** | 15 |  |"

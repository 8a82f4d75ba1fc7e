"""A case comes up for the first time once, whatever number of screens it comes up on."""

import pytest

from broker.console.cases.story import lines

pytestmark = pytest.mark.pure


def test_what_the_console_tells_of_itself_bears_its_own_time():
    entry = {
        "seq": 7,
        "what": "audited",
        "by": "an",
        "at_ms": 9_000,
        "body": {"what": "shown", "detail": {"at": "1970-01-01T00:00:07.250+00:00"}},
        "rows": {},
    }
    [line] = lines({}, [entry], {})
    assert (line.at_ms, line.text[0]) == (7_250, "Hiện trên màn hình của an")
    [odd] = lines({}, [{**entry, "body": {"what": "shown", "detail": {"at": "x"}}}], {})
    assert odd.at_ms == 9_000

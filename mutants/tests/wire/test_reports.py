"""A node's reports are understood from the smallest to the fullest."""

import pytest

from wire.codec import decode
from wire.reports import Sounded, Status

pytestmark = pytest.mark.pure


def test_a_last_will_needs_a_node_and_that_it_is_gone():
    status = decode(b'{"node":"n1","online":false}', Status)
    assert (status.node, status.online, status.lamps) == ("n1", False, None)


def test_a_version_may_be_a_number_or_a_word():
    assert decode(b'{"node":"n1","online":true,"version":3,"boot":"0.1.0+dirty"}', Status).version == 3


def test_a_sounding_that_never_began_says_why():
    text = (
        '{"id":"curfew/2026-11-21","pattern":"curfew","started_at":null,"late_ms":0,"duration_ms":0,"strokes":0,'
        '"ended":"failed","why":"Không có loa."}'
    )
    assert decode(text.encode(), Sounded).started_at is None

"""From a topic to whom it concerns; what is refused has a sender and a reason."""

import pytest
from fakes.service import Service

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("topic", "sender", "reason"),
    [
        ("up/thon-1/alarm", "unknown", "topic"),
        ("up/Thon-1/alert", "unknown", "topic"),
        ("up/all/alert", "unknown", "topic"),
        ("ask/duty/dance", "duty", "topic"),
        ("up/thon-1/alert", "thon-1", "json"),
        ("up/thon-1/status", "thon-1", "json"),
        ("up/thon-1/sounded", "thon-1", "json"),
        ("ask/duty/alarm", "duty", "json"),
        ("all/alarms", "commune", "json"),
        ("all/chime", "commune", "json"),
        ("down/thon-1/welcome", "thon-1", "foreign"),
    ],
)
def test_what_is_refused_has_a_sender_and_a_reason(topic: str, sender: str, reason: str) -> None:
    service = Service()
    service.hear(topic, b"not json")
    assert service.core.refused == {sender: {reason: 1}}
    assert ("refused", sender) in service.troubles()


def test_what_users_are_told_is_no_business_of_ours() -> None:
    service = Service()
    service.hear("told/duty", b"x")
    assert not service.core.refused

"""The table of the contract keeps the contract's rules."""

import msgspec
import pytest

from wire.channels import CHANNELS, MESSAGES, ROLES
from wire.messages import Alarms, Alert, Status

pytestmark = pytest.mark.pure


def test_nothing_but_status_is_retained():
    assert [channel.messages for channel in CHANNELS if channel.retained] == [(Status,)]


def test_whatever_can_sound_a_gong_is_signed():
    loud = {Alarms, Alert} | {kind for kind in MESSAGES if kind.__name__ in ("Cancel", "Chime", "CodeBookOrder")}
    assert all(channel.signed_by for channel in CHANNELS if loud & set(channel.messages))


def test_every_order_bears_a_counter_and_the_time_it_was_issued():
    for channel in CHANNELS:
        if channel.signed_by == "commune" and channel.word != "answer":
            assert {"counter", "issued_at"} <= set(channel.messages[0].__struct_fields__)


def test_silent_alerts_are_read_by_the_commune_and_its_post_alone():
    heard = {(channel.way, channel.word): set(channel.heard_by) for channel in CHANNELS}
    assert heard["up", "silent"] == {"commune"}
    assert heard["down", "alarms"] == {"node"}


def test_every_alert_is_read_by_every_node():
    assert {"commune", "node"} <= {role for one in CHANNELS if one.path == "up/{node}/alert" for role in one.heard_by}


def test_only_the_commune_orders():
    for channel in CHANNELS:
        assert (channel.said_by == "commune") == (channel.way in ("down", "all", "told", "self"))


def test_the_beacon_is_heard_by_nobody_but_the_service_that_says_it():
    (beacon,) = [channel for channel in CHANNELS if channel.way == "self"]
    assert (beacon.said_by, beacon.heard_by) == ("commune", ("commune",))


def test_each_role_means_something_and_is_used():
    assert {role for channel in CHANNELS for role in (channel.said_by, *channel.heard_by)} == set(ROLES)


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_is_frozen_by_keyword_and_has_a_docstring(kind):
    config = kind.__struct_config__
    assert config.frozen
    assert not config.forbid_unknown_fields
    assert kind.__doc__
    with pytest.raises(TypeError):
        kind("positional")
    assert msgspec.structs.fields(kind)

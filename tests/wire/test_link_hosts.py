"""A machine with several names, on a real Mosquitto: a name that vanishes costs a moment, not the line."""

import time

from fakes.collected import Collected
from fakes.waiting import eventually

from wire.envelope import LinkDown, LinkUp
from wire.link import CONNECT_TIMEOUT_S, Link, LinkSettings

GONE = "khong-co.invalid"  # RFC 6761: nobody will ever answer to it
SLACK_S = 3.0  # what a resolver that is asked in vain, and a loaded machine, may add


def open_one(broker, others, kept, first=GONE):
    heard = Collected()
    link = Link(LinkSettings(first, broker.port, "n1", others=others, kept=kept), [], heard)
    link.open()
    return link, heard


def test_a_name_that_vanished_costs_no_back_off(mosquitto, tmp_path):
    link, heard = open_one(mosquitto, ("also-gone.invalid", mosquitto.host), tmp_path / "host")
    heard.wait_for(LinkUp, 2 * CONNECT_TIMEOUT_S + SLACK_S)
    link.close()
    assert [GONE in one.why for one in heard.every(LinkDown)] == [True, False]
    assert (tmp_path / "host").read_text() == f"{mosquitto.host}\n"


def test_after_a_restart_the_last_good_one_is_tried_first(mosquitto, tmp_path):
    (tmp_path / "host").write_text(f"{mosquitto.host}\n")
    link, heard = open_one(mosquitto, (mosquitto.host,), tmp_path / "host")
    assert heard.wait_for(object, CONNECT_TIMEOUT_S) == LinkUp()
    link.close()


def test_a_connection_that_was_lost_is_made_again_at_the_same_name(mosquitto, tmp_path):
    link, heard = open_one(mosquitto, (mosquitto.host,), tmp_path / "host")
    heard.wait_for(LinkUp, CONNECT_TIMEOUT_S + SLACK_S)
    downs = len(heard.every(LinkDown))
    mosquitto.kill()
    mosquitto.start()
    eventually(lambda: len(heard.every(LinkUp)) == 2)
    link.close()
    assert not any(GONE in one.why for one in heard.every(LinkDown)[downs : downs + 1])


def test_when_all_are_gone_each_is_tried_once_between_two_waits(mosquitto, tmp_path):
    mosquitto.kill()
    link, heard = open_one(mosquitto, ("127.0.0.2",), tmp_path / "host", first=mosquitto.host)
    began_s = time.monotonic()
    eventually(lambda: len(heard.every(LinkDown)) >= 6)
    took_s = time.monotonic() - began_s
    link.close()
    named = [one.why.partition(":")[0] for one in heard.every(LinkDown)][:6]
    assert named == [mosquitto.host, "127.0.0.2"] * 3
    assert took_s >= 1.0, "two rounds of waits lie between three rounds of tries"

"""The broker that other tests stand on does what they believe of it."""

import os
import signal
import subprocess
import time

import pytest


def test_it_starts_on_a_private_port_and_speaks(mosquitto):
    assert mosquitto.publish("a/b", "chào", "-r") == 0
    assert mosquitto.read("a/b", "-F", "%t %r %p") == ["a/b 1 chào"]


def test_killed_it_is_gone_and_comes_back_empty_on_the_same_port(mosquitto):
    port = mosquitto.port
    mosquitto.publish("a/b", "x", "-r")
    mosquitto.kill()
    assert mosquitto.publish("a/b", "x") != 0
    mosquitto.start()
    assert mosquitto.port == port
    assert mosquitto.read("a/b", within_s=1) == []


def test_a_restart_takes_milliseconds(mosquitto):
    began_s = time.monotonic()
    mosquitto.stop()
    mosquitto.start()
    assert time.monotonic() - began_s < 2


def test_frozen_it_answers_nobody_until_it_is_thawed(mosquitto):
    mosquitto.freeze()
    assert mosquitto.read("a/b", within_s=1) == []
    with pytest.raises(subprocess.TimeoutExpired):
        mosquitto.publish("a/b", "x", within_s=0.5)
    mosquitto.thaw()
    assert mosquitto.publish("a/b", "x") == 0


def test_passwords_and_access_list_hold_and_can_be_changed_while_it_runs(start_mosquitto):
    broker = start_mosquitto(passwords={"n1": "one"}, acl="user n1\ntopic readwrite a/b\n")
    assert broker.publish("a/b", "x", user="n1", password="one") == 0
    assert broker.publish("a/b", "x", user="n1", password="two") != 0
    assert broker.publish("a/b", "x") != 0
    broker.set_passwords({"n1": "two"})
    broker.reload()
    assert broker.publish("a/b", "x", user="n1", password="two") == 0


def test_tls_needs_its_own_ca(start_mosquitto):
    one = start_mosquitto(tls=True)
    other = start_mosquitto(tls=True)
    assert one.publish("a/b", "x") == 0
    one.ca = other.ca
    assert one.publish("a/b", "x") != 0


def test_several_run_side_by_side(start_mosquitto):
    assert len({start_mosquitto().port for _ in range(3)}) == 3


def test_it_ends_even_frozen(start_mosquitto):
    broker = start_mosquitto()
    pid = broker.pid
    os.kill(pid, signal.SIGSTOP)
    broker.end()
    assert not os.path.exists(f"/proc/{pid}")

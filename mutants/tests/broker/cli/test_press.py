"""`keng press` against the node's own control socket, over a finger that only takes notes."""

import os

import pytest

from broker.cli.demos import Demo, DemoNode, announce, born
from node.control import Control
from node.core.setup import ContactSetup


@pytest.fixture
def touched(tmp_path):
    """A demo of one hamlet in tmp_path; what its contacts felt."""
    felt = []
    contacts = (
        ContactSetup(name="security"),
        ContactSetup(name="fire", kind="fire"),
        ContactSetup(name="fire-silent", kind="fire", silent=True),
        ContactSetup(name="cancel", purpose="cancel", hold_ms=0),
        ContactSetup(name="drill", purpose="drill", hold_ms=0),
    )
    control = Control(tmp_path / "c.sock", contacts, lambda name, closed: felt.append((name, closed)))
    node = DemoNode(node="n2", hamlet="thon-2", name="Thôn 2", wav=None, control=str(tmp_path / "c.sock"), trace="")
    pid = os.getpid()
    announce(Demo(pid=pid, born=born(pid) or 0, home=str(tmp_path), commune="c", host="h", port=1, nodes=(node,)), [])
    yield felt
    control.close()


@pytest.mark.parametrize("name", ["thon-2", "n2", "2", "Thôn 2", "thon 2"])
def test_a_hamlet_is_known_by_id_name_or_number(keng, touched, tmp_path, name):
    assert keng("press", name, "--hold", "0,05", "--home", tmp_path).code == 0
    assert touched == [("security", True), ("security", False)]


def test_kind_silent_and_drill_reach_the_right_contacts(keng, touched, tmp_path):
    assert keng("press", "2", "--kind", "fire", "--silent", "--hold", "0.05", "--home", tmp_path).code == 0
    assert touched == [("fire-silent", True), ("fire-silent", False)]
    touched.clear()
    said = keng("press", "2", "--kind", "fire", "--drill", "--hold", "0.05", "--home", tmp_path, "--json")
    assert said.json["button"] == "fire"
    assert touched[:3] == [("drill", True), ("fire", True), ("fire", False)]


def test_cancel_closes_the_cancel_contact(keng, touched, tmp_path):
    assert keng("press", "2", "--cancel", "--home", tmp_path).code == 0
    assert touched[0] == ("cancel", True)


def test_what_is_not_there_is_4_and_says_what_is(keng, touched, tmp_path):
    said = keng("press", "thon-7", "--home", tmp_path)
    assert said.code == 4 and "thon-2 (Thôn 2)" in said.err
    said = keng("press", "2", "--kind", "medical", "--home", tmp_path)
    assert said.code == 4 and "fire-silent" in said.err
    assert touched == []


def test_a_node_that_is_gone_is_3(keng, touched, tmp_path):
    (tmp_path / "c.sock").unlink()
    assert keng("press", "2", "--home", tmp_path).code == 3

"""The node's own key is told of while it cannot be read, and used as soon as it can."""

from base64 import b64encode
from pathlib import Path

from node.core.items import Fault
from node.keys import Keys


def test_a_key_that_cannot_be_read_is_told_once_and_told_again_when_it_is_there(tmp_path: Path) -> None:
    """Only the log knew: the node's alerts were unsigned, and every neighbour refused them."""
    told: list[Fault] = []
    keys = Keys(tmp_path / "node.key", told.append)
    for _ in range(3):
        keys.open()
    assert [(one.part, "node.key" in one.why) for one in told] == [("key", True)]
    assert keys.sign("a/alert", b"x") is None
    (tmp_path / "node.key").write_bytes(b64encode(b"k" * 32))
    keys.open()
    keys.open()
    assert told[1:] == [Fault("key")]
    assert keys.sign("a/alert", b"x") is not None
    assert keys.sign("a/status", b"x") is None


def test_a_network_without_keys_has_no_fault() -> None:
    told: list[Fault] = []
    keys = Keys(None, told.append)
    keys.open()
    assert told == []

"""Each chime takes the journal's head out, each hello brings one back, and a difference is told."""

from typing import Any

import pytest
from fakes.register import Shelf
from fakes.service import Service, arrived

from broker.core.effects import Recall
from broker.core.items import Recalled, Tick
from broker.core.mutes import DAY_MS
from broker.core.turn import Turn
from broker.core.witnesses import MAX_ASKED, Witnesses
from wire.messages import Witness

pytestmark = pytest.mark.pure


def chimed(service: Service) -> dict[str, Any]:
    """The order of a chime, asked for now."""
    service.ask("chime", pattern="curfew")
    return [one.fields for one in service.said if one.topic == "all/chime"][-1]


def witness(seq: int, digest: str) -> dict[str, Any]:
    return {"seq": seq, "hash": digest}


def altered(service: Service) -> list[str]:
    return [one.why for one in service.core.troubles if one.kind == "altered"]


def test_a_chime_takes_out_the_head_that_is_on_the_disk_and_says_so_in_its_entry() -> None:
    service = Service()
    service.press()
    before = service.shelf.head
    assert before is not None
    told = chimed(service)["witness"]
    assert told == {"seq": before.seq, "hash": before.hash}
    entry = next(one for one in service.shelf.journal if one.what == "chime")
    assert entry.body["witness"] == told
    assert (entry.by, entry.body["hamlets"]) == ("duty", ["all"])


def test_what_is_not_on_the_disk_yet_is_in_no_head_that_goes_out() -> None:
    service = Service()
    head = service.shelf.head
    service.shelf.fill_disk()
    service.press()
    assert head is not None
    service.hear("ask/duty/chime", {"id": "c", "pattern": "curfew"})
    told = [one.fields for one in service.said if one.topic == "all/chime"][-1]["witness"]
    assert told == {"seq": head.seq, "hash": head.hash}


def test_a_new_run_takes_out_the_head_that_it_found() -> None:
    service = Service()
    service.press()
    service.shelf.fill_disk()
    service.start()
    head = service.shelf.head
    assert head is not None
    service.hear("ask/duty/chime", {"id": "c", "pattern": "curfew"})
    assert [one.fields for one in service.said if one.topic == "all/chime"][-1]["witness"]["seq"] == head.seq


def test_what_fits_raises_nobody() -> None:
    service = Service()
    told = chimed(service)["witness"]
    for _ in range(3):
        service.press()
        service.hello("thon-1", witness=told)
    service.start()
    service.hello("thon-2", witness=told)
    assert altered(service) == []


def test_a_register_that_was_rewritten_is_told_with_line_node_and_both_hashes() -> None:
    service = Service()
    service.press()
    told = chimed(service)["witness"]
    service.shelf.alter(1)
    service.start()
    service.hello("thon-3", witness=told)
    (why,) = altered(service)
    ours = service.shelf.hash_at(told["seq"])
    assert ours is not None
    vi, _, en = why.partition(" / ")
    assert vi == (
        f"Sổ trực bị sửa: hộp thon-3 làm chứng dòng {told['seq']} là {told['hash'][:8]}, sổ ghi {ours[:8]}; "
        "sai từ dòng ấy hoặc trước đó, hãy chạy: keng audit verify"
    )
    assert f"line {told['seq']} or before" in en and ours[:8] in en
    assert service.journal("trouble").count("commune") == 1
    assert ("altered", "commune") in service.troubles()


def test_lines_that_are_gone_are_told() -> None:
    service = Service()
    service.hello("thon-3", witness=witness(10_000, "ab" * 32))
    (why,) = altered(service)
    assert "dòng 10000 là abababab, sổ ghi không có dòng này" in why
    assert why.endswith(": node thon-3 saw abababab, it has no such line")


def test_the_lowest_line_that_is_known_to_be_wrong_is_named() -> None:
    service = Service()
    for number in range(20):
        service.press(number=number)
    for node, seq in (("thon-1", 9), ("thon-2", 5), ("thon-3", 12)):
        service.hello(node, witness=witness(seq, "cd" * 32))
    (why,) = altered(service)
    assert "hộp thon-2 làm chứng dòng 5 " in why


def test_a_newer_head_that_fits_does_not_end_it_but_a_quiet_week_does() -> None:
    service = Service(book=None)
    service.press()

    def six_days_pass() -> None:
        service.now_ms += 6 * DAY_MS
        service.wall_ms += 6 * DAY_MS
        service.give(Tick())

    service.hello("thon-1", witness=witness(1, "cd" * 32))
    service.hello("thon-1", witness=chimed(service)["witness"])
    six_days_pass()
    assert len(altered(service)) == 1
    service.hello("thon-2", witness=witness(2, "cd" * 32))
    six_days_pass()
    assert len(altered(service)) == 1
    six_days_pass()
    assert altered(service) == []


def test_an_old_node_that_brings_none_is_understood() -> None:
    service = Service()
    assert next(one.topic for one in service.hello("thon-1")) == "down/thon-1/welcome"
    assert altered(service) == []


def test_before_anything_is_written_a_chime_goes_out_without_a_head() -> None:
    service = Service()
    service.shelf = Shelf()
    service.shelf.fill_disk()
    service.start()
    service.hear("ask/duty/chime", {"id": "c", "pattern": "curfew"})
    assert "witness" not in [one.fields for one in service.said if one.topic == "all/chime"][-1]


@pytest.mark.parametrize("wrong", [{"seq": 0, "hash": "ab" * 32}, {"seq": 1, "hash": "AB" * 32}, {"seq": 1}, "x"])
def test_a_witness_that_is_none_refuses_the_hello(wrong: Any) -> None:
    service = Service()
    service.hello("thon-1", witness=wrong)
    assert service.core.refused == {"thon-1": {"field": 1}}


def test_a_register_that_could_not_be_read_is_asked_again_at_the_next_hello() -> None:
    service = Service()
    service.press()
    hello = arrived("up/thon-1/hello", {"node": "thon-1", "nonce": "n", "witness": witness(1, "cd" * 32)})
    for _ in range(2):
        effects = service.core.step(service.now_ms, service.wall_ms, hello)
        assert Recall(1) in effects
    service.give(Recalled(1, service.shelf.hash_at(1)))
    assert len(altered(service)) == 1


def test_an_answer_that_nobody_waits_for_is_ignored() -> None:
    service = Service()
    service.give(Recalled(7, None))
    assert altered(service) == []


def test_a_node_that_brings_ever_other_lines_fills_nothing() -> None:
    service = Service()
    witnesses = Witnesses(None, service.core._troubles)
    turn = Turn(1, 1)
    for seq in range(1, 3 * MAX_ASKED):
        witnesses.hello(turn, "thon-1", Witness(seq=seq, hash="ab" * 32))
    assert len(witnesses._asked) == MAX_ASKED

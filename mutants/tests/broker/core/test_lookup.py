"""Which incident an officer means."""

import pytest
from fakes.service import Service, alert_id

from broker.core.lookup import Unclear, meant

pytestmark = pytest.mark.pure


def test_a_whole_id_or_the_only_one_that_begins_so() -> None:
    assert meant("abcd-1", [], ["abcd-1", "abcd-12"]) == "abcd-1"
    assert meant("ABCD-2", [], ["abcd-1", "abcd-22"]) == "abcd-22"


def test_the_end_of_an_id_is_enough_as_it_is_shown() -> None:
    ids = ["0193a1de-0000-7000-8000-00000000aaaa", "0193a1de-0000-7000-8000-00000000bbbb"]
    assert meant("0000bbbb", [], ids) == ids[1]
    assert meant(" …0000AAAA", [], ids) == ids[0]
    with pytest.raises(Unclear):
        meant("0193a1de", [], ids)
    with pytest.raises(Unclear):
        meant("bbb", [], ids)


def test_those_that_can_be_acted_on_go_before_all_others() -> None:
    assert meant("abcd", ["abcd-2"], ["abcd-1", "abcd-2"]) == "abcd-2"


@pytest.mark.parametrize("target", ["abc", "abcd", "zzzz", ""])
def test_what_is_not_clear_is_refused(target: str) -> None:
    with pytest.raises(Unclear):
        meant(target, [], ["abcd-1", "abcd-2", "abcd-3"])


def test_an_ambiguous_beginning_is_told_with_the_whole_ids() -> None:
    service = Service()
    service.press()
    service.press(number=2)
    told = service.ask("acknowledge", target="0193")
    assert not told["ok"]
    assert alert_id(1) in told["why"]
    service.ask("close", target=alert_id(1), outcome="cháy")
    assert service.ask("acknowledge", target="0193")["target"] == alert_id(2)


def test_what_an_officer_reads_where_it_is_not_clear() -> None:
    ids = [f"abcd-{number}" for number in range(5)]
    with pytest.raises(Unclear) as unclear:
        meant("ABCD", [], ids)
    assert str(unclear.value) == ("ABCD chưa rõ, hãy ghi đủ mã: abcd-0, abcd-1, abcd-2 / ambiguous; give the whole id")
    with pytest.raises(Unclear) as unclear:
        meant("ffff", ids, ids)
    assert str(unclear.value) == ("Không có sự vụ ffff, hãy xem: keng incidents / no such incident; see keng incidents")

"""A drill's score: by proofs alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.console.drills.score import score

pytestmark = pytest.mark.pure

NODES = {"n1": "thon-1", "n1b": "thon-1", "n2": "thon-2", "n3": "thon-3"}


def proof(at_ms: int | None, ended: str = "all_clear") -> dict[str, object]:
    return {"started_at_ms": at_ms, "ended": ended}


def test_order_to_first_gong_to_last_hamlet_and_to_the_officer():
    found = score(
        1_000, None, 9_000, ("all",), NODES, [("n1", proof(1_200)), ("n1b", proof(4_000)), ("n2", proof(1_500))]
    )
    assert (found.expected, found.heard, found.silent) == (3, 2, ("thon-3",))
    assert (found.to_first_ms, found.to_last_ms, found.to_acknowledge_ms) == (200, 500, 7_800)


def test_a_press_counts_from_the_press():
    assert score(1_000, 700, None, ("thon-1",), NODES, [("n1", proof(750))]).to_first_ms == 50


def test_a_gong_that_failed_was_not_heard():
    assert score(0, None, None, ("thon-2",), NODES, [("n2", proof(None, "failed"))]).heard == 0


@pytest.mark.parametrize(("heard", "counts"), [(0, 0), (9, 1), (None, 1)])
def test_a_gong_that_played_and_was_not_heard_by_its_own_microphone_does_not_count(heard, counts):
    played = {**proof(100), "strokes": 9, "strokes_heard": heard}
    assert score(0, None, None, ("thon-2",), NODES, [("n2", played)]).heard == counts


def test_a_gong_that_did_not_know_the_time_was_heard_but_has_no_time():
    found = score(0, None, 5_000, ("thon-2",), NODES, [("n2", proof(None))])
    assert (found.heard, found.to_first_ms, found.to_acknowledge_ms) == (1, None, 5_000)


def test_nobody_took_it_is_none():
    assert score(0, None, None, ("all",), NODES, []).to_acknowledge_ms is None


@given(
    st.lists(st.sampled_from(["thon-1", "thon-2", "thon-3"]), unique=True, min_size=1),
    st.lists(st.tuples(st.sampled_from([*NODES, "stranger"]), st.one_of(st.none(), st.integers(0, 10**6)).map(proof))),
)
def test_no_more_hamlets_are_heard_than_were_asked_and_times_are_in_order(hamlets, proofs):
    found = score(0, None, None, tuple(hamlets), NODES, proofs)
    assert found.heard + len(found.silent) == found.expected == len(hamlets)
    if found.to_first_ms is not None:
        assert 0 <= found.to_first_ms <= (found.to_last_ms or 0)

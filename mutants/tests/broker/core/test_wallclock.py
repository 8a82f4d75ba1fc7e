"""Jumps are seen and noted, drift is not."""

import pytest

from broker.core.effects import Append
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.troubles import Troubles
from broker.core.turn import Turn
from broker.core.wallclock import JUMP_MS, NOTED_EVERY_MS, WallClock
from wire.words import is_sane

pytestmark = pytest.mark.pure

NOW_MS = 1_800_000_000_000


def clock(last_at_ms: int = 0) -> tuple[WallClock, Ledger, Troubles]:
    ledger = Ledger()
    troubles = Troubles((), Ledger())
    return WallClock(last_at_ms, ledger, troubles), ledger, troubles


def test_drift_is_no_jump_however_far_it_goes() -> None:
    seen, ledger, _ = clock()
    for step in range(100):
        assert not seen.see(Turn(step * 1_000, NOW_MS + step * 1_000 + step * JUMP_MS // 2))
    assert len(ledger) == 0


@pytest.mark.parametrize("jump_ms", [-(10**11), -JUMP_MS - 1, JUMP_MS + 1, 10**11])
def test_a_jump_is_noted_with_what_it_was(jump_ms: int) -> None:
    seen, ledger, troubles = clock()
    seen.see(Turn(0, NOW_MS))
    assert seen.see(Turn(500, NOW_MS + 500 + jump_ms))
    assert not seen.see(Turn(600, NOW_MS + 600 + jump_ms))
    assert len(ledger) == 1
    assert troubles.is_open("clock_jump", "commune")


def test_a_clock_that_went_back_while_we_were_away_is_noted() -> None:
    seen, ledger, _ = clock(last_at_ms=NOW_MS)
    assert seen.see(Turn(0, NOW_MS - JUMP_MS - 1))
    assert len(ledger) == 1
    seen, ledger, _ = clock(last_at_ms=NOW_MS)
    assert not seen.see(Turn(0, NOW_MS + 10**11))


def test_a_fluttering_clock_fills_nothing() -> None:
    seen, ledger, _ = clock()
    for step in range(1_000):
        seen.see(Turn(step * 20, NOW_MS + step % 2 * 10**6))
    assert len(ledger) <= 20_000 // NOTED_EVERY_MS + 1


def test_what_a_clock_can_show() -> None:
    assert is_sane(NOW_MS)
    assert not is_sane(0)
    assert not is_sane(5 * 10**12)


def test_what_is_written_of_a_jump_and_what_a_person_reads() -> None:
    seen, ledger, troubles = clock()
    seen.see(Turn(0, NOW_MS))
    seen.see(Turn(500, NOW_MS + 500 - 7_200_000))
    ledger.flush(turn := Turn(500, NOW_MS))
    body = {"from_ms": NOW_MS + 500, "to_ms": NOW_MS - 7_199_500, "jumped_ms": -7_200_000}
    jumped = Entry(what="jumped", subject="commune", by=None, at_ms=NOW_MS - 7_199_500, body=body)
    assert turn.effects == [Append(1, (jumped,))]
    (trouble,) = troubles.all
    assert (trouble.kind, trouble.about) == ("clock_jump", "commune")
    assert trouble.why == ("Đồng hồ máy xã nhảy -7200 giây, hãy kiểm tra giờ / the commune's clock jumped -7200 s")


@pytest.mark.parametrize(("apart_ms", "noted"), [(NOTED_EVERY_MS - 1, 1), (NOTED_EVERY_MS, 2)])
def test_jumps_are_noted_ten_seconds_apart_and_seen_all_the_same(apart_ms: int, noted: int) -> None:
    seen, ledger, _ = clock()
    seen.see(Turn(0, NOW_MS))
    assert seen.see(Turn(1_000, NOW_MS + 10_000_000))
    assert seen.see(Turn(1_000 + apart_ms, NOW_MS))
    assert len(ledger) == noted


def test_a_step_that_the_time_service_slews_is_no_jump() -> None:
    seen, ledger, troubles = clock(last_at_ms=NOW_MS)
    assert not seen.see(Turn(0, NOW_MS - JUMP_MS))
    assert not seen.see(Turn(0, NOW_MS))
    assert not seen.see(Turn(0, NOW_MS - JUMP_MS))
    assert (len(ledger), troubles.all) == (0, ())

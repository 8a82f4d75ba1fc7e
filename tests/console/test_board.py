"""The board: who has not sounded, who has not stopped, and what only the wire knows."""

from typing import Any

import pytest
from fakes.box import uid

from broker.console.duty.gongs import Gong, named, reach
from broker.console.live.board import SOUND_MS, WRITE_MS, Board, Case, assemble
from broker.console.live.tail import RegisterView
from broker.console.live.unwritten import DUMB_MS
from broker.console.live.vouched import FRESH_MS, TOLD_MS, Forged
from broker.console.live.wire import MAX_ALERTS, WireView
from broker.core.records import Alarm, Incident, Mute, NodeRow, Trouble
from wire.asks import Told
from wire.codec import encode
from wire.envelope import Arrived
from wire.messages import ActiveAlarm, Alarms, Alert, Status
from wire.signature import Signer
from wire.topics import Topics
from wire.words import Instant

pytestmark = pytest.mark.pure
NOW = 1_764_000_000_000
TOPICS = Topics("cong-lac")
BOOK: dict[str, Any] = {
    "hamlets": {"h1": {"name": "Thôn 1"}, "h2": {"name": "Thôn 2"}},
    "nodes": {"n1": {"hamlet": "h1"}, "n2": {"hamlet": "h2"}, "n3": {"hamlet": "h2"}},
}


def an_incident(number: int = 1, **changes: Any) -> Incident:
    fields: dict[str, Any] = {
        "id": uid(number), "kind": "fire", "hamlet": "h1", "node": "n1", "silent": False, "drill": False,
        "state": "open", "opened_at_ms": NOW, "pressed_at_ms": NOW,
    }  # fmt: skip
    return Incident(**{**fields, **changes})


def an_alarm(number: int = 1, *hamlets: str, **changes: Any) -> Alarm:
    fields: dict[str, Any] = {
        "id": uid(number), "kind": "fire", "pattern": "alarm", "drill": False, "silent": False,
        "hamlets": hamlets or ("all",), "since_ms": NOW, "life_s": 180,
    }  # fmt: skip
    return Alarm(**{**fields, **changes})


TROUBLES: tuple[tuple[Any, str], ...] = (
    ("node_silent", "n1"),
    ("speaker", "n1"),
    ("speaker", "n2"),
    ("register", "n2"),
)


class Ether:
    """What the console hears, in order."""

    def __init__(self) -> None:
        self.wire = WireView(TOPICS, linked=True)

    def status(self, node: str, sounding: str | None, at_ms: int = NOW) -> None:
        said = Status(node=node, online=True, sounding=sounding)
        self.wire.take(Arrived(TOPICS.up(node, "status"), encode(said)), at_ms)

    def alert(self, number: int, at_ms: int = NOW, kind: Any = "fire") -> None:
        said = Alert(
            id=uid(number), node="n1", hamlet="h1", kind=kind, drill=False, pressed_at=Instant(at_ms), clock="synced",
            age_ms=0, count=1,
        )  # fmt: skip
        self.wire.take(Arrived(TOPICS.up("n1", "alert"), encode(said)), at_ms)

    def stated(self, *numbers: int, at_ms: int = NOW) -> None:
        alarms = tuple(
            ActiveAlarm(
                id=uid(number),
                kind="fire",
                pattern="alarm",
                drill=False,
                hamlets=("h1",),
                since=Instant(NOW),
                lease_s=60,
            )
            for number in numbers
        )
        order = Alarms(issued_at=Instant(at_ms), counter=at_ms, alarms=alarms)
        self.wire.take(Arrived(TOPICS.all("alarms"), encode(order)), at_ms)

    def silent(self, number: int, *, cancelled: bool = False) -> None:
        what = {"id": uid(number), "node": "n1", "hamlet": "h1", "kind": "theft", "drill": False}
        self.wire.notice(Told(id="", ok=True, result={"silent": {**what, "cancelled": cancelled}}), NOW)

    def board(self, at_ms: int = NOW, **register: Any) -> Board:
        fields: dict[str, Any] = {"fault": "", "codebook": BOOK, **register}
        self.wire.heed(RegisterView(**fields))
        return assemble(RegisterView(**fields), self.wire, at_ms)

    def case(self, at_ms: int = NOW, **register: Any) -> Case:
        [case] = self.board(at_ms, **register).cases
        return case


def test_who_should_sound_and_does_not_is_named_after_a_while_and_whoever_says_so_is_not():
    ether = Ether()
    ether.status("n1", uid(1))
    ether.status("n2", None)
    rows = {"incidents": (an_incident(),), "alarms": (an_alarm(),)}
    assert ether.case(NOW + SOUND_MS, **rows).mute == ()
    assert ether.case(NOW + SOUND_MS + 1, **rows).mute == ("n2", "n3")


def test_a_retired_gong_is_neither_shown_nor_missed_and_a_stranger_only_while_it_speaks():
    ether = Ether()
    ether.status("n1", uid(1))
    ether.status("n2", uid(1))
    ether.status("n3", uid(1))
    once = tuple(NodeRow(id=name, hamlet="h2") for name in ("n2", "gone", "strange"))
    rows = {"incidents": (an_incident(),), "alarms": (an_alarm(),), "nodes": once}
    assert [node.id for node in ether.board(NOW + SOUND_MS + 1, **rows).nodes] == ["n1", "n2", "n3"]
    assert ether.case(NOW + SOUND_MS + 1, **rows).mute == ()
    ether.status("strange", None, NOW + SOUND_MS)
    assert [node.id for node in ether.board(NOW + SOUND_MS + 1, **rows).nodes] == ["n1", "n2", "n3", "strange"]
    assert ether.case(NOW + SOUND_MS + 1, **rows).mute == ()
    nameless = {"hamlets": BOOK["hamlets"]}
    assert ether.case(NOW + SOUND_MS + 1, codebook=nameless, **rows).mute == ("gone", "strange")


def test_a_gong_that_sounds_another_real_alarm_is_not_missed_but_one_that_sounds_a_drill_is():
    ether = Ether()
    ether.status("n1", uid(2))
    late = NOW + SOUND_MS + 1
    both = {"incidents": (an_incident(),), "alarms": (an_alarm(1, "h1"), an_alarm(2, "h1"))}
    assert ether.case(late, **both).mute == ()
    drill = {"incidents": (an_incident(),), "alarms": (an_alarm(1, "h1"), an_alarm(2, "h1", drill=True))}
    assert ether.case(late, **drill).mute == ("n1",)


def test_who_has_not_stopped_is_named_at_once_of_an_open_case_and_of_one_that_was_closed():
    ether = Ether()
    ether.status("n2", uid(1))
    assert ether.case(incidents=(an_incident(),)).still == ("n2",)
    assert ether.board(ended=(an_incident(state="closed"),)).unended == {uid(1): ("n2",)}
    ether.status("n2", None)
    assert ether.case(incidents=(an_incident(),)).still == ()


def test_where_the_commune_has_a_key_only_what_it_signed_is_a_case_and_the_rest_is_counted():
    ether, signer, other = Ether(), Signer(bytes(32)), Signer(bytes([1]) * 32)

    ether.board(key=signer.public)

    def state(number: int, counter: int, sig: Signer | None, at_ms: int = NOW) -> None:
        alarm = ActiveAlarm(
            id=uid(number), kind="fire", pattern="alarm", drill=False, hamlets=("h1",), since=Instant(NOW), lease_s=60
        )
        topic = TOPICS.all("alarms")
        payload = encode(Alarms(issued_at=Instant(at_ms), counter=counter, alarms=(alarm,)))
        ether.wire.take(Arrived(topic, payload, sig=sig and sig.sign(topic, payload)), NOW)

    state(1, 5, None)
    state(2, 6, other)
    state(3, 7, signer, NOW - FRESH_MS - 1)
    board = ether.board(NOW + WRITE_MS + 1, key=signer.public)
    assert board.cases == () and not board.unwritten(silent=True)
    assert board.forged == Forged(3, NOW)
    state(4, 8, signer)
    state(5, 8, signer)
    board = ether.board(NOW + TOLD_MS - 1, key=signer.public)
    assert [case.incident.id for case in board.cases] == [uid(4)]
    assert board.forged == Forged(4, NOW)
    assert ether.board(NOW + TOLD_MS, key=signer.public).forged is None
    ether.wire.vouched.afresh()
    state(6, 3, signer)
    assert {case.incident.id for case in ether.board(key=signer.public).cases} == {uid(4), uid(6)}, (
        "a register that was put back"
    )


def test_without_a_key_what_the_commune_disowns_is_no_case_and_says_nothing_of_the_register():
    ether = Ether()
    ether.stated(1, at_ms=NOW)
    foreign = Trouble(kind="foreign_service", about="alarms", why="", since_ms=NOW + 40)
    late = NOW + WRITE_MS + 1
    assert ether.board(late).unwritten(silent=True), "nobody says yet that it is another's"
    board = ether.board(late, troubles=(foreign,))
    assert not board.unwritten(silent=True) and len(board.cases) == 1, "it sounds: gongs without a key obey it"
    ether.stated(at_ms=NOW + 10_000)
    assert ether.board(NOW + 10_000, troubles=(foreign,)).cases == ()
    assert ether.board(NOW + 90_000).cases == (), "nor when the trouble is over"


def test_a_register_that_cannot_be_read_disowns_nothing():
    ether = Ether()
    ether.stated(1, at_ms=NOW)
    ether.stated(at_ms=NOW + 10_000)
    foreign = Trouble(kind="foreign_service", about="alarms", why="", since_ms=NOW + 40)
    board = ether.board(NOW + 10_000, troubles=(foreign,), fault="disk I/O error")
    assert len(board.cases) == 1 and board.unwritten(silent=True)


def test_what_is_stated_and_not_written_down_is_a_case_at_once_and_stays_one_when_it_is_silenced():
    ether = Ether()
    ether.alert(1)
    ether.stated(1)
    case = ether.case()
    assert (case.written, case.incident.node, case.alarm is not None) == (False, "n1", True)
    ether.stated()
    assert (ether.case().written, ether.case().alarm) == (False, None)
    assert ether.board(NOW + WRITE_MS + 1).unwritten(silent=False)
    assert not ether.board(NOW + WRITE_MS).unwritten(silent=True)


def test_what_the_register_has_is_no_second_case_and_none_ever_again():
    ether = Ether()
    ether.alert(1)
    ether.stated(1)
    assert ether.case(incidents=(an_incident(),), alarms=(an_alarm(),)).written
    ether.stated()
    assert ether.board(NOW + 10 * DUMB_MS).cases == ()


def test_an_alert_is_shown_when_the_commune_is_dumb_and_not_while_it_speaks():
    ether = Ether()
    ether.alert(1)
    ether.alert(2, kind="test")
    assert ether.board(NOW + DUMB_MS - 1).cases == ()
    assert ether.case(NOW + DUMB_MS).incident.id == uid(1)
    ether.stated(at_ms=NOW + DUMB_MS + 1)
    assert ether.board(NOW + DUMB_MS + 2).cases == ()


def test_a_silent_alert_is_known_before_it_is_written_down_and_until_it_is_taken_back():
    ether = Ether()
    ether.silent(1)
    assert (ether.case().incident.silent, ether.case().written) == (True, False)
    ether.silent(1, cancelled=True)
    assert ether.board().cases == ()


def test_that_a_silent_alert_waits_for_the_register_is_told_to_nobody_who_may_not_know_of_it():
    ether = Ether()
    ether.silent(1)
    late = ether.board(NOW + WRITE_MS + 1)
    assert (late.unwritten(silent=True), late.unwritten(silent=False)) == (True, False)


def test_what_is_kept_of_the_wire_is_bounded():
    ether = Ether()
    for number in range(3 * MAX_ALERTS):
        ether.stated(number)
        ether.silent(number + 1_000)
        ether.alert(number + 2_000)
    assert {len(ether.wire.once), len(ether.wire.silent), len(ether.wire.alerts)} == {MAX_ALERTS}


def test_a_gong_has_its_hamlets_name_and_its_own_where_there_are_several_and_a_lost_one_is_said_to_be():
    ether = Ether()
    ether.status("n1", None)
    board = ether.board()
    assert named(board, ["n1", "n3", "n9"]) == (
        Gong("Thôn 1", False),
        Gong("Thôn 2 (n3)", True),
        Gong("n9", True),
    )


def test_gongs_are_counted_by_where_they_hang():
    board = Ether().board()
    assert (reach(board, ["h2"]), reach(board, ["all"])) == (2, 3)


def test_a_trouble_is_muted_by_what_mutes_it_until_its_end_and_what_is_the_commune_s_own_never() -> None:
    troubles = tuple(Trouble(kind=kind, about=about, why="?", since_ms=NOW) for kind, about in TROUBLES)
    mutes = (
        Mute(node="n1", kind="node_silent", why="Đang sửa", by="duty", since_ms=NOW, until_ms=NOW + 10),
        Mute(node="n2", kind="all", why="Đang sửa", by="duty", since_ms=NOW, until_ms=NOW + 10),
    )
    view = RegisterView(codebook=BOOK, troubles=troubles, mutes=mutes)
    board = assemble(view, WireView(TOPICS), NOW)
    assert [board.mute_of(one) is not None for one in troubles] == [True, False, True, False]
    over = assemble(view, WireView(TOPICS), NOW + 10)
    assert not [one for one in troubles if over.mute_of(one)]

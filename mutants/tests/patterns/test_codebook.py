"""Code books: read, checked as a whole, and the same on the other side of the wire."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.plainscores import plain_values
from hypothesis import given
from hypothesis import strategies as st

from patterns.book import MAX_MESSAGE_BYTES, message_size
from patterns.builtin import DATA, builtins
from patterns.codebook import CodeBook, codebook_from_message, load_codebook
from patterns.errors import CodeBookError

pytestmark = pytest.mark.pure

KEY = base64.b64encode(bytes(range(32))).decode()
BOOK = """\
commune: cong-lac
version: 3
zone: Asia/Ho_Chi_Minh
hamlets:
  thon-1: {name: Thôn 1, neighbours: [thon-2]}
  thon-2: {name: Thôn 2}
"""
STEPS = "steps: [stroke]"


def book(tmp_path: Path, more: str = "", base: str = BOOK) -> CodeBook:
    path = tmp_path / "codebook.yaml"
    path.write_text(base + more, encoding="utf-8")
    return load_codebook(path)


def faults(tmp_path: Path, more: str = "", base: str = BOOK) -> dict[str, str]:
    """Field → sentence in English."""
    with pytest.raises(CodeBookError) as caught:
        book(tmp_path, more, base)
    assert all(fault.line is not None and fault.vi for fault in caught.value.faults)
    return {fault.field: fault.en for fault in caught.value.faults}


def test_a_short_book_has_the_defaults(tmp_path) -> None:
    short = book(tmp_path)
    assert (short.alarm_s, short.cancel_s, short.name) == (180, 30, "cong-lac")
    assert short.escalation.neighbours_after_s is None
    assert short.pattern_for("fire") == "alarm"
    assert short.pattern_for("fire", drill=True) == "drill"
    assert short.pattern_for("test") == "test"
    assert short.resolve("cong-lac/alarm") is not None
    assert short.resolve("nothing") is None


@pytest.mark.parametrize("path", sorted((DATA / "codebooks").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_ready_made_books_are_right(path: Path) -> None:
    ready = load_codebook(path)
    assert ready.commune == path.stem
    assert codebook_from_message(json.loads(json.dumps(ready.to_message_fields()))).chimes == ready.chimes


def test_the_demo_commune() -> None:
    demo = load_codebook(DATA / "codebooks" / "cong-lac.yaml")
    ids = tuple(f"thon-{n}" for n in range(1, 6))
    assert tuple(demo.hamlets) == tuple(demo.nodes) == ids
    assert [hamlet.name for hamlet in demo.hamlets.values()] == [f"Thôn {n}" for n in range(1, 6)]
    assert demo.posts() == ()  # the commune marks its own: silent alerts sound there
    assert demo.heard_in("thon-2") == ("thon-2", "thon-3")
    assert demo.pattern_for("theft") == "alarm"
    assert (demo.escalation.neighbours_after_s, demo.escalation.commune_after_s) == (30, 60)
    tonight = demo.due_between(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC))
    assert [(due.id, due.hamlets, due.due_at_utc.hour) for due in tonight] == [("curfew/2027-03-01", ("all",), 15)]


def test_all_faults_of_a_book_come_together_with_file_line_and_field(tmp_path) -> None:
    bad = BOOK.replace("Asia/Ho_Chi_Minh", "Asia/Hanoi").replace("version: 3", "version: 0")
    with pytest.raises(CodeBookError) as caught:
        book(tmp_path, "alarm_s: 5\nrelays:\n  thon-2: [thon-9]\nchimes:\n  - {name: x, at: 22h, pattern: y}\n", bad)
    found = [(fault.line, fault.field) for fault in caught.value.faults]
    assert found == [
        (2, "version"),
        (3, "zone"),
        (7, "alarm_s"),
        (9, "relays.thon-2[0]"),
        (11, "chimes[0].at"),
        (11, "chimes[0].pattern"),
    ]
    assert f"{tmp_path / 'codebook.yaml'}, dòng 3, zone" in caught.value.vi


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("relays: {thon-1: [thon-1]}", "relays.thon-1"),
        ("relays: {thon-9: [thon-1]}", "relays.thon-9"),
        ("relays: {thon-1: [thon-2, thon-2]}", "relays.thon-1[1]"),
        ("nodes: {n1: {hamlet: thon-9}}", "nodes.n1.hamlet"),
        ("nodes: {N1: {hamlet: thon-1}}", "nodes.N1"),
        ("nodes: {all: {hamlet: thon-1}}", "nodes.all"),
        ("nodes: {n1: {hamlet: thon-1, key: abc}}", "nodes.n1.key"),
        (f"nodes: {{n1: {{hamlet: thon-1, key: '{KEY[:-4]}'}}}}", "nodes.n1.key"),
        (f"nodes: {{a: {{hamlet: thon-1, key: '{KEY}'}}, b: {{hamlet: thon-1, key: '{KEY}'}}}}", "nodes.b.key"),
        ("nodes: {n1: {hamlet: thon-1, post: yes please}}", "nodes.n1.post"),
        ("escalation: {neighbours_after_s: 60, commune_after_s: 30}", "escalation.commune_after_s"),
        ("escalation: {neighbours_after_s: 1}", "escalation.neighbours_after_s"),
        ("cancel_s: 301", "cancel_s"),
        ("alarm_s: 601", "alarm_s"),
        ("chime: []", "chime"),
        ("patterns: {curfew: cong-lac/curfw}", "patterns.curfew"),
        ("patterns: {Báo: cong-lac/curfew}", "patterns.Báo"),
        ("patterns: {a/b/c: cong-lac/curfew}", "patterns.a/b/c"),
        ("patterns: {alarm: cong-lac/curfew}", "patterns.alarm"),
        ("patterns: {drill: {steps: [{repeat: {until: silenced, steps: [stroke]}}]}}", "patterns.drill"),
        ("patterns: {drill: {use: drill, steps: [{repeat: {until: silenced, steps: "
         "[{beats: {strokes: 2, every_s: 0.2}}]}}]}}",
         "patterns.drill"),
        ("patterns: {go: {use: alarm, steps: [{repeat: {until: silenced, steps: [{beats: {strokes: 3, every_s: 0.5}}, "
         "{rest: 1}]}}]}}", "patterns.go"),
        ("patterns: {go: {use: drill, steps: [{repeat: {times: 3, steps: "
         "[{beats: {strokes: 3, every_s: 1}}, {rest: 2}]}}]}}",
         "patterns.go"),
        ("by_kind: {fire: curfew}", "by_kind.fire"),
        ("by_kind: {fire: test}", "by_kind.fire"),
        ("by_kind: {flood: alarm}", "by_kind.flood"),
        ("by_kind: {fire: nothing}", "by_kind.fire"),
        ("chimes: [{name: a, at: '22:00', pattern: alarm}]", "chimes[0].pattern"),
        ("chimes: [{name: a, at: '22:00', pattern: drill}]", "chimes[0].pattern"),
        ("chimes: [{name: a, at: '24:00', pattern: curfew}]", "chimes[0].at"),
        ("chimes: [{name: a, at: '22:00:30', pattern: curfew}]", "chimes[0].at"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew, hamlets: [thon-9]}]", "chimes[0].hamlets[0]"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew, hamlets: []}]", "chimes[0].hamlets"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew, days: [monday]}]", "chimes[0].days[0]"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew, days: []}]", "chimes[0].days"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew, except: [2027-02-30]}]", "chimes[0].except[0]"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew, except: [2027-02-10..2027-02-01]}]", "chimes[0].except[0]"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew}, {name: a, at: '23:00', pattern: curfew}]",
         "chimes[1].name"),
        ("chimes: [{name: a, at: '22:00', pattern: curfew}, {name: b, at: '22:00', pattern: wake}]", "chimes[1].at"),
        ("chimes: [{name: b, at: '23:59', days: [sun], pattern: p}, {name: a, at: '00:00', days: [mon], "
         "pattern: curfew}]\n"
         "patterns: {p: {steps: [{beats: {strokes: 80, every_s: 1}}]}}", "chimes[1].at"),
        ("chimes: [{name: a, at: '00:00', days: [mon], pattern: curfew}, {name: b, at: '23:59', days: [sun], "
         "pattern: p}]\npatterns: {p: {steps: [{beats: {strokes: 80, every_s: 1}}]}}", "chimes[1].at"),
        ("chimes: [{name: a, at: '22:00', pattern: wake}, {name: b, at: '22:00', pattern: curfew, hamlets: [thon-1]}]",
         "chimes[1].at"),
        ("chimes: [{name: a, at: '22:00', pattern: p}]\npatterns: {p: {use: chime, steps: [{repeat: {until: silenced, "
         "steps: [stroke]}}]}}", "chimes[0].pattern"),
        ("chimes: [{name: a, at: '22:00', pattern: p}]\npatterns: {p: {steps: [{beats: {strokes: 9, every_s: 0.3}}]}}",
         "chimes[0].pattern"),
        ("chimes: [{name: a, at: '22:00', pattern: p}]\npatterns: {p: {steps: [{repeat: {times: 2, steps: "
         "[{beats: {strokes: 3, every_s: 1}}, {rest: 2}]}}]}}", "patterns.p"),
    ],
)  # fmt: skip
def test_each_contradiction_is_found_where_it_is(tmp_path, more: str, field: str) -> None:
    assert list(faults(tmp_path, more + "\n")) == [field]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("commune: cong-lac", "commune: all", "commune"),
        ("commune: cong-lac", "commune: Cộng Lạc", "commune"),
        ("thon-1:", "all:", "hamlets.all"),
        ("[thon-2]", "[thon-1]", "hamlets.thon-1.neighbours"),
        ("[thon-2]", "[thon-3]", "hamlets.thon-1.neighbours[0]"),
        ("Asia/Ho_Chi_Minh", "../../etc/passwd", "zone"),
        ("Asia/Ho_Chi_Minh", "Asia", "zone"),
        ("version: 3", "version: 3.0", "version"),
        ("version: 3\n", "", "version"),
    ],
)
def test_each_fault_of_the_head_is_found_where_it_is(tmp_path, old: str, new: str, field: str) -> None:
    assert field in faults(tmp_path, base=BOOK.replace(old, new, 1))


def test_an_alarm_longer_than_alarm_s_is_refused(tmp_path) -> None:
    long = "patterns: {go: {use: alarm, steps: [{beats: {strokes: 60, every_s: 0.3}}]}}\n"
    assert book(tmp_path, "alarm_s: 18\n" + long).resolve("go") is not None
    assert "alarm_s" in faults(tmp_path, "alarm_s: 17\n" + long)["patterns.go"]


def test_a_builtin_alarm_longer_than_alarm_s_is_refused_where_it_is_chosen(tmp_path) -> None:
    length_ms = builtins()["cong-lac/alarm"].timeline().length_ms
    assert length_ms < 10_000  # so every alarm_s that is allowed has room for every built-in alarm
    assert book(tmp_path, "alarm_s: 10\nby_kind: {default: cong-lac/alarm}\n").by_kind == {"default": "cong-lac/alarm"}


def test_chimes_in_different_hamlets_or_on_different_days_may_share_an_hour(tmp_path) -> None:
    more = (
        "chimes:\n"
        "  - {name: a, at: '22:00', pattern: curfew, hamlets: [thon-1]}\n"
        "  - {name: b, at: '22:00', pattern: curfew, hamlets: [thon-2], days: [mon]}\n"
        "  - {name: c, at: '22:00', pattern: wake, hamlets: [thon-2], days: [tue]}\n"
    )
    assert len(book(tmp_path, more).chimes) == 3


def test_a_test_may_have_a_pattern_of_its_own(tmp_path) -> None:
    assert book(tmp_path, "by_kind: {test: test}\n").pattern_for("test") == "test"


def test_a_book_too_large_for_the_wire_is_refused(tmp_path) -> None:
    more = "patterns:\n" + "".join(
        f"  p-{n}: {{steps: [{', '.join(['stroke', '{rest: 0.123}'] * 20)}]}}\n" for n in range(30)
    )
    assert str(MAX_MESSAGE_BYTES) in faults(tmp_path, more)[""]


def test_forty_nodes_with_keys_fit_the_wire(tmp_path) -> None:
    hamlets = "".join(f"  thon-{n}: {{name: Thôn {n}}}\n" for n in range(3, 41))
    keys = [base64.b64encode(bytes([n]) * 32).decode() for n in range(1, 41)]
    nodes = "nodes:\n" + "".join(f"  thon-{n}-keng: {{hamlet: thon-{n}, key: {keys[n - 1]}}}\n" for n in range(1, 41))
    large = book(tmp_path, hamlets + nodes)
    assert message_size(large) <= MAX_MESSAGE_BYTES
    assert len(codebook_from_message(large.to_message_fields()).nodes) == 40


def test_a_node_learns_what_it_needs(tmp_path) -> None:
    more = f"""\
nodes:
  a: {{hamlet: thon-1, post: true, key: {KEY}}}
  b: {{hamlet: thon-2}}
relays: {{thon-1: [thon-2]}}
patterns:
  curfew: cong-lac/curfew
  own: {{title: Của thôn, use: alarm, steps: [{{repeat: {{until: silenced, steps: [stroke, {{rest: 0.3}}]}}}}]}}
  mild: {{use: test, steps: [stroke]}}
by_kind: {{default: own, fire: ea-o/alarm}}
chimes:
  - {{name: night, at: "22:00", days: [sat, mon], pattern: curfew, hamlets: [thon-1], except: [2027-02-05..2027-02-07]}}
"""
    written = book(tmp_path, more)
    read = codebook_from_message(
        json.loads(json.dumps(written.to_message_fields())) | {"issued_at": "x", "counter": 5, "new": {}}
    )
    assert (read.version, read.zone, read.alarm_s, read.cancel_s) == (3, "Asia/Ho_Chi_Minh", 180, 30)
    assert read.chimes == written.chimes
    assert read.relays == written.relays
    assert read.by_kind == written.by_kind
    assert read.nodes == written.nodes
    assert read.posts() == ("a",)
    for name in ("curfew", "own", "mild", "alarm"):
        mine, theirs = read.resolve(name), written.resolve(name)
        assert mine is not None
        assert theirs is not None
        assert mine.timeline() == theirs.timeline()
        assert mine.use == theirs.use
    assert read.to_message_fields() == written.to_message_fields()


REQUIRED = {
    "version": 1,
    "zone": "UTC",
    "patterns": {},
    "chimes": [],
    "alarm_s": 60,
    "cancel_s": 0,
    "relays": {},
    "node_keys": {},
}


def test_a_message_with_wire_mds_fields_alone_is_enough() -> None:
    message = REQUIRED | {
        "chimes": [
            {"name": "c", "at": "22:00", "days": "daily", "pattern": "curfew", "hamlets": ["thon-7"], "except": []}
        ],
        "node_keys": {"n": KEY},
    }
    read = codebook_from_message(message)
    assert read.nodes["n"].key == KEY
    assert read.chimes[0].hamlets == ("thon-7",)
    assert "thon-7" in read.hamlets


@pytest.mark.parametrize("field", sorted(REQUIRED))
@pytest.mark.parametrize("wrong", [None, "x", -1, [1], {"a": 1}])
def test_a_missing_or_wrong_field_refuses_the_whole_message(field: str, wrong: object) -> None:
    with pytest.raises(CodeBookError, match=r"message, " + field):
        codebook_from_message(REQUIRED | {field: wrong})


@given(
    st.one_of(
        plain_values, st.dictionaries(st.sampled_from(sorted(REQUIRED)), plain_values).map(lambda some: REQUIRED | some)
    )
)
def test_no_message_makes_reading_raise_anything_else(message: object) -> None:
    try:
        codebook_from_message(message)
    except CodeBookError as error:
        assert error.vi


def test_what_must_be_rendered_is_known(tmp_path) -> None:
    names = [
        score.name
        for score in book(tmp_path, "by_kind: {fire: lam-ha/alarm}\npatterns: {curfew: ea-o/curfew}\n").needed()
    ]
    assert names[:2] == ["lam-ha/alarm", "curfew"]
    assert {"alarm", "drill", "test", "all-clear"} <= set(names)
    assert len(names) == len(set(names))

"""Whatever comes in whatever order: the core does not raise, does not spin, and keeps its promises on the way."""

import random
from json import loads

import pytest
from fakes.box import CURFEW, Box, a_book, an_alarm, uid
from fakes.journal import PowerCut
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from node.core.effects import Publish, Show, Sound, Write
from node.core.items import (
    Began,
    Contacts,
    Disk,
    Fault,
    Finished,
    Heard,
    Machine,
    MicrophoneHealth,
    PanelHealth,
    SpeakerHealth,
    SystemClock,
    Tick,
)
from node.core.records import OwnAlert
from wire.codec import encode
from wire.envelope import Arrived, Denied, LinkDown, LinkUp
from wire.words import Instant

pytestmark = pytest.mark.pure

ROOT = "keng/1/cong-lac"
BUTTONS = ["red", "fire", "quiet", "try", "cancel", "drill"]
IDS = [uid(n) for n in range(4)]
KINDS = ["security", "theft", "fire", "disaster", "medical", "test"]


class Watched(Box):
    """A box that checks its promises at every effect, over all its runs."""

    def __init__(self, **how: object) -> None:
        self.refs: set[str] = set()
        self.received: set[str] = set()
        self.proved: list[str] = []
        super().__init__(**how)

    def _do(self, effect: object) -> None:
        if isinstance(effect, Sound):
            assert effect.ref not in self.refs
            self.refs.add(effect.ref)
            own = self.core._parts.alerts.get(self.core.sounding or "")
            assert own is None or not own.silent
        if isinstance(effect, Write) and isinstance(effect.record, OwnAlert) and effect.record.state != "sending":
            assert effect.record.id in self.received
        if isinstance(effect, Show) and effect.alert in ("received", "acknowledged"):
            assert self.received
        if isinstance(effect, Publish) and not effect.topic.endswith("/silent"):
            silent = [id_.encode() for id_, alert in self.memory.alerts.items() if alert.silent]
            assert not any(id_ in effect.payload for id_ in silent)
        super()._do(effect)


def arrivals(box: Watched, rng: random.Random) -> Arrived:
    """Something that the network may bring, true or not."""
    ids = [*IDS, *box.memory.alerts]
    some = rng.sample(ids, rng.randrange(0, 3))
    match rng.randrange(9):
        case 0 | 1:
            alarms = [
                an_alarm(
                    id_,
                    kind=rng.choice(KINDS),
                    drill=rng.random() < 0.3,
                    lease_s=rng.choice([1, 30, 600]),
                    pattern=rng.choice(["alarm", "x/y"]),
                )
                for id_ in some
            ]
            return box.a_set(
                *alarms, post=rng.random() < 0.2, issued_ms=max(0, box.wall_ms - rng.choice([0, 1, 29_000, 10**9]))
            )
        case 2:
            return box.a_peer(
                rng.choice(ids), node=rng.choice(["gong-2", "gong-3", "gong-9"]), hamlet=rng.choice(["h1", "h2"]),
                count=rng.randrange(1, 4), age_ms=rng.choice([0, 29_000, 10**7]), kind=rng.choice(KINDS),
                clock=rng.choice(["synced", "unsure"]),
            )  # fmt: skip
        case 3:
            return box.a_peer(rng.choice(ids), cancelled=True, node=rng.choice(["gong-2", "gong-3"]))
        case 4:
            id_ = rng.choice(ids)
            box.received.add(id_)
            state = rng.choice(["received", "acknowledged", "closed", "false_alarm"])
            return box.sent(f"{ROOT}/down/gong-1/answer", encode({"id": id_, "state": state}))
        case 5:
            return box.a_chime(f"c{rng.randrange(3)}/2026-11-21", max(0, box.wall_ms + rng.randrange(-90_000, 90_000)))
        case 6:
            book = a_book(
                chimes=[CURFEW],
                counter=box.next_counter(),
                version=rng.randrange(3),
                issued_at=str(Instant(box.wall_ms)),
            )
            return box.sent(f"{ROOT}/all/codebook", book)
        case 7:
            topic = rng.choice(
                [
                    "all/alarms",
                    "all/chime",
                    "all/codebook",
                    "down/gong-1/welcome",
                    "down/gong-1/answer",
                    "up/gong-2/alert",
                    "x",
                ]
            )
            return Arrived(
                f"{ROOT}/{topic}",
                rng.choice([b"", b"{}", b"\xff", b"[" * 9_000, b'{"cancelled":true}', b'{"counter":1e999}']),
            )
        case _:
            return Arrived(
                box.topics.all("alarms"), box.a_set().payload, retained=rng.random() < 0.5, sig=rng.choice([None, "x"])
            )


def one_thing(box: Watched, rng: random.Random) -> None:
    """Let something happen."""
    ref = rng.choice([*sorted(box.refs), "nobody"])
    match rng.randrange(16):
        case 0 | 1 | 2:
            box.hold(rng.choice(BUTTONS), rng.choice([50, 200, 900, 3_000]))
        case 3:
            box.step(LinkUp())
        case 4:
            box.step(LinkDown())
        case 5 | 6 | 7 | 8 | 9:
            box.arrive(arrivals(box, rng))
        case 10:
            box.ahead_ms = max(-box.now_ms, box.ahead_ms + rng.choice([-(10**11), -3_600_000, 3_600_000, 10**11]))
        case 11:
            box.step(
                rng.choice(
                    [
                        Began(ref, rng.randrange(-5, 10**9), rng.randrange(-9, 9)),
                        Finished(
                            ref, rng.choice(["finished", "stopped", "pre_empted", "failed"]), rng.randrange(-5, 900), 1
                        ),
                        SpeakerHealth(rng.random() < 0.5, "gone"),
                        MicrophoneHealth(rng.random() < 0.5, "unheard"),
                        Heard(ref, rng.choice([None, 0, 9]), rng.choice([None, -20.5])),
                        PanelHealth(False),
                        Disk("full"),
                        Fault("key", rng.choice(["", "no\nkey\0"])),
                        Machine("low", float("nan")),
                        Denied(f"{ROOT}/up/gong-1/status", "no"),
                        Tick(),
                        Contacts(rng.randrange(-5, 10**9), ("red", "ghost")),
                        SystemClock(rng.choice([0, -1, 10**12, 10**18]), rng.random() < 0.5),
                    ]
                )
            )
        case 12:
            rng.choice([box.restart, box.power_on])()
        case 13:
            box.cut_after = rng.randrange(6)
        case _:
            box.wait(rng.choice([1, 100, 5_000, 60_000, 600_000]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_comes_nothing_raises_spins_or_breaks_a_promise(seed: int) -> None:
    rng = random.Random(seed)
    box = Watched(codebook=a_book(chimes=[CURFEW]) if rng.random() < 0.5 else None, listens=rng.random() < 0.5)
    box.commune = rng.random() < 0.7
    for _ in range(40):
        try:
            one_thing(box, rng)
        except PowerCut:
            box.power_on()
    box.cut_after = None
    box.wait(1_300_000)
    assert box.playing is None, "everything ends by itself"
    ends = [(proof.id, proof.ended) for proof in box.said("sounded")]
    assert len(ends) <= len(box.refs) + len(box.records)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "node", "alarms", "issued_at", "counter", "version", "patterns", "chimes", "cancelled"]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    ).map(json.encode),
    st.sampled_from(["all/alarms", "all/chime", "all/codebook", "down/gong-1/welcome", "up/gong-2/alert"]),
)
def test_no_payload_raises_or_sounds(payload: bytes, topic: str) -> None:
    box = Box()
    box.link_up()
    box.arrive(Arrived(f"{ROOT}/{topic}", payload))
    assert box.sounds() == []
    assert sum(box.refused.values()) == 1
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing == uid(1)


@pytest.mark.parametrize("field", list(loads(a_book())))
@pytest.mark.parametrize("junk", [None, [], {}, "x", -1, 10**30, [[]] * 3, {"a": {"b": []}}])
def test_a_code_book_with_any_field_spoilt_is_refused_or_taken_whole(field: str, junk: object) -> None:
    box = Box()
    box.link_up()
    fields = loads(a_book(counter=1, issued_at=str(Instant(box.wall_ms)))) | {field: junk}
    box.arrive(Arrived(f"{ROOT}/all/codebook", json.encode(fields)))
    assert (box.codebook is None) == bool(box.refused)


def test_a_code_book_nested_without_end_is_refused() -> None:
    box = Box()
    box.link_up()
    nested = b"[" * 900 + b"]" * 900
    payload = a_book(counter=1, issued_at=str(Instant(box.wall_ms))).replace(
        b'"patterns":{}', b'"patterns":{"x":' + nested + b"}"
    )
    box.arrive(Arrived(f"{ROOT}/all/codebook", payload))
    assert box.codebook is None
    assert sum(box.refused.values()) == 1


def test_a_day_of_a_quiet_node_is_few_steps() -> None:
    box = Box(codebook=a_book(chimes=[CURFEW]), logged=False)
    box.link_up()
    steps = 0
    step = box.core.step

    def counted(now_ms: int, item: object) -> list[object]:
        nonlocal steps
        steps += 1
        return step(now_ms, item)

    box.core.step = counted
    box.wait(86_400_000)
    assert steps < 11_800  # a status every 8 s, and what belongs to it

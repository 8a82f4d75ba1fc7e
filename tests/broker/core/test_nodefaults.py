"""What is wrong with a node: a table of questions."""

import pytest
from msgspec import structs

from broker.core.nodefaults import NODE_KINDS, SILENT_MS, STRAGGLING_MS, UNSURE_MS, NodeView, faults, silent_ms
from wire.messages import Status

pytestmark = pytest.mark.pure

WELL = NodeView(
    id="n1",
    online=True,
    heard_ms=100_000,
    status=Status(node="n1", online=True, clock="synced", speaker="ok", panel="ok", disk="ok", orders_signed=True),
)


def asked(view: NodeView, now_ms: int = 100_000, linked_ms: int = 0, stopped_ms: int | None = None) -> set[str]:
    return set(faults(view, now_ms, linked_ms, keys=True, stopped_ms=stopped_ms))


def test_nothing_is_wrong_with_a_node_that_is_well() -> None:
    assert asked(WELL) == set()


def test_silence_counts_from_the_last_word_or_from_our_own_link() -> None:
    assert asked(WELL, 100_000 + SILENT_MS - 1) == set()
    assert asked(WELL, 100_000 + SILENT_MS) == {"node_silent"}
    assert asked(WELL, 100_000 + SILENT_MS, linked_ms=100_001) == set()
    assert asked(NodeView(id="n2"), SILENT_MS) == {"node_silent"}


def test_one_that_is_gone_has_that_fault_alone() -> None:
    assert asked(structs.replace(WELL, online=False, unsure_since_ms=0)) == {"node_silent"}


def test_moments_are_forgiven() -> None:
    unsure = structs.replace(WELL, unsure_since_ms=100_000)
    assert asked(unsure, 100_000 + UNSURE_MS - 1) == set()
    assert asked(unsure, 100_000 + UNSURE_MS) == {"clock_unsure"}
    assert asked(WELL, stopped_ms=STRAGGLING_MS - 1) == set()
    assert asked(WELL, stopped_ms=STRAGGLING_MS) == {"still_sounding"}


def test_every_fault_says_why_in_both_languages_and_is_of_a_kind_that_is_mended_here() -> None:
    bad = Status(
        node="n1",
        online=True,
        speaker="gone",
        panel="stuck:fire",
        disk="full",
        microphone="deaf",
        faults=("key: x",),
        supply="low",
    )
    view = structs.replace(WELL, status=bad, unsure_since_ms=0)
    found = faults(view, 100_000, 0, keys=True, stopped_ms=9_999, owes=True)
    assert set(found) == set(NODE_KINDS) - {"node_silent"}
    assert all(" / " in why and len(why) <= 300 for why in found.values())


def test_other_faults_are_named_one_by_one_even_one_of_a_newer_node() -> None:
    assert WELL.status is not None
    bad = structs.replace(WELL.status, faults=("key: none.key", "patterns", "moon: full"))
    why = faults(structs.replace(WELL, status=bad), 100_000, 0, keys=True, stopped_ms=None)["node_fault"]
    assert "khóa ký" in why and "its key" in why and "âm thanh" in why and "moon: full" in why


@pytest.mark.parametrize("panel", ["left_on:drill", "stuck:red left_on:drill"])
def test_a_drill_switch_that_was_left_on_is_named_as_what_it_does(panel: str) -> None:
    assert WELL.status is not None
    view = structs.replace(WELL, status=structs.replace(WELL.status, panel=panel))
    why = faults(view, 100_000, 0, keys=True, stopped_ms=None)["panel"]
    assert "diễn tập" in why and "exercise" in why and ("red" in why) == ("red" in panel)


def test_a_gong_that_is_not_heard_and_a_microphone_that_hears_nothing_are_two_things() -> None:
    assert WELL.status is not None
    told = {}
    for word in ("ok", "unknown", "unheard", "unheard: 0 of 26", "deaf", "busy: Device or resource busy"):
        view = structs.replace(WELL, status=structs.replace(WELL.status, microphone=word))
        told[word] = faults(view, 100_000, 0, keys=True, stopped_ms=None)
    assert [set(found) for found in told.values()] == [
        set(), set(), {"speaker"}, {"speaker"}, {"microphone"}, {"microphone"}
    ]  # fmt: skip
    assert "loa" in told["unheard"]["speaker"] and "busy" in told["busy: Device or resource busy"]["microphone"]


AT = "hộp kẻng n1"


def told(
    view: NodeView = WELL, *, stopped_ms: int | None = None, owes: bool = False, **status: object
) -> dict[str, str]:
    """What is wrong with a node that says this of itself."""
    assert view.status is not None
    view = structs.replace(view, status=structs.replace(view.status, **status))
    return dict(faults(view, 100_000, 0, keys=True, stopped_ms=stopped_ms, owes=owes))


@pytest.mark.parametrize(
    ("status", "kind", "why"),
    [
        ({"speaker": "gone"}, "speaker", f"Loa của {AT} hỏng: gone / speaker of node n1"),
        (
            {"microphone": "unheard: 0 of 26"},
            "speaker",
            "Kẻng n1 có đánh mà micrô không nghe thấy, hãy kiểm tra tăng âm, dây loa và loa"
            " / gong n1 played unheard; check amplifier, cable and loudspeaker",
        ),
        ({"speaker": "gone", "microphone": "unheard"}, "speaker", f"Loa của {AT} hỏng: gone / speaker of node n1"),
        (
            {"microphone": "deaf"},
            "microphone",
            f"Micrô của {AT} không nghe thấy gì, hãy kiểm tra dây, micrô và âm lượng thu (alsamixer)"
            " / microphone of node n1 hears nothing; check it, its cable and its mixer",
        ),
        (
            {"microphone": "busy: x"},
            "microphone",
            f"Micrô của {AT} hỏng: busy: x / microphone of node n1 cannot be used",
        ),
        (
            {"panel": "stuck:red lamp:link"},
            "panel",
            f"Nút bấm, đèn của {AT} hỏng: stuck:red lamp:link / buttons or lamps of node n1",
        ),
        (
            {"panel": "left_on:drill"},
            "panel",
            f"Công tắc diễn tập của {AT} chưa tắt, bấm thật cũng thành diễn tập"
            " / drill switch of node n1 was left on: each press is an exercise",
        ),
        (
            {"panel": "stuck:red left_on:drill"},
            "panel",
            f"Nút bấm, đèn của {AT} hỏng: stuck:red; Công tắc diễn tập của {AT} chưa tắt, bấm thật cũng thành diễn tập"
            " / buttons or lamps of node n1; drill switch of node n1 was left on: each press is an exercise",
        ),
        ({"disk": "full"}, "disk", f"Thẻ nhớ của {AT} hỏng: full / disk of node n1"),
        (
            {"supply": "low"},
            "supply",
            f"Nguồn của {AT}: điện áp thấp, hãy thay bộ nguồn hoặc dây nguồn"
            " / supply of node n1: under-voltage; replace power supply or cable",
        ),
        (
            {"supply": "mains_lost", "mains": False, "battery_pct": 64, "battery_h": 40.4},
            "supply",
            f"Nguồn của {AT}: mất điện lưới, đang chạy bằng ắc quy (còn 64 %, khoảng 40 giờ)"
            " / supply of node n1: the mains are off, it runs on battery (64 % left, some 40 h)",
        ),
        (
            {"supply": "battery_low", "battery_pct": 12},
            "supply",
            f"Nguồn của {AT}: ắc quy sắp hết, hãy cấp điện lại hoặc thay ắc quy (còn 12 %)"
            " / supply of node n1: its battery is low; feed or replace it (12 % left)",
        ),
        ({"supply": "moon"}, "supply", f"Nguồn của {AT}: moon / supply of node n1: moon"),
        (
            {"faults": ("key: x", "moon: full")},
            "node_fault",
            "Hộp kẻng n1: không đọc được khóa ký; moon: full / node n1: its key cannot be read; moon: full",
        ),
        (
            {"orders_signed": False},
            "unsigned",
            "Hộp kẻng n1 nhận cả lệnh không ký, hãy cài khóa của xã / node n1 obeys unsigned orders; give it the key",
        ),
    ],
)
def test_what_a_person_reads_of_a_fault_that_a_node_tells(status: dict[str, object], kind: str, why: str) -> None:
    assert told(**status) == {kind: why}


def test_what_a_person_reads_of_a_fault_that_the_commune_sees() -> None:
    assert told(stopped_ms=STRAGGLING_MS) == {
        "still_sounding": "Kẻng n1 vẫn còn kêu sau khi đã tắt / gong n1 still sounds after all-clear"
    }
    assert told(owes=True) == {
        "not_sounding": "Kẻng n1 có lệnh mà không kêu, hãy gọi điện cho thôn / gong n1 should sound and does not"
    }
    assert told(structs.replace(WELL, unsure_since_ms=100_000 - UNSURE_MS)) == {
        "clock_unsure": "Đồng hồ của hộp kẻng n1 chưa chắc chắn / node n1 does not know the time"
    }
    assert faults(structs.replace(WELL, online=False), 0, 0, keys=True, stopped_ms=None) == {
        "node_silent": "Mất liên lạc với hộp kẻng n1 / node n1 is gone"
    }
    assert faults(WELL, 100_000 + SILENT_MS, 0, keys=True, stopped_ms=None) == {
        "node_silent": f"Hộp kẻng n1 im lặng / node n1 has been silent for {SILENT_MS // 1_000} s"
    }


def test_a_node_that_says_how_often_it_speaks_is_missed_a_second_after_it_should_have() -> None:
    assert WELL.status is not None
    often = structs.replace(WELL, status=structs.replace(WELL.status, every_s=3))
    assert silent_ms(often) == 4_000
    assert silent_ms(WELL) == silent_ms(NodeView(id="n2")) == SILENT_MS


def test_one_that_never_said_how_it_is_owes_nothing() -> None:
    view = NodeView(id="n1", online=True, heard_ms=0)
    assert faults(view, 0, 0, keys=True, stopped_ms=9_999, owes=True) == {}

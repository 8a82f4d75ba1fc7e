"""How far a node is with an offer, read off its own word; and the sentence for each fault."""

import pytest

from broker.core.nodefaults import NodeView
from broker.core.offer import Offer
from broker.core.uptake import breaks, has_it_by, held_trouble, state_of, trouble
from wire.messages import Status
from wire.release import Release
from wire.reports import Updating

pytestmark = pytest.mark.pure

OFFER = Offer(id="o1", release=Release(version="0.2.0", manifest="0" * 64, port=1), first="thon-2", by="duty", at_ms=0)


def view(state: str | None, why: str = "", *, offer: str = "o1", version: str = "0.1.0") -> NodeView:
    update = None if state is None else Updating(offer=offer, version="0.2.0", state=state, why=why)
    status = Status(node="thon-2", hamlet="thon-2", online=True, clock="synced", panel="ok", disk="ok", update=update)
    return NodeView(id="thon-2", version=version, status=status)


@pytest.mark.parametrize("state", ["done", "failed", "rolled_back", "waiting"])
def test_what_it_says_of_this_offer_is_so(state: str) -> None:
    assert state_of(view(state), OFFER) == state


@pytest.mark.parametrize("state", ["fetching", "installing", "ready", "trying", "a newer node's word"])
def test_whatever_else_it_says_it_is_at_it(state: str) -> None:
    assert state_of(view(state), OFFER) == "busy"


@pytest.mark.parametrize(
    ("version", "state"), [("0.1.0", "open"), ("0.2.0", "done"), ("0.3.0", "done"), ("", "open"), ("unknown", "open")]
)
def test_who_says_nothing_of_it_has_it_if_it_runs_that_version_or_a_newer_one(version: str, state: str) -> None:
    assert state_of(view(None, version=version), OFFER) == state
    assert state_of(view("rolled_back", offer="o0", version=version), OFFER) == state
    assert state_of(NodeView(id="thon-2", version=version), OFFER) == state


def test_who_has_it_by_the_offer_says_so_of_that_offer() -> None:
    assert has_it_by(view("done"), OFFER)
    for other in (view("done", offer="o0"), view("trying"), view(None, version="0.2.0"), NodeView(id="thon-2")):
        assert not has_it_by(other, OFFER)


def test_what_every_other_would_find_as_well_stops_it_for_all() -> None:
    assert breaks(view("rolled_back", "crash"), "rolled_back")
    for why in ("signature", "hash: wheels/x", "key", "manifest: x"):
        assert breaks(view("failed", why), "failed") and not breaks(view("waiting", why), "waiting")
    for why in ("", "net: x", "full", "machine: x", "install: hash"):
        assert not breaks(view("failed", why), "failed")
    assert not breaks(NodeView(id="thon-2"), "open") and not breaks(NodeView(id="thon-2"), "failed")


@pytest.mark.parametrize(
    ("state", "why", "vi", "en"),
    [
        ("failed", "net: timed out", "mở cổng 8445 ở máy xã; hộp tự thử lại", "open port 8445; it tries again"),
        ("failed", "full", "xóa bớt ở thẻ nhớ; hộp tự thử lại", "make room on its card; it tries again"),
        ("failed", "key", "chép release.pub vào /etc/keng của hộp, xem deploy/UPDATES.md",
         "put release.pub into its /etc/keng"),
        ("failed", "signature", "đừng dùng thư mục đó; chép lại từ nơi phát hành",
         "do not use that folder; copy it again"),
        ("failed", "hash: x", "đừng dùng thư mục đó; chép lại từ nơi phát hành",
         "do not use that folder; copy it again"),
        ("failed", "machine: x", "bản đó không có phần cho máy này", "it is not for that machine"),
        ("failed", "unlinked", "hộp tự thử lại", "it tries again"),
        ("failed", "power", "hộp tự thử lại", "it tries again"),
        ("failed", "install: pip", "hộp tự thử lại", "it tries again"),
    ],
)  # fmt: skip
def test_one_that_could_not_install_it_is_told_with_what_to_do(state: str, why: str, vi: str, en: str) -> None:
    line = trouble(view(state, why), "failed", "0.2.0")
    assert line is not None
    assert line.startswith(f"Bản 0.2.0 ở hộp kẻng thon-2 chưa cài được: {why}. Việc cần làm: {vi}")
    assert f"version 0.2.0 at node thon-2 could not be installed; {en}" in line


@pytest.mark.parametrize(
    ("why", "vi", "en"),
    [
        ("crash", "gửi dòng này cho nơi phát hành", "send this line to whoever releases"),
        ("unlinked", "nếu lúc đó máy xã mất điện hay mất mạng thì đưa lại: keng update offer",
         "if the commune was off then, offer it again"),
        ("power", "xem nguồn điện của hộp, rồi đưa lại: keng update offer", "see to its supply, offer it again"),
    ],
)  # fmt: skip
def test_one_that_went_back_is_told_with_what_to_do(why: str, vi: str, en: str) -> None:
    line = trouble(view("rolled_back", why), "rolled_back", "0.2.0")
    assert line is not None
    begins = "Bản 0.2.0 ở hộp kẻng thon-2 không chạy được, đã tự quay về bản cũ: "
    assert line.startswith(f"{begins}{why}. Việc cần làm: {vi}")
    assert f"version 0.2.0 at node thon-2 rolled back; {en}" in line


def test_of_all_others_nothing_is_told_and_no_control_character_of_theirs_either() -> None:
    for state in ("open", "waiting", "busy", "done"):
        assert trouble(view(state), state, "0.2.0") is None  # type: ignore[arg-type]  # a test's own words
    line = trouble(view("failed", "net: \x1b[2J"), "failed", "0.2.0")
    assert line is not None and "\x1b" not in line
    assert trouble(NodeView(id="thon-2"), "failed", "0.2.0") is not None


@pytest.mark.parametrize(
    ("held", "vi", "en"),
    [
        ("retired", "đã thôi dùng", "is retired"),
        ("away", "mất liên lạc", "is away"),
        ("slow", "chưa chạy tốt bản đó", "has not proved it"),
    ],
)
def test_a_first_that_holds_it_up_is_told_with_what_to_do(held: str, vi: str, en: str) -> None:
    line = held_trouble(held, "thon-2", "0.2.0")  # type: ignore[arg-type]  # a test's own words
    assert line.startswith(
        f"Bản 0.2.0 chưa tới các hộp khác: hộp thử trước thon-2 {vi}. Việc cần làm: xem hộp đó; hoặc chọn hộp khác: "
        "keng update offer THƯ-MỤC --first HỘP, hoặc thôi: keng update stop"
    )
    assert f"version 0.2.0 waits for its first node: thon-2 {en}; see to it, or offer it with another --first" in line

"""Ask and told over a real link: what is lost is asked again, with the same id."""

import json
import queue

import pytest

from broker.cli.asking import Commune
from broker.cli.reach import Reach
from broker.cli.terminal import NoConnection, NotWritten, RefusedByCommune
from broker.cli.unanswered import Unanswered
from wire.asks import AskTarget
from wire.envelope import Arrived, LinkUp, Publication
from wire.link import Link, LinkSettings

ASK = AskTarget(id="a1", target="all")


@pytest.fixture
def reach(mosquitto):
    return Reach(mosquitto.host, mosquitto.port, "cong-lac", "duty", "a test")


@pytest.fixture
def unanswered(tmp_path):
    return Unanswered(tmp_path / "keng")


@pytest.fixture
def service(mosquitto):
    """A service that does what it is told to: `service(answer)`, where `answer` takes the number of the copy."""
    links = []

    def start(answer):
        inbox = queue.SimpleQueue()
        copies = []

        def deliver(item):
            if isinstance(item, Arrived):
                copies.append(item)
                for payload in answer(len(copies), json.loads(item.payload)):
                    link.publish(Publication("keng/1/cong-lac/told/duty", payload))
            else:
                inbox.put(item)

        link = Link(LinkSettings(mosquitto.host, mosquitto.port, "s"), ["keng/1/cong-lac/ask/#"], deliver)
        link.open()
        links.append(link)
        assert isinstance(inbox.get(timeout=30), LinkUp)
        return copies

    yield start
    for link in links:
        link.close()


def told(ask, **fields):
    return json.dumps({"id": ask["id"], "ok": True, **fields}).encode()


def test_an_ask_whose_answer_is_lost_is_asked_again_with_the_same_id(reach, service):
    copies = service(lambda copy, ask: [told(ask)] if copy == 2 else [])
    with Commune(reach) as commune:
        assert commune.ask("clear", ASK).ok
    assert [json.loads(copy.payload)["id"] for copy in copies] == ["a1", "a1"]


STUCK = {"kind": "register", "about": "commune", "why": "Ổ đĩa đã đầy / the disk is full"}


def writes_nothing(copy, ask):
    """A service whose register cannot write: looks are answered, and acts are not."""
    if "target" in ask:
        return []
    page = [{"alarms": [{"id": "x"}], "troubles": []}, {"troubles": [STUCK]}][ask.get("page", 0)]
    return [told(ask, result={**page, "nodes": [], "page": ask.get("page", 0), "pages": 2})]


def test_a_register_that_cannot_write_is_said_and_why(reach, service, unanswered):
    service(writes_nothing)
    with Commune(reach, answer_s=1.0, unanswered=unanswered) as commune, pytest.raises(NotWritten) as stuck:
        commune.ask("clear", ASK)
    assert "Ổ đĩa đã đầy" in stuck.value.vi and "Đừng ra lệnh lần nữa" in stuck.value.vi
    assert "the disk is full" in stuck.value.en
    assert stuck.value.exit_code == 3


def test_what_nobody_answered_is_asked_again_under_the_same_id(reach, service, unanswered):
    copies = service(lambda copy, ask: [])
    for number in ("b1", "b2"):
        with Commune(reach, answer_s=0.3, unanswered=unanswered) as commune, pytest.raises(NoConnection):
            commune.ask("clear", AskTarget(id=number, target="all"))
    asked = [json.loads(copy.payload) for copy in copies if b"target" in copy.payload]
    assert {ask["id"] for ask in asked} == {"b1"}
    with Commune(reach, answer_s=0.3, unanswered=unanswered) as commune, pytest.raises(NoConnection):
        commune.ask("clear", AskTarget(id="b3", target="x"))
    assert json.loads([copy for copy in copies if b"target" in copy.payload][-1].payload)["id"] == "b3"


def test_what_was_answered_is_asked_anew(reach, service, unanswered):
    copies = service(lambda copy, ask: [told(ask)])
    for number in ("b1", "b2"):
        with Commune(reach, unanswered=unanswered) as commune:
            commune.ask("clear", AskTarget(id=number, target="all"))
    assert [json.loads(copy.payload)["id"] for copy in copies] == ["b1", "b2"]


def test_only_the_answer_to_this_ask_counts(reach, service):
    service(lambda _, ask: [b"\xff", b"{}", told({"id": "other"}, ok=False), told(ask, target="x")])
    with Commune(reach) as commune:
        assert commune.ask("clear", ASK).target == "x"


def test_a_no_keeps_both_tongues_apart(reach, service):
    service(lambda _, ask: [told(ask, ok=False, why="Không được / not so")])
    with Commune(reach) as commune, pytest.raises(RefusedByCommune) as refused:
        commune.ask("clear", ASK)
    assert refused.value.vi == "Xã từ chối: Không được"
    assert refused.value.en == "The commune refuses: not so"


def test_a_broker_that_dies_in_the_middle_says_that_the_outcome_is_not_known(reach, service, mosquitto):
    def die(_copy, _ask):
        mosquitto.kill()
        return []

    service(die)
    with Commune(reach, answer_s=1.5) as commune, pytest.raises(NoConnection) as lost:
        commune.ask("clear", ASK)
    assert "keng incidents" in lost.value.en


def test_a_password_that_is_wrong_is_said_at_once(start_mosquitto, tmp_path):
    broker = start_mosquitto(passwords={"duty": "right"})
    (tmp_path / "p").write_text("wrong")
    wrong = Reach(broker.host, broker.port, "cong-lac", "duty", "a test", password_file=tmp_path / "p")
    with pytest.raises(NoConnection, match=str(broker.port)), Commune(wrong, connect_s=3):
        pass

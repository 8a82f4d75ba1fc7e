"""A node that the duty desk dismisses: written down, asked of root, and a trouble until it is out."""

from typing import Any

import pytest
from fakes.register import Shelf
from fakes.service import Service, codebook

from broker.core.effects import Append, Retire
from broker.core.items import CodeBookGiven
from broker.core.retiring import AGAIN_MS

pytestmark = pytest.mark.pure

USERS = {"duty": "officer", "tv": "watch", "console": "console", "thon-3": "officer"}
WHY = "Bị mất trộm"


def commune(shelf: Shelf | None = None, *, able: bool = True) -> Service:
    return Service(setup={"users": USERS, "retires": able}, shelf=shelf or Shelf())


def retire(service: Service, user: str = "console", node: str = "thon-3", **fields: Any) -> dict[str, Any]:
    return service.ask("retire", user, **{"node": node, "why": WHY, "behalf": "dung", **fields})


def asked(service: Service) -> list[str]:
    """Of root."""
    return [effect.node for effect in service.done if isinstance(effect, Retire)]


def without(*nodes: str) -> dict[str, Any]:
    """The code book as root leaves it."""
    fields = codebook()
    left = {slug: node for slug, node in fields["nodes"].items() if slug not in nodes}
    return {**fields, "version": fields["version"] + 1, "nodes": left}


def test_who_dismissed_a_node_and_why_is_on_the_disk_before_root_is_asked() -> None:
    service = commune()
    at_ms = service.wall_ms
    told = retire(service)
    assert (told["ok"], told["target"], told.get("why", "")) == (True, "thon-3", "")
    [line] = [entry for entry in service.shelf.journal if entry.what == "retiring"]
    assert (line.subject, line.by, line.at_ms, line.body) == ("thon-3", "dung", at_ms, {"why": WHY})
    assert asked(service) == ["thon-3"]
    appended = [one for one in service.done if isinstance(one, Append) and line in one.entries]
    assert service.done.index(appended[0]) < service.done.index(Retire("thon-3"))


def test_what_the_disk_does_not_take_is_not_done() -> None:
    service = commune()
    service.shelf.fill_disk()
    service.hear("ask/console/retire", {"id": "a", "node": "thon-3", "why": WHY, "behalf": "dung"})
    service.wait(5_000)
    assert asked(service) == []
    service.shelf.free_disk()
    service.wait(120_000)
    assert asked(service)[0] == "thon-3"


def test_it_is_a_trouble_until_the_code_book_names_it_no_more() -> None:
    service = commune()
    service.hello("thon-3")
    retire(service)
    assert ("retiring", "thon-3") in service.troubles()
    [trouble] = [one for one in service.core.troubles if one.kind == "retiring"]
    assert "sudo keng retire thon-3" in trouble.why
    service.give(CodeBookGiven(without("thon-3")))
    assert ("retiring", "thon-3") not in service.troubles()
    assert "thon-3" not in {node.id for node in service.core.nodes}
    service.wait(2 * AGAIN_MS)
    assert asked(service) == ["thon-3"]


def test_root_is_told_again_each_minute_and_by_the_next_run_of_the_service() -> None:
    service = commune()
    retire(service)
    retire(service, node="thon-4")
    service.wait(AGAIN_MS)
    assert asked(service).count("thon-3") >= 2 and asked(service).count("thon-4") >= 2
    service.done.clear()
    service.wait(AGAIN_MS - 1)
    later = commune(service.shelf)
    assert asked(later) == ["thon-3", "thon-4"]
    later.give(CodeBookGiven(without("thon-3")))
    later.done.clear()
    later.wait(AGAIN_MS)
    assert asked(later) == ["thon-4"]


def test_a_service_that_finds_the_code_book_without_it_has_nothing_to_do() -> None:
    service = commune()
    retire(service)
    later = Service(book=without("thon-3"), setup={"users": USERS, "retires": True}, shelf=service.shelf)
    assert asked(later) == []
    assert ("retiring", "thon-3") not in later.troubles()


@pytest.mark.parametrize("user", ["duty", "tv", "thon-3", "thon-1", "stranger"])
def test_nobody_but_the_console_dismisses_anybody(user: str) -> None:
    service = commune()
    assert retire(service, user)["ok"] is False
    assert service.core.refused[user] == {"role": 1}
    assert asked(service) == [] and service.journal("retiring") == []
    assert ("retiring", "thon-3") not in service.troubles()


def test_nothing_that_a_node_says_dismisses_anybody() -> None:
    service = commune()
    fields = {"id": "a", "node": "thon-3", "why": WHY, "behalf": "dung"}
    for topic in ("up/thon-1/retire", "up/thon-1/status", "up/thon-1/alert", "down/thon-3/retire", "all/retire"):
        service.hear(topic, fields)
    assert asked(service) == [] and service.journal("retiring") == []


@pytest.mark.parametrize("missing", ["behalf", "why", "node"])
def test_an_ask_that_says_not_who_why_or_whom_is_refused(missing: str) -> None:
    service = commune()
    fields = {"id": "a", "node": "thon-3", "why": WHY, "behalf": "dung"}
    del fields[missing]
    [told] = [one.fields for one in service.hear("ask/console/retire", fields) if one.topic == "told/console"]
    assert not told["ok"] and asked(service) == []


def test_whom_the_code_book_does_not_name_cannot_be_dismissed() -> None:
    service = commune()
    told = retire(service, node="thon-99")
    assert told["ok"] is False and "thon-99" in told["why"]
    assert asked(service) == []


def test_a_machine_that_cannot_says_what_to_run() -> None:
    service = commune(able=False)
    told = retire(service)
    assert told["ok"] is False and "sudo keng retire thon-3" in told["why"]
    assert asked(service) == [] and ("retiring", "thon-3") not in service.troubles()


def test_an_ask_that_is_said_twice_is_done_once() -> None:
    service = commune()
    assert retire(service, id="once") == retire(service, id="once")
    assert service.journal("retiring") == ["thon-3"]

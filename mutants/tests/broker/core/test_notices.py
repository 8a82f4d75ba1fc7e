"""Officers are told of silent alerts, and nobody else."""

import pytest
from fakes.service import Service, alert_id

pytestmark = pytest.mark.pure


def told(service: Service) -> list[tuple[str, bool]]:
    """To whom, and whether it was taken back."""
    return [
        (one.topic, one.fields["result"]["silent"]["cancelled"])
        for one in service.said
        if one.topic.startswith("told/") and one.fields["id"] == ""
    ]


def test_every_officer_is_told_of_a_silent_alert_once_and_no_watcher() -> None:
    service = Service()
    for _ in range(3):
        service.press(silent=True, kind="theft")
    assert told(service) == [("told/duty", False), ("told/second", False)]
    notice = next(one.fields for one in service.said if one.topic == "told/duty")
    silent = notice["result"]["silent"]
    assert (silent["id"], silent["kind"], silent["hamlet"]) == (alert_id(1), "theft", "thon-1")


def test_officers_are_told_though_the_register_cannot_write() -> None:
    service = Service()
    service.shelf.fill_disk()
    service.press(silent=True)
    assert len(told(service)) == 2


def test_a_silent_alert_that_is_taken_back_is_told_too() -> None:
    service = Service()
    service.press(silent=True)
    service.cancel(silent=True)
    assert told(service)[2:] == [("told/duty", True), ("told/second", True)]


def test_of_a_loud_alert_nobody_is_told_apart() -> None:
    service = Service()
    service.press()
    service.cancel()
    assert told(service) == []


def test_the_whole_notice_is_what_an_officer_needs_to_go_there() -> None:
    service = Service()
    service.press("thon-3", silent=True, kind="theft", drill=True)
    (notice, _) = [one.fields for one in service.said if one.topic.startswith("told/")]
    assert notice == {
        "id": "",
        "ok": True,
        "why": "BÁO NGẦM từ hộp kẻng thon-3, thôn thon-3 / silent alert of thon-3, thon-3",
        "target": None,
        "result": {
            "silent": {
                "id": alert_id(1),
                "node": "thon-3",
                "hamlet": "thon-3",
                "kind": "theft",
                "drill": True,
                "cancelled": False,
            }
        },
    }

"""Bàn thử: a finger on the demo's buttons, its lamps and gongs; and nowhere else."""

from collections.abc import Callable

from fakes.browser import Page, judged
from fakes.consolerun import ConsoleRun
from fakes.consoletown import ConsoleTown
from fakes.lab import Lab
from fakes.visitor import Visitor
from playwright.sync_api import expect


def test_a_button_held_with_a_finger_alarms_and_the_lamp_shows_it(
    start_lab: Callable[..., Lab], start_console: Callable[..., ConsoleRun], open_page: Callable[..., Page]
) -> None:
    lab = start_lab("thon-3")
    controls = f"controls: {{thon-3: {lab.node.home / 'control.sock'}}}\n"
    page = open_page(start_console(lab, more=controls), "an", path="/ban-thu")
    box = page.locator('[data-node="thon-3"]')
    expect(box.locator(".lamp.link")).to_have_attribute("data-look", "steady")
    assert judged(page) == []
    button = box.get_by_role("button", name="GIỮ ĐỂ BÁO ĐỘNG")
    button.dispatch_event("pointerdown", {"pointerId": 1})
    expect(box).to_have_class("box sounds")
    button.dispatch_event("pointerup", {"pointerId": 1})
    expect(box.locator(".lamp.alert")).to_have_attribute("data-look", "received")
    [incident] = lab.commune.incidents()
    assert (incident["node"], incident["kind"]) == ("thon-3", "fire")


def test_a_commune_s_console_has_no_such_page(town: ConsoleTown) -> None:
    visitor = Visitor(town.console).sign_in("an")
    assert "Bàn thử" not in visitor.get("/truc-ban").text
    assert visitor.get("/ban-thu").status == 404

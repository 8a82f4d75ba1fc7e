"""The screen's colours, its keys, and how a line of the log is coloured. No state."""

from __future__ import annotations

from rich.text import Text
from textual.binding import Binding, BindingType

CSS = """
Screen { background: #10141a; color: #d8d8d8; }
#head { height: 1; background: #7a1f14; color: #fff0d0; text-style: bold; padding: 0 1; }
#cards { height: 8; }
.card { width: 1fr; height: 8; border: round #3a4452; border-title-color: #ffd890; padding: 0 0 0 1; }
.card.chosen { border: round #ffb020; }
.card.alarm { border: heavy #ff4632; background: #2a1010; }
#log { height: 1fr; background: #0c0f14; padding: 0 1; scrollbar-size-vertical: 1; }
#keys { height: 2; background: #1b222c; padding: 0 1; }
#order { height: 1; border: none; padding: 0 1; background: #242d3a; display: none; }
#order.open { display: block; }
"""

KEYS: list[BindingType] = [
    *(Binding(str(number), f"press({number - 1})", show=False) for number in range(1, 10)),
    Binding("left", "choose(-1)", show=False),
    Binding("right", "choose(1)", show=False),
    Binding("up", "kind(-1)", show=False),
    Binding("down", "kind(1)", show=False),
    Binding("enter,space", "press_chosen", show=False),
    Binding("h", "hold", show=False),
    Binding("s", "silent", show=False),
    Binding("d", "drill", show=False),
    Binding("x", "cancel", show=False),
    Binding("a", "sound", show=False),
    Binding("c", "officer('clear')", show=False),
    Binding("k", "officer('acknowledge')", show=False),
    Binding("e", "officer('close')", show=False),
    Binding("g", "officer('chime')", show=False),
    Binding("b", "power('broker')", show=False),
    Binding("v", "power('service')", show=False),
    Binding("n", "power('node')", show=False),
    Binding("p", "picture", show=False),
    Binding("colon,slash", "type", show=False),
    Binding("escape", "untype", show=False),
    Binding("q", "quit", show=False),
    Binding("ctrl+c,ctrl+q", "quit", show=False, priority=True),
]
"""Each key and what it does; `Screen.action_…` are its methods."""


def add_keys(line: Text, *pairs: tuple[str, str]) -> None:
    """Keys and their words, at the end of a line."""
    for key, words in pairs:
        line.append(f"{key} ", style="bold #ffb020").append(f"{words} ")


def tick(on: bool) -> str:
    """A box, ticked or not."""
    return "☑" if on else "☐"


def style_of(line: str) -> str:
    """What frightens is red, what calms is green."""
    words: tuple[tuple[tuple[str, ...], str], ...] = (
        (("BÁO ĐỘNG", "ĐÁNH KẺNG", "BÁO NGẦM", "MẤT"), "bold #ff6a50"),
        (("TẤT CẢ IM", "RÚT LẠI"), "bold #60d070"),
        (("←", "→"), "#80b0e0"),
    )
    return next((style for signs, style in words if any(sign in line for sign in signs)), "")

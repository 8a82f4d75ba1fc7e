"""How one hamlet looks on the screen. Pure: a box, a moment and a width in; lines of rich text out."""

from __future__ import annotations

from textwrap import wrap

from rich.text import Text

from broker.console.tryout.boxes import Box
from node.lamp import brightness
from patterns.builtin import builtins

LINES = 6
"""Of a card, inside its frame."""
ALERT_COLOUR, LINK_COLOUR, TROUBLE_COLOUR, DARK = (255, 70, 50), (70, 220, 90), (255, 190, 40), (62, 62, 62)
ALERT_WORDS = {"dark": "", "sending": "đang gửi", "received": "xã đã ghi", "acknowledged": "có người nhận"}
LINK_WORDS = {"steady": "nghe xã", "unheard": "không nghe xã", "trouble": "có lỗi"}
NARROW = {"có người nhận": "đã có người", "không nghe xã": "không có xã"}
"""What is said instead where 80 columns leave a card 13: half a word is worse than another one."""
SWING = ("◐", "◓", "◑", "◒")
"""A gong that is being struck."""
SWING_S = 0.12


def card(box: Box, last: str, now_s: float, width: int) -> Text:
    """LINES lines of at most `width` columns."""
    lines = _lines(box, now_s, width) if box.alive else [Text("✖ kẻng đã tắt", style="bold red")]
    told = wrap(last, width, max_lines=LINES - len(lines), placeholder="…") if box.alive else []
    lines += [Text(line, style="dim") for line in told]
    lines += [Text("")] * (LINES - len(lines))
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n").join(lines)


def _lines(box: Box, now_s: float, width: int) -> list[Text]:
    link_colour = TROUBLE_COLOUR if box.link == "trouble" else LINK_COLOUR
    return [
        _lamp(box.alert, now_s - box.alert_since_s, ALERT_COLOUR, ALERT_WORDS.get(box.alert, box.alert), width),
        _lamp(box.link, now_s - box.link_since_s, link_colour, LINK_WORDS.get(box.link, box.link), width),
        _gong(box, now_s, width),
        Text(_link(box), style="dim" if box.linked else "bold yellow"),
    ]


def title(pattern: str) -> str:
    """A pattern's Vietnamese title, without the commune's name before it."""
    score = builtins().get(pattern)
    return pattern if score is None else score.title_vi.rpartition(" – ")[2] or pattern


def _lamp(look: str, since_s: float, colour: tuple[int, int, int], words: str, width: int) -> Text:
    try:
        level, _ = brightness(look, max(0, round(since_s * 1000)))  # type: ignore[arg-type] # an unknown look is a KeyError or dark
    except KeyError:
        level = 0.0
    red, green, blue = (round(dark + (bright - dark) * level) for dark, bright in zip(DARK, colour, strict=True))
    bulb = Text("● " if level > 0.1 else "○ ", style=f"#{red:02x}{green:02x}{blue:02x}")
    fits = len(bulb) + len(words) <= width
    return bulb.append(words if fits else NARROW.get(words, words), style="default")


def _gong(box: Box, now_s: float, width: int) -> Text:
    if box.gong is None:
        return Text("· im", style="dim")
    since_s = now_s - box.gong_since_s
    swing = SWING[int(since_s / SWING_S) % len(SWING)]
    name, seconds = title(box.gong), f"{since_s:.0f}s"
    if len(f"{swing} {name} {seconds}") > width:  # the count shows the life too; half a number would lie
        return Text(f"{seconds} ", style="#ffb020").append(name, style="bold")
    return Text(f"{swing} {name} ", style="bold #ffb020").append(seconds, style="not bold")


def _link(box: Box) -> str:
    words = "mạng ✓" if box.linked else "MẤT MẠNG"
    if box.unsent:
        words += f" chờ {box.unsent}"
    if box.refused:
        words += f" ⊘{box.refused}"
    return words

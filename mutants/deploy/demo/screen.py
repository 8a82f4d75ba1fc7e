"""The demo's screen: five hamlets live, a log, and keys that press their buttons.

The boxes are watched through their own sockets, so they show with the broker down; what is said is heard over MQTT, as
by any other client. What an officer does goes through `ask`, like `keng`'s own verbs.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar, get_args

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, RichLog, Static

from broker.cli.asking import link_settings
from broker.cli.narration import Narrator
from broker.cli.reach import Reach, login_name
from broker.cli.terminal import clean
from broker.console.tryout.boxes import Boxes
from broker.words import KINDS
from deploy.demo import card, headless
from deploy.demo.desk import Desk, desk_lines, open_desk
from deploy.demo.doing import Doer
from deploy.demo.look import CSS, KEYS, add_keys, style_of, tick
from deploy.demo.options import Options
from deploy.demo.orders import Cancel, Misread, Officer, Order, Power, Press, Sound, read_order
from deploy.demo.ports import HOST
from deploy.demo.town import BROKER, SERVICE, Town, await_ready, build
from patterns.errors import KengError
from wire.envelope import Arrived, LinkDown, LinkItem, LinkUp
from wire.link import Link
from wire.topics import Topics
from wire.words import Kind

FRAME_S = 0.05
"""A lamp that blinks 5 times a second needs ten looks."""
HOLDS_S = (1.0, 2.0, 5.0, 0.3)
"""What the key h goes through; the last is too short on purpose."""
MAX_LOG_LINES = 2_000
KINDS_IN_ORDER = get_args(Kind)


def run(options: Options, stopping: threading.Event) -> int:
    """Start the town, show it until the person or a signal ends it. KengError."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise KengError(
            "Đây không phải cửa sổ dòng lệnh. Hãy dùng: bash deploy/demo.sh --headless",
            "This is no terminal. Use: bash deploy/demo.sh --headless",
        )
    town = build(options, headless.say)
    try:
        headless.say("Đang chạy năm kẻng…", "Starting five nodes…")
        if await_ready(town, options, stopping.is_set):
            desk = None
            if options.console:
                headless.say("Đang mở trang trực ban…", "Opening the duty desk…")
                desk = open_desk(town)
            Screen(town, stopping, desk).run()
    finally:
        town.end()
    headless.say("Đã tắt hết.", "All ended.")
    return 0


class Lines(RichLog, can_focus=False):
    """The log. It takes no keys: they all are buttons."""


class Screen(App[None]):
    """One town on one screen."""

    CSS = CSS
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None

    def __init__(self, town: Town, stopping: threading.Event, desk: Desk | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._town = town
        self._stopping = stopping
        self._hamlets = town.home.hamlets
        self._chosen = 0
        self._kind = 0
        self._hold = 0
        self._silent = self._drill = False
        self._last = {hamlet.node: "" for hamlet in self._hamlets}
        self._inbox: queue.SimpleQueue[LinkItem | tuple[str, str]] = queue.SimpleQueue()
        self._linked = True
        reach = Reach(HOST, town.port, town.commune, login_name(), "demo")
        self._narrator = Narrator(town.commune, "vi")
        self._link = Link(link_settings(reach), [f"{Topics(town.commune).root}/#"], self._inbox.put)
        self._boxes = Boxes({hamlet.node: town.home.control(hamlet) for hamlet in self._hamlets})
        self._doer = Doer(town, reach, lambda line, style: self._inbox.put((line, style)))

    def compose(self) -> ComposeResult:
        """The parts, from the top."""
        yield Static(id="head")
        with Horizontal(id="cards"):
            for number, hamlet in enumerate(self._hamlets, 1):
                one = Static(id=f"card-{hamlet.node}", classes="card")
                one.border_title = f"{number} {hamlet.name}"
                yield one
        yield Lines(id="log", wrap=True, max_lines=MAX_LOG_LINES, min_width=20)
        yield Static(id="keys")
        yield Input(id="order", placeholder="2 cháy 1,5 · rút 2 · kẻng cháy · tắt · nhận · đóng báo nhầm · giết 3")

    def on_mount(self) -> None:
        """Begin."""
        self._town.children.listen(lambda name, vi, _: self._inbox.put((f"{name}: {vi}", "bold yellow")))
        keng = Path(sys.executable).parent / "keng"
        for line in (
            *desk_lines(self._desk),
            "Từ cửa sổ khác / from another terminal:",
            f"  {keng} watch        (alarm, clear, status, press…: keng --help)",
            f"  mosquitto_sub -V mqttv5 -p {self._town.port} -t '{Topics(self._town.commune).root}/#' -v",
        ):
            self._note(line, "cyan")
        if self._town.on_device < len(self._hamlets):
            self._note(f"Tiếng kẻng / sound: {self._town.home.folder}/*.wav", "cyan")
        self._link.open()
        self.set_interval(FRAME_S, self._frame)
        self._frame()

    def on_unmount(self) -> None:
        """End."""
        self._boxes.close()
        self._link.close()

    def _frame(self) -> None:
        if self._stopping.is_set():
            self.exit()
            return
        while not self._inbox.empty():
            self._heard(self._inbox.get())
        now_s, boxes = time.monotonic(), self._boxes.now()
        for position, hamlet in enumerate(self._hamlets):
            one = self.query_one(f"#card-{hamlet.node}", Static)
            box = boxes[hamlet.node]
            one.set_class(position == self._chosen, "chosen")
            one.set_class(box.gong is not None, "alarm")
            width = max(8, one.content_size.width)
            one.update(card.card(box, self._last[hamlet.node], now_s, width))
        self._show_head()
        self._show_keys()

    def _heard(self, item: LinkItem | tuple[str, str]) -> None:
        match item:
            case (str(line), str(style)):
                self._note(line, style)
            case Arrived():
                told = self._narrator.line(item)
                if told is None:
                    return
                self._note(told, style_of(told))
                node, _, rest = told.partition(": ")
                # Lamps and gong of the card say the rest already.
                if node in self._last and not item.topic.endswith(("/status", "/hello")):
                    self._last[node] = rest.removeprefix("BÁO ĐỘNG: ")
            case LinkUp():
                if not self._linked:
                    self._note("Mosquitto: có lại mạng", "bold green")
                self._linked = True
            case LinkDown():
                if self._linked:
                    self._note(f"Mosquitto: MẤT MẠNG ({item.why})", "bold red")
                self._linked = False
            case _:
                pass

    def _note(self, line: str, style: str = "") -> None:
        self.query_one(RichLog).write(Text(f"{self._town.now:%H:%M:%S} {clean(line)}", style=style))

    def _show_head(self) -> None:
        def light(name: str, words: str) -> str:
            return f"{'●' if self._town.children.state(name) == 'runs' else '✖'} {words}"

        head = Text(f"KẺNG · xã {self._town.home.book.name}")
        head.append(f"   {light(BROKER, f'Mosquitto :{self._town.port}')}   {light(SERVICE, 'dịch vụ của xã')}")
        head.append(f"   {self._town.now:%H:%M:%S}")
        self.query_one("#head", Static).update(head)

    def _show_keys(self) -> None:
        kind = KINDS[KINDS_IN_ORDER[self._kind]][0]
        hold = f"{HOLDS_S[self._hold]:g}s".replace(".", ",")
        keys = Text(overflow="ellipsis", no_wrap=True)
        add_keys(keys, ("1-5", "bấm"), ("↑↓", kind), ("h", f"giữ {hold}"), ("s", f"ngầm {tick(self._silent)}"))
        add_keys(keys, ("d", f"diễn tập {tick(self._drill)}"), ("x", "rút lại"), (":", "lệnh"), ("q", "thoát"))
        keys.append("\n")
        add_keys(keys, ("a", "đánh cả xã"), ("c", "tắt"), ("k", "nhận"), ("e", "đóng"), ("g", "báo yên"))
        add_keys(keys, ("b", "±MQTT"), ("v", "±xã"), ("n", f"±{self._hamlets[self._chosen].name}"))
        self.query_one("#keys", Static).update(keys)

    def _do(self, order: Order) -> None:
        match order:
            case Press() | Cancel():
                self._chosen = order.place
                self._doer.finger(self._hamlets[order.place], order)
            case Sound():
                self._doer.sound(order)
            case Officer():
                self._doer.officer(order)
            case Power():
                self._doer.power(order)
            case Misread():
                self._note(order.vi, "yellow")

    def action_press(self, place: int) -> None:
        """A number: that hamlet's button."""
        if place < len(self._hamlets):
            self._do(Press(place, KINDS_IN_ORDER[self._kind], HOLDS_S[self._hold], self._silent, self._drill))

    def action_press_chosen(self) -> None:
        """The chosen hamlet's button."""
        self.action_press(self._chosen)

    def action_choose(self, step: int) -> None:
        """The next hamlet, or the one before."""
        self._chosen = (self._chosen + step) % len(self._hamlets)

    def action_kind(self, step: int) -> None:
        """Another kind of button."""
        self._kind = (self._kind + step) % len(KINDS_IN_ORDER)

    def action_hold(self) -> None:
        """Another time to hold."""
        self._hold = (self._hold + 1) % len(HOLDS_S)

    def action_silent(self) -> None:
        """The silent buttons, or the loud ones."""
        self._silent = not self._silent

    def action_drill(self) -> None:
        """With the drill switch, or without."""
        self._drill = not self._drill

    def action_cancel(self) -> None:
        """The chosen hamlet's cancel contact."""
        self._do(Cancel(self._chosen))

    def action_sound(self) -> None:
        """The whole commune."""
        self._do(Sound(KINDS_IN_ORDER[self._kind], (), self._drill))

    def action_officer(self, verb: str) -> None:
        """Clear all, take or close the latest incident, chime."""
        words = {"close": "báo nhầm", "chime": "curfew"}
        self._do(Officer(verb, words.get(verb, "")))

    def action_power(self, which: str) -> None:
        """Kill it, or start it again."""
        name = {"broker": BROKER, "service": SERVICE}.get(which, self._hamlets[self._chosen].node)
        self._do(Power(name, self._town.children.state(name) == "down"))

    def action_picture(self) -> None:
        """The screen as a picture."""
        file = Path.cwd() / "keng-demo.svg"
        try:
            file.write_text(self.export_screenshot(title="bash deploy/demo.sh"), "utf-8")
            self._note(f"Đã ghi {file}", "cyan")
        except OSError as error:
            self._note(f"{file}: {error.strerror}", "yellow")

    def action_type(self) -> None:
        """Open the line for typing."""
        line = self.query_one(Input)
        line.add_class("open")
        line.focus()

    def action_untype(self) -> None:
        """Close it."""
        line = self.query_one(Input)
        line.remove_class("open")
        self.set_focus(None)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Something was typed."""
        text = submitted.value.strip()
        submitted.input.value = ""
        self.action_untype()
        if text:
            self._do(read_order(text, [hamlet.node for hamlet in self._hamlets], BROKER, SERVICE))

"""Does what the screen is told to do, each on a thread of its own: the screen never waits for a finger or a network."""

from __future__ import annotations

import threading
from collections.abc import Callable

from broker.cli.asking import Commune, new_id
from broker.cli.pages import merged, rows
from broker.cli.press import ANSWER_S, finger
from broker.cli.reach import Reach
from broker.words import KINDS
from deploy.demo.home import Hamlet
from deploy.demo.orders import Cancel, Officer, Power, Press, Sound
from deploy.demo.town import Town
from patterns.errors import KengError
from wire.asks import AskAlarm, AskChime, AskTarget
from wire.errors import WireError
from wire.words import EVERYWHERE, Kind

Log = Callable[[str, str], None]
"""(line, style); may be called on any thread."""


class Doer:
    """Hands of the screen."""

    def __init__(self, town: Town, reach: Reach, log: Log) -> None:
        self._town = town
        self._reach = reach
        self._log = log

    def finger(self, hamlet: Hamlet, order: Press | Cancel) -> None:
        """Press a button, or the cancel contact."""
        control = self._town.home.control(hamlet)
        if isinstance(order, Cancel):
            self._log(f"☞ {hamlet.name}: rút lại", "bold")
            self._beside(lambda: finger(control, {"cancel": True}, ANSWER_S))
            return
        marks = (" ngầm" if order.silent else "") + (" diễn tập" if order.drill else "")
        held = f"{order.hold_s:g}".replace(".", ",")
        self._log(f"☞ {hamlet.name}: bấm {KINDS[order.kind][0]}{marks}, giữ {held} giây", "bold")
        wish = {"kind": order.kind, "silent": order.silent, "drill": order.drill, "hold_s": order.hold_s}
        self._beside(lambda: finger(control, {"press": wish}, order.hold_s + ANSWER_S))

    def sound(self, order: Sound) -> None:
        """An officer's alarm."""
        hamlets = tuple(self._town.home.hamlets[place].hamlet for place in order.places) or EVERYWHERE
        kind: Kind = order.kind  # type: ignore[assignment] # orders.py takes none but these

        def ask() -> None:
            with Commune(self._reach) as commune:
                commune.ask("alarm", AskAlarm(id=new_id(), kind=kind, hamlets=hamlets, drill=order.drill))

        self._beside(ask)

    def officer(self, order: Officer) -> None:
        """Clear all; take or close the latest that is open; chime."""

        def ask() -> None:
            with Commune(self._reach) as commune:
                match order.verb:
                    case "clear":
                        commune.ask("clear", AskTarget(id=new_id(), target="all"))
                    case "chime":
                        commune.ask("chime", AskChime(id=new_id(), pattern=order.word))
                    case "acknowledge" | "close" as verb:
                        going = rows(merged(commune, "incidents", open_only=True), "incidents")
                        fit = [row for row in going if verb == "close" or row.get("state") == "open"]
                        if not fit:
                            self._log("Không có vụ nào đang chờ.", "yellow")
                            return
                        target = AskTarget(id=new_id(), target=str(fit[0].get("id")), outcome=order.word or None)
                        commune.ask(verb, target)

        self._beside(ask)

    def power(self, order: Power) -> None:
        """Kill a process, or start it."""
        act = self._town.children.revive if order.alive else self._town.children.kill
        self._log(f"☞ {order.program}: {'chạy lại' if order.alive else 'kill -9'}", "bold")
        self._beside(lambda: act(order.program))

    def _beside(self, act: Callable[[], object]) -> None:
        def run() -> None:
            try:
                act()
            except KengError as error:
                self._log(error.vi, "yellow")
            except WireError as error:
                self._log(str(error), "yellow")

        threading.Thread(target=run, name="doing", daemon=True).start()

"""`make play`: a prompt on a simulated commune. The real cores of node and service, virtual time, cables to cut.

press thon-1 red | fire | quiet | cancel       hold a button for 0.9 s; quiet is the silent one
cut thon-1, mend thon-1                         the cable of a node, or of the service
kill thon-1 | service | broker; start …         power off, kill -9; and on again
+5m, +30s, +2h                                  let time pass
at 21:59:50, at 22/11 21:59:50                  let time pass until the commune's clock shows it
night                                           no power in the village until 21:55 of the next evening
jump -7h, jump thon-1 -7h                       the commune's clock steps, or a node's own
ntp thon-1                                      a node's own clock is right, and its system says so
acknowledge, clear, close OUTCOME               the duty officer, of the newest incident
heal, look, help, quit
"""

from __future__ import annotations

import cmd
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from fakes.town import Town

from wire.words import EPOCH

HOMES = {f"thon-{number}": f"thon-{number}" for number in range(1, 6)}
HANOI = timedelta(hours=7)
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
LAMPS = {"dark": "·", "sending": "✱ nháy nhanh", "received": "◐ nhịp chậm", "acknowledged": "● sáng"}
LONGEST_MS = 40 * 86_400_000  # more than a month at one go is a slip of the finger


class Street(cmd.Cmd):
    """See the module."""

    prompt = "kẻng> "

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.town = Town(seed=seed, homes=dict(HOMES), ppm={"thon-2": 40, "thon-3": -40})
        self.town.pass_ms(30_000)
        self._told = 0
        self.intro = f"{__doc__}\n{self.picture()}"

    def picture(self) -> str:
        """The street now."""
        service_is, broker_is = ("chạy" if up else "TẮT" for up in (self.town.service.running, self.town.broker.up))
        lines = [f"{self.clock()}   dịch vụ {service_is}   broker {broker_is}"]
        for name, node in self.town.nodes.items():
            if not node.running:
                lines.append(f"  {name}  không điện")
                continue
            link = "nối" if self.town.links[name].up else "ĐỨT"
            gong = f"KÊU {node.sounding[-8:]}" if node.sounding else "im"
            lines.append(
                f"  {name}  {gong:<14} đèn {LAMPS[node.lamps.alert]:<13} đường truyền {node.lamps.link:<8} {link}"
                f"   đồng hồ {self.clock_of(name)}"
            )
        service = self.town.service
        if service.running:
            lines += [
                f"  vụ {one.id[-8:]} {one.hamlet or one.by}: {one.kind}, {one.state}, {one.count} lần"
                for one in list(service.core.incidents.values())[-5:]
            ]
            lines += [f"  trục trặc {one.kind} ở {one.about}" for one in service.core.troubles]
        return "\n".join(lines)

    def clock(self) -> str:
        """The commune's, local."""
        return f"{_local(self.town.service.clocks.wall_ms):%d/%m/%Y %H:%M:%S}"

    def clock_of(self, name: str) -> str:
        """The time by which a node goes; of one that does not know it, what its system shows."""
        node = self.town.nodes[name]
        known_ms = node.core._parts.wall_ms(node.clocks.now_ms)
        if known_ms is not None:
            return f"{_local(known_ms):%d/%m %H:%M:%S}"
        return f"chưa chắc ({_local(max(0, node.clocks.wall_ms)):%d/%m/%Y %H:%M:%S})"

    def news(self) -> str:
        """What sounded since the last command, and is over."""
        assert self.town.witness is not None
        over, self._told = self.town.witness.heard[self._told :], len(self.town.witness.heard)
        return "".join(
            f"  đã kêu: {name} {id_[-18:]}, {(ended - began) / 1000:.1f} s\n" for name, id_, began, ended in over
        )

    def default(self, line: str) -> bool | None:
        """A time, or nothing known."""
        if line == "EOF":
            return True
        ms = _span(line)
        if line.startswith("+") and ms is not None and 0 < ms <= LONGEST_MS:
            self.town.pass_ms(ms)
        else:
            self.stdout.write("? help\n")
        return None

    def do_press(self, line: str) -> None:
        """press thon-1 [red | fire | quiet | cancel]"""
        name, _, button = line.partition(" ")
        node = self.town.nodes.get(name)
        if node is None or button not in ("", "red", "fire", "quiet", "cancel"):
            self.stdout.write("press thon-1 red | fire | quiet | cancel\n")
        elif node.running:
            self.town.hold(name, button or "red")
            self.town.pass_ms(200)

    def do_cut(self, line: str) -> None:
        """cut thon-1 | service"""
        if line in self.town.links:
            self.town.links[line].cut()

    def do_mend(self, line: str) -> None:
        """mend thon-1 | service"""
        if line in self.town.links:
            self.town.links[line].heal()

    def do_kill(self, line: str) -> None:
        """kill thon-1 | service | broker"""
        if line in self.town.nodes:
            self.town.nodes[line].go_dark(power=True)
        elif line == "service":
            self.town.service.kill()
        elif line == "broker":
            self.town.broker.crash()

    def do_start(self, line: str) -> None:
        """start thon-1 | service | broker"""
        if line in self.town.nodes:
            self.town.nodes[line].power_on()
        elif line == "service":
            self.town.service.start()
        elif line == "broker":
            self.town.broker.start()

    def do_at(self, line: str) -> None:
        """at [22/11] 21:59:50"""
        found = re.fullmatch(r"(?:(\d\d?)/(\d\d?) )?(\d\d?):(\d\d)(?::(\d\d))?", line)
        if not found:
            return
        day, month, hour, minute, second = (None if part is None else int(part) for part in found.groups())
        now = _local(self.town.service.clocks.wall_ms)
        try:
            then = now.replace(hour=hour or 0, minute=minute or 0, second=second or 0, microsecond=0)
            if day is not None and month is not None:
                then = then.replace(day=day, month=month)
        except ValueError:
            return
        if then < now and day is None:
            then += timedelta(days=1)
        ms = (then - now) // timedelta(milliseconds=1)
        if 0 < ms <= LONGEST_MS:
            self.town.pass_ms(ms)

    def do_night(self, line: str) -> None:
        """The village's power goes, and comes back shortly before the next chime."""
        for node in self.town.nodes.values():
            node.go_dark(power=True)
        self.town.service.kill(power=True)
        self.town.broker.crash()
        now = _local(self.town.service.clocks.wall_ms)
        then = now.replace(hour=21, minute=55, second=0, microsecond=0)
        then += timedelta(days=1) if then <= now else timedelta()
        self.town.pass_ms((then - now) // timedelta(milliseconds=1))
        self.town.broker.start()
        self.town.service.start()
        for node in self.town.nodes.values():
            node.power_on()
        self.town.pass_ms(2_000)

    def do_jump(self, line: str) -> None:
        """jump [thon-1] -7h"""
        name, _, span = line.rpartition(" ")
        ms = _span(span)
        if ms is None:
            self.stdout.write("jump [thon-1] -7h\n")
        elif name in self.town.nodes:
            clocks = self.town.nodes[name].clocks
            if clocks.wall_ms + ms > 0:
                self.town.nodes[name].set_clock(clocks.wall_off_ms + ms)
        elif not name and self.town.service.clocks.wall_ms + ms > 0:
            self.town.service.jump(ms)
            assert self.town.witness is not None
            self.town.witness.jumped(ms)

    def do_ntp(self, line: str) -> None:
        """ntp thon-1"""
        if line in self.town.nodes:
            self.town.nodes[line].set_clock(0, in_step=True)

    def do_acknowledge(self, line: str) -> None:
        """Take the newest incident."""
        self._ask("acknowledge")

    def do_clear(self, line: str) -> None:
        """Silence everything."""
        self.town.ask("clear", target="all")
        self.town.pass_ms(300)

    def do_close(self, line: str) -> None:
        """close OUTCOME"""
        self._ask("close", outcome=line or "báo nhầm")

    def _ask(self, verb: str, **fields: str) -> None:
        incidents = self.town.service.core.incidents
        if not incidents:
            self.stdout.write("chưa có vụ nào\n")
            return
        asked = self.town.ask(verb, target=list(incidents)[-1], **fields)  # type: ignore[arg-type] # a Verb
        self.town.pass_ms(300)
        self.stdout.write("" if asked.told is None or asked.told.ok else f"{asked.told.why}\n")

    def do_heal(self, line: str) -> None:
        """Everything works again."""
        self.town.heal()

    def do_look(self, line: str) -> None:
        """The street now."""

    def do_quit(self, line: str) -> bool:
        """Leave."""
        return True

    def do_help(self, arg: str) -> None:
        """What can be typed."""
        self.stdout.write(f"{__doc__}\n")

    def emptyline(self) -> bool:
        """Just look."""
        return False

    def postcmd(self, stop: bool, line: str) -> bool:
        """After each command, the street."""
        if not stop:
            self.stdout.write(f"{self.news()}{self.picture()}\n")
        return stop


def _local(wall_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=wall_ms) + HANOI


def _span(text: str) -> int | None:
    found = re.fullmatch(r"([+-]?\d+)(ms|s|m|h|d)", text.strip())
    return int(found[1]) * UNITS[found[2]] if found else None


if __name__ == "__main__":
    Street(int(sys.argv[1]) if len(sys.argv) > 1 else 1).cmdloop()

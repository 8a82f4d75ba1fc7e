"""What an officer looks at: the incidents, and how the network is."""

from __future__ import annotations

import argparse
from typing import Any

from broker.cli.asking import Commune
from broker.cli.pages import every_incident, merged, rows
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.reach import reach_of
from broker.cli.terminal import DONE, NOT_FOUND, Terminal
from broker.cli.words import local_time, places, short, word
from broker.words import (
    CHIME_STATES,
    CLOCKS,
    DRILL,
    EVERY_TROUBLE,
    EVERYWHERE,
    INCIDENT_STATES,
    KINDS,
    LINKS,
    MUTED,
    SILENT,
    TROUBLES,
)
from wire.words import Instant

NOTHING = "–"
NEWS_MS = 86_400_000  # of a box that was hung up


def add(verbs: Subparsers) -> None:
    """Mount the verbs."""
    incidents = verb(verbs, "incidents", run_incidents, "sổ vụ việc", "the incidents; exit 4 if there are none")
    incidents.add_argument("--open", action="store_true", dest="open_only", help="chỉ những vụ chưa đóng / not closed")
    incidents.add_argument("--before", metavar="ID", help="những vụ trước vụ này / only those before this one")
    incidents.add_argument("--all", action="store_true", dest="all_", help="tất cả, từ trước đến nay / every one")
    verb(verbs, "status", run_status, "kẻng nào tốt, kẻng nào hỏng, đang kêu gì", "nodes, troubles, who sounds")


def run_incidents(args: argparse.Namespace) -> int:
    """A table of incidents."""
    terminal = terminal_of(args)
    with Commune(reach_of(args)) as commune:
        answer = every_incident(commune, open_only=args.open_only, before=args.before, all_=args.all_)
    found = rows(answer, "incidents")
    if terminal.json:
        terminal.result({**answer, "incidents": found}, "", "")
    elif not found:
        terminal.say("Không có vụ nào.", "No incidents.")
    else:
        columns = [
            ("mã", "id"), ("lúc", "opened"), ("nơi", "where"), ("việc", "kind"), ("tình trạng", "state"),
            ("lần", "presses"), ("người nhận", "taken by"), ("kết quả", "outcome"), ("lời nhắn", "text"),
        ]  # fmt: skip
        terminal.table(("Vụ việc", "Incidents"), columns, [_incident(row, terminal) for row in found])
        if answer.get("more"):
            last = short(_text(found[-1], "id"))
            terminal.say(
                f"Còn vụ cũ hơn. Xem tiếp: keng incidents --before {last} (hoặc --all)",
                f"There are older ones. See: keng incidents --before {last} (or --all)",
            )
    return DONE if found else NOT_FOUND


def run_status(args: argparse.Namespace) -> int:
    """Tables of nodes, alarms and troubles."""
    terminal = terminal_of(args)
    with Commune(reach_of(args)) as commune:
        answer = merged(commune, "status")
    if terminal.json:
        terminal.result(answer, "", "")
        return DONE
    nodes, alarms, troubles = (rows(answer, name) for name in ("nodes", "alarms", "troubles"))
    _say_broker(terminal, answer.get("broker"))
    columns = [
        ("kẻng", "node"), ("thôn", "hamlet"), ("liên lạc", "link"), ("nghe lúc", "heard"), ("đồng hồ", "clock"),
        ("loa", "speaker"), ("nút", "panel"), ("đĩa", "disk"), ("chưa gửi", "unsent"), ("đang kêu", "sounding"),
    ]  # fmt: skip
    terminal.table(
        (f"Xã {answer.get('commune', '')}: kẻng", f"Commune {answer.get('commune', '')}: nodes"),
        columns,
        [_node(row, terminal) for row in nodes],
    )
    _say_chime(terminal, rows(answer, "last_chime"))
    _say_voices(terminal, nodes, answer.get("at"))
    if alarms:
        columns = [
            ("mã", "id"),
            ("từ lúc", "since"),
            ("việc", "kind"),
            ("nơi", "where"),
            ("bản", "pattern"),
            ("lời nhắn", "text"),
        ]
        terminal.table(("Đang báo động", "Alarms"), columns, [_alarm(row, terminal) for row in alarms])
    else:
        terminal.say("Không có báo động nào.", "No alarm.")
    if stragglers := _stragglers(answer):
        terminal.say(f"Chưa chịu tắt: {stragglers}", f"Has not stopped: {stragglers}")
    if troubles:
        columns = [("lỗi", "trouble"), ("ở", "at"), ("từ lúc", "since"), ("chi tiết", "why")]
        terminal.table(("Trục trặc", "Troubles"), columns, [_trouble(row, terminal) for row in troubles])
    else:
        terminal.say("Không có trục trặc.", "No troubles.")
    if muted := rows(answer, "mutes"):
        columns = [("hộp kẻng", "node"), ("lỗi", "trouble"), ("đến", "until"), ("người ghi", "by"), ("lý do", "why")]
        terminal.table(("Đang tắt nhắc", "Muted"), columns, [_mute(row, terminal) for row in muted])
    return DONE


def _say_broker(terminal: Terminal, broker: object) -> None:
    """Whether it delivers, and how fast."""
    known = broker if isinstance(broker, dict) else {}
    trip_ms = known.get("round_trip_ms")
    if trip_ms is None:
        vi, en = "MQTT: chưa biết có chuyển tin không", "MQTT: not known whether it delivers"
    else:
        vi, en = f"MQTT: chuyển tin tốt, đi về {trip_ms} ms", f"MQTT: delivers, round trip {trip_ms} ms"
    if restarts := known.get("restarts"):
        vi, en = f"{vi}; đã phải khởi động lại {restarts} lần", f"{en}; restarted {restarts} times"
    terminal.say(f"{vi}.", f"{en}.")


def _say_chime(terminal: Terminal, hamlets: list[dict[str, Any]]) -> None:
    """The last chime: who sounded it, who did not."""
    if not hamlets:
        return
    name, when = _text(hamlets[0], "id"), _time(hamlets[0], "due_at")
    by_state = {state: [_text(row, "hamlet") for row in hamlets if row.get("state") == state] for state in CHIME_STATES}
    told = [(pair, ", ".join(by_state[state])) for state, pair in CHIME_STATES.items() if by_state[state]]
    terminal.say(
        f"Hiệu lệnh gần nhất {name} ({when}): " + "; ".join(f"{pair[0]}: {who}" for pair, who in told) + ".",
        f"Last chime {name} ({when}): " + "; ".join(f"{pair[1]}: {who}" for pair, who in told) + ".",
    )


def _say_voices(terminal: Terminal, nodes: list[dict[str, Any]], at: object) -> None:
    """Boxes that were newly hung up and have sounded since yesterday."""
    try:
        told = [(row, Instant.parse(str(row["spoke_at"])).ms) for row in nodes if "spoke_at" in row]
        new = [(row, at_ms) for row, at_ms in told if Instant.parse(str(at)).ms - at_ms < NEWS_MS]
    except ValueError:
        return
    for row, at_ms in sorted(new, key=lambda one: one[1]):
        who, when = _text(row, "node"), local_time(at_ms)
        where = _text(row, "hamlet")
        terminal.say(
            f"Mới lắp: {where} đã lên tiếng (hộp {who}, {when}).", f"New: {where} has sounded ({who}, {when})."
        )


def _incident(row: dict[str, Any], terminal: Terminal) -> list[str]:
    where = row.get("hamlet") or row.get("hamlets")
    return [
        short(_text(row, "id")),
        _time(row, "opened_at", "opened_at_ms"),
        str(where) if isinstance(where, str) else places(where, terminal.lang) or f"({_text(row, 'by')})",
        _kind(row, terminal),
        word(INCIDENT_STATES, row.get("state"), terminal.lang),
        _text(row, "count"),
        _text(row, "acknowledged_by"),
        _text(row, "outcome"),
        _text(row, "text"),
    ]


def _node(row: dict[str, Any], terminal: Terminal) -> list[str]:
    heard_s = row.get("last_heard_s")
    heard = NOTHING if not isinstance(heard_s, int | float) else f"{heard_s:.0f} s"
    sounding = row.get("sounding")
    return [
        _text(row, "node"),
        _text(row, "hamlet"),
        word(LINKS, row.get("online"), terminal.lang),
        heard,
        word(CLOCKS, row.get("clock") or NOTHING, terminal.lang),
        _text(row, "speaker"),
        _text(row, "panel"),
        _text(row, "disk"),
        _text(row, "unsent"),
        NOTHING if not sounding else short(str(sounding)),
    ]


def _alarm(row: dict[str, Any], terminal: Terminal) -> list[str]:
    return [
        short(_text(row, "id")),
        _time(row, "since", "since_ms"),
        _kind(row, terminal),
        _where(row, terminal),
        _text(row, "pattern"),
        _text(row, "text"),
    ]


def _kind(row: dict[str, Any], terminal: Terminal) -> str:
    marks = [terminal.pick(pair) for name, pair in (("drill", DRILL), ("silent", SILENT)) if row.get(name)]
    return ", ".join([word(KINDS, row.get("kind"), terminal.lang), *marks])


def _where(row: dict[str, Any], terminal: Terminal) -> str:
    """Where an alarm sounds."""
    where = places(row.get("hamlets"), terminal.lang)
    if not row.get("silent"):
        return where or terminal.pick(EVERYWHERE)
    post, nowhere = ("trụ sở: {}", "post: {}"), ("không nơi nào: xã chưa có hộp ở trụ sở", "nowhere: no post node")
    return terminal.pick(post).format(where) if where else terminal.pick(nowhere)


def _trouble(row: dict[str, Any], terminal: Terminal) -> list[str]:
    muted = f" ({terminal.pick(MUTED)})" if row.get("muted") else ""
    return [
        word(TROUBLES, row.get("kind"), terminal.lang) + muted,
        _text(row, "about"),
        _time(row, "since", "since_ms"),
        _text(row, "why"),
    ]


def _mute(row: dict[str, Any], terminal: Terminal) -> list[str]:
    kind = row.get("kind")
    return [
        _text(row, "node"),
        terminal.pick(EVERY_TROUBLE) if kind == "all" else word(TROUBLES, kind, terminal.lang),
        _time(row, "until"),
        _text(row, "by"),
        _text(row, "why"),
    ]


def _stragglers(answer: dict[str, Any]) -> str:
    value = answer.get("still_sounding")
    if not isinstance(value, list):
        return ""
    return ", ".join(str(one.get("node", one)) if isinstance(one, dict) else str(one) for one in value)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return NOTHING if value is None or value == "" else str(value)


def _time(row: dict[str, Any], *names: str) -> str:
    """A moment, as the wire writes it or as milliseconds since 1970."""
    for name in names:
        value = row.get(name)
        try:
            if isinstance(value, str):
                return local_time(Instant.parse(value).ms)
            if isinstance(value, int) and not isinstance(value, bool):
                return local_time(Instant(value).ms)
        except ValueError:
            return NOTHING
    return NOTHING

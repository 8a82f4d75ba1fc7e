"""Looks at everything a node needs and says in two languages what is wrong, where, and what to do.

What must always hold: it changes nothing that a running node uses, and never stops at the first fault. What the link
lamp would count out for a fault stands beside it (wire/blinks.py). `fail`: the node
cannot do its work; `warn`: it works, but not as well as it could.
"""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from node.board import wiring
from node.calling import Call, call, clock, no_call
from node.errors import AlreadyRunning, NodeError, PinFault
from node.finding import Finding
from node.keep import JOURNAL, hold, partition, scratch, stored_codebook
from node.lampcheck import light
from node.machine import system_clock
from node.pins import GpioBoard
from node.powercheck import power
from node.saying import say
from node.settings import Settings
from node.settingsread import load_settings
from node.shelf import Shelf, scores_of
from node.soundcheck import card, microphone
from node.updatecheck import updates
from patterns.codebook import CodeBook, codebook_from_message
from patterns.errors import KengError, PatternsError
from patterns.voice import DEFAULT_VOICE, load_voice
from wire.blinks import BUTTONS, DISK, KEYS, NETWORK
from wire.signature import Signer

BROKER_S = 3.0
"""On the same local network a broker answers in milliseconds."""
FREE_BYTES = 50 * 1024 * 1024
"""Room for the journal, a trace and a code book's rendering."""


def examine(path: Path, *, aloud: bool = False) -> list[Finding]:
    """Everything, in the order in which it matters; `aloud`: and say it."""
    try:
        settings = load_settings(path)
    except NodeError as error:
        return [Finding("fail", error.vi, error.en)]
    ok = Finding("ok", f"Cài đặt: {path}", f"Settings: {path}")
    running, pins = _pins(settings)
    outcome, system = Call(), system_clock()
    found = [ok, *pins, *card(settings.speaker, running), *microphone(settings.microphone, running),
             *_disk(settings), *_patterns(settings), *_keys(settings),
             *_broker(settings, no_call(running, pins), outcome),
             clock(system.in_step, system.wall_ms, outcome.now_ms), *power(settings), *updates()]  # fmt: skip
    book = _book(settings)
    zone = None if book is None else book.zone
    known_ms = outcome.now_ms or (system.wall_ms if system.in_step else None)
    return [*found, say(settings, found, known_ms, zone, running=running)] if aloud else found


def _pins(settings: Settings) -> tuple[bool, list[Finding]]:
    """Whether a node may run here, and its pins; a running node holds them, and its status tells how they are."""
    try:
        lock = hold(settings.state_dir)
    except AlreadyRunning:
        return True, [
            Finding(
                "ok",
                "Hộp kẻng đang chạy và giữ các chân; tình trạng nút bấm xem ở systemctl status keng-node.",
                "The node is running and holds the pins; see systemctl status keng-node for their state.",
            )
        ]
    if lock < 0:
        return True, [
            Finding(
                "warn",
                f"{settings.state_dir}: không mở được tệp khóa, có thể hộp kẻng đang chạy, nên không thử chân, loa. "
                "Hãy chạy: sudo -u keng keng-node doctor",
                f"{settings.state_dir}: the lock cannot be opened, a node may be running: pins and card are untried. "
                "Run: sudo -u keng keng-node doctor",
            )
        ]
    os.close(lock)
    wires = wiring(settings)
    board = GpioBoard(settings.panel.factory, wires, work_dir=scratch(settings.state_dir, os.environ))
    try:
        board.open()
        closed = board.read()
        lit = light(board, [name for name, output in wires.outputs.items() if output.dims])
    except PinFault as fault:
        return False, [Finding("fail", fault.vi, fault.en, BUTTONS)]
    finally:
        board.close()
    names = ", ".join(one.contact.name for one in settings.panel.contacts)
    good = Finding(
        "ok", f"Chân GPIO ({settings.panel.factory}): {names}", f"GPIO pins ({settings.panel.factory}): {names}"
    )
    held = ", ".join(closed)
    return False, [good, *lit] if not closed else [
        good,
        *lit,
        Finding(
            "warn",
            f"Tiếp điểm đang đóng: {held}. Nếu không ai bấm, hãy kiểm tra dây và panel.active_high.",
            f"Closed now: {held}. If nobody presses, check the cable and panel.active_high.",
            BUTTONS,
        ),
    ]


def _disk(settings: Settings) -> Iterator[Finding]:
    if settings.layout == "readonly":
        try:
            partition(settings.state_dir)
        except OSError:
            yield Finding(
                "fail",
                f"{settings.state_dir}: phân vùng dữ liệu không gắn được. Kẻng vẫn kêu nhưng mất điện là quên hết. "
                "Hãy xem: lsblk -f; làm lại phân vùng: sudo bash deploy/layout.sh data",
                f"{settings.state_dir}: the data partition is not mounted. The gong works, but forgets all with the "
                "power. See: lsblk -f; make it anew: sudo bash deploy/layout.sh data",
            )
    for folder in (settings.state_dir, settings.cache_dir):
        probe = folder / f".doctor-{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"x")
            probe.unlink()
            room = os.statvfs(folder)
            free = room.f_bavail * room.f_frsize
        except OSError as error:
            yield Finding(
                "fail",
                f"{folder}: không ghi được ({error.strerror}). Hãy kiểm tra quyền (người dùng keng) và thẻ nhớ.",
                f"{folder}: cannot be written ({error.strerror}). Check permissions (user keng) and the SD card.",
                DISK,
            )
            continue
        if free < FREE_BYTES:
            yield Finding(
                "warn",
                f"{folder}: chỉ còn {free >> 20} MB trống, hãy xóa bớt tệp.",
                f"{folder}: only {free >> 20} MB free; delete something.",
                DISK,
            )
        else:
            yield Finding("ok", f"{folder}: ghi được", f"{folder}: can be written")
    yield from _journal(settings.state_dir / JOURNAL)


def _journal(path: Path) -> Iterator[Finding]:
    from node.journalline import read_lines

    if not path.exists():
        return
    try:
        damaged = read_lines(path.read_bytes()).damaged
    except OSError as error:
        yield Finding(
            "fail", f"{path}: không đọc được ({error.strerror}).", f"{path}: unreadable ({error.strerror}).", DISK
        )
        return
    if damaged:
        yield Finding(
            "warn",
            f"{path}: {damaged} dòng hỏng (đã bỏ qua). Thẻ nhớ có thể sắp hỏng, hãy thay.",
            f"{path}: {damaged} damaged lines (skipped). The SD card may be failing; replace it.",
            DISK,
        )


def _patterns(settings: Settings) -> Iterator[Finding]:
    try:
        voice = DEFAULT_VOICE if settings.voice is None else load_voice(settings.voice)
    except KengError as error:
        yield Finding("fail", error.vi, error.en)
        return
    codebook = stored_codebook(settings.state_dir)
    missing = Shelf(settings.cache_dir, voice).fill(scores_of(codebook))
    if missing:
        names = ", ".join(missing)
        command = f"python -m patterns.prepare builtins {settings.cache_dir}"
        yield Finding(
            "warn",
            f"Chưa tạo sẵn âm thanh: {names}. Hộp sẽ tự tạo khi chạy, hoặc hãy chạy: {command}",
            f"Not rendered yet: {names}. The node renders them itself, or run: {command}",
        )
    else:
        yield Finding("ok", "Âm thanh kẻng đã tạo sẵn", "Every pattern is rendered")


def _keys(settings: Settings) -> Iterator[Finding]:
    own = settings.keys.own
    if own is not None:
        try:
            signer = Signer.from_file(own)
            loose = stat.S_IMODE(own.stat().st_mode) & 0o077
        except (OSError, ValueError) as error:
            yield Finding(
                "fail",
                f"{own}: không đọc được khóa của hộp ({error}). Hãy ghi danh lại hộp này.",
                f"{own}: the node's key cannot be read ({error}). Enrol this node again.",
                KEYS,
            )
        else:
            yield from _named(settings, signer)
            if loose:
                yield Finding(
                    "warn",
                    f"{own}: người khác đọc được khóa, hãy chạy: chmod 600 {own}",
                    f"{own}: others can read the key; run: chmod 600 {own}",
                )
    if settings.keys.commune is None:
        yield Finding(
            "warn",
            "Không có keys.commune: hộp nghe cả lệnh không ký. Chỉ dùng để trình diễn.",
            "No keys.commune: the node obeys unsigned orders. For a demo only.",
        )


def _named(settings: Settings, signer: Signer) -> Iterator[Finding]:
    """Whether the stored code book knows this key: nobody believes what another one signs."""
    book = _book(settings)
    known = None if book is None else book.nodes.get(settings.node)
    if known is not None and known.key is not None and known.key != signer.public:
        yield Finding(
            "fail",
            "Khóa của hộp không phải khóa mà quy ước ghi: báo động của hộp sẽ bị từ chối. Hãy ghi danh lại.",
            "The box's key is not the one in the code book: its alerts are refused. Enrol it again.",
            KEYS,
        )


def _book(settings: Settings) -> CodeBook | None:
    stored = stored_codebook(settings.state_dir)
    try:
        return None if stored is None else codebook_from_message(json.loads(stored))
    except (PatternsError, ValueError, RecursionError):
        return None


def _book_version(settings: Settings) -> int:
    book = _book(settings)
    return 0 if book is None else book.version


def _broker(settings: Settings, why_not: Finding | None, outcome: Call) -> Iterator[Finding]:
    broker = settings.broker
    for file in (broker.password_file, broker.ca_file):
        if file is not None and not os.access(file, os.R_OK):
            yield Finding(
                "fail",
                f"{file}: không đọc được. Hãy chép lại từ máy của xã và kiểm tra quyền.",
                f"{file}: cannot be read. Copy it from the commune's machine and check permissions.",
                KEYS,
            )
    tried = {host: _unreachable(host, broker.port) for host in (broker.host, *broker.others)}
    for host, words in tried.items():
        place = f"{host}:{broker.port}"
        if not words:
            yield Finding("ok", f"Máy chủ: {place}", f"Broker: {place}")
        elif all(tried.values()):
            yield Finding(
                "warn",
                f"Không tới được máy chủ {place} ({words}). Kẻng của thôn vẫn kêu; xã không nghe tin.",
                f"The broker {place} cannot be reached ({words}). The hamlet's gong works; the commune hears nothing.",
                NETWORK,
            )
        else:
            yield Finding(
                "warn",
                f"Địa chỉ {place} của máy chủ không tới được ({words}); địa chỉ khác thì được, hộp dùng địa chỉ đó.",
                f"The broker's address {place} cannot be reached ({words}); another can, and that one is used.",
            )
    if all(tried.values()):
        return
    if why_not is not None:
        yield why_not
        return
    host = next(host for host, words in tried.items() if not words)
    yield from call(settings, host, _book_version(settings), outcome)


def _unreachable(host: str, port: int) -> str:
    """Why, or nothing."""
    try:
        socket.create_connection((host, port), BROKER_S).close()
    except (OSError, UnicodeError) as error:
        return str(getattr(error, "strerror", None) or error)
    return ""

"""Looks at everything a node needs and says in two languages what is wrong, where, and what to do.

What must always hold: it changes nothing that a running node uses, and never stops at the first fault. `fail`: the node
cannot do its work; `warn`: it works, but not as well as it could.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from node.board import wiring
from node.errors import AlreadyRunning, NodeError, PinFault
from node.finding import Finding
from node.keep import JOURNAL, hold, partition, scratch, stored_codebook
from node.machine import system_clock
from node.pins import GpioBoard
from node.powercheck import power
from node.settings import Settings
from node.settingsread import load_settings
from node.shelf import Shelf, scores_of
from node.soundcheck import card, microphone
from patterns.errors import KengError
from patterns.voice import DEFAULT_VOICE, load_voice
from wire.signature import Signer

BROKER_S = 3.0
"""On the same local network a broker answers in milliseconds."""
FREE_BYTES = 50 * 1024 * 1024
"""Room for the journal, a trace and a code book's rendering."""


def examine(path: Path) -> list[Finding]:
    """Everything, in the order in which it matters."""
    try:
        settings = load_settings(path)
    except NodeError as error:
        return [Finding("fail", error.vi, error.en)]
    ok = Finding("ok", f"Cài đặt: {path}", f"Settings: {path}")
    running, pins = _pins(settings)
    return [ok, *pins, *card(settings.speaker, running), *microphone(settings.microphone, running),
            *_disk(settings), *_patterns(settings), *_keys(settings),
            *_broker(settings), _clock(), *power(settings)]  # fmt: skip


def show(findings: list[Finding], lang: str, out: TextIO) -> int:
    """Print them; the exit code: 1 if anything fails."""
    signs = {"ok": "✓", "warn": "!", "fail": "✗"}
    for finding in findings:
        lines = finding.en if lang == "en" else f"{finding.vi}\n  {finding.en}"
        out.write(f"{signs[finding.state]} {lines}\n")
    return int(any(finding.state == "fail" for finding in findings))


def _pins(settings: Settings) -> tuple[bool, list[Finding]]:
    """Whether a node may run here, and its pins; a running node holds them, and its status tells how they are."""
    try:
        lock = hold(settings.state_dir)
    except AlreadyRunning:
        return True, [
            Finding(
                "ok",
                "Nút đang chạy và giữ các chân; tình trạng nút bấm xem ở systemctl status keng-node.",
                "The node is running and holds the pins; see systemctl status keng-node for their state.",
            )
        ]
    if lock < 0:
        return True, [
            Finding(
                "warn",
                f"{settings.state_dir}: không mở được tệp khóa, có thể nút đang chạy, nên không thử chân, loa. "
                "Hãy chạy: sudo -u keng keng-node doctor",
                f"{settings.state_dir}: the lock cannot be opened, a node may be running: pins and card are untried. "
                "Run: sudo -u keng keng-node doctor",
            )
        ]
    os.close(lock)
    board = GpioBoard(settings.panel.factory, wiring(settings), work_dir=scratch(settings.state_dir, os.environ))
    try:
        board.open()
        closed = board.read()
    except PinFault as fault:
        return False, [Finding("fail", fault.vi, fault.en)]
    finally:
        board.close()
    names = ", ".join(one.contact.name for one in settings.panel.contacts)
    good = Finding(
        "ok", f"Chân GPIO ({settings.panel.factory}): {names}", f"GPIO pins ({settings.panel.factory}): {names}"
    )
    held = ", ".join(closed)
    return False, [good] if not closed else [
        good,
        Finding(
            "warn",
            f"Tiếp điểm đang đóng: {held}. Nếu không ai bấm, hãy kiểm tra dây và panel.active_high.",
            f"Closed now: {held}. If nobody presses, check the cable and panel.active_high.",
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
            )
            continue
        if free < FREE_BYTES:
            yield Finding(
                "warn",
                f"{folder}: chỉ còn {free >> 20} MB trống, hãy xóa bớt tệp.",
                f"{folder}: only {free >> 20} MB free; delete something.",
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
        yield Finding("fail", f"{path}: không đọc được ({error.strerror}).", f"{path}: unreadable ({error.strerror}).")
        return
    if damaged:
        yield Finding(
            "warn",
            f"{path}: {damaged} dòng hỏng (đã bỏ qua). Thẻ nhớ có thể sắp hỏng, hãy thay.",
            f"{path}: {damaged} damaged lines (skipped). The SD card may be failing; replace it.",
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
            f"Chưa tạo sẵn âm thanh: {names}. Nút sẽ tự tạo khi chạy, hoặc hãy chạy: {command}",
            f"Not rendered yet: {names}. The node renders them itself, or run: {command}",
        )
    else:
        yield Finding("ok", "Âm thanh kẻng đã tạo sẵn", "Every pattern is rendered")


def _keys(settings: Settings) -> Iterator[Finding]:
    own = settings.keys.own
    if own is not None:
        try:
            Signer.from_file(own)
            loose = stat.S_IMODE(own.stat().st_mode) & 0o077
        except (OSError, ValueError) as error:
            yield Finding(
                "fail",
                f"{own}: không đọc được khóa của nút ({error}). Hãy ghi danh lại nút này.",
                f"{own}: the node's key cannot be read ({error}). Enrol this node again.",
            )
        else:
            if loose:
                yield Finding(
                    "warn",
                    f"{own}: người khác đọc được khóa, hãy chạy: chmod 600 {own}",
                    f"{own}: others can read the key; run: chmod 600 {own}",
                )
    if settings.keys.commune is None:
        yield Finding(
            "warn",
            "Không có keys.commune: nút nghe mọi lệnh không ký. Chỉ dùng để trình diễn.",
            "No keys.commune: the node obeys unsigned orders. For a demo only.",
        )


def _broker(settings: Settings) -> Iterator[Finding]:
    broker = settings.broker
    for file in (broker.password_file, broker.ca_file):
        if file is not None and not os.access(file, os.R_OK):
            yield Finding(
                "fail",
                f"{file}: không đọc được. Hãy chép lại từ máy của xã và kiểm tra quyền.",
                f"{file}: cannot be read. Copy it from the commune's machine and check permissions.",
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
            )
        else:
            yield Finding(
                "warn",
                f"Địa chỉ {place} của máy chủ không tới được ({words}); địa chỉ khác thì được, hộp dùng địa chỉ đó.",
                f"The broker's address {place} cannot be reached ({words}); another can, and that one is used.",
            )


def _unreachable(host: str, port: int) -> str:
    """Why, or nothing."""
    try:
        socket.create_connection((host, port), BROKER_S).close()
    except (OSError, UnicodeError) as error:
        return str(getattr(error, "strerror", None) or error)
    return ""


def _clock() -> Finding:
    if system_clock().in_step:
        return Finding("ok", "Đồng hồ theo NTP", "The clock is kept by NTP")
    return Finding(
        "warn",
        "Đồng hồ máy chưa theo NTP; nút lấy giờ của xã khi có mạng.",
        "The clock is not kept by NTP; the node takes the commune's time when there is a network.",
    )

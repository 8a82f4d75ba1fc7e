"""The doctor's call to the commune: are we let in, is it the right commune, does it know our key, what is the time?

What must always hold: it is made only while no node runs (a second connection under the same name would throw the first
out); it changes nothing, sounds nothing, is over in some ten seconds. The commune sees a box that came and went.
"""

from __future__ import annotations

import queue
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from node.finding import Finding
from node.settings import Settings
from wire.blinks import CLOCK, ENTRY, KEYS, NETWORK
from wire.codec import decode, encode
from wire.envelope import Arrived, LinkDown, LinkItem, LinkUp, Publication
from wire.errors import LinkFault, Refused
from wire.link import Link, LinkSettings
from wire.messages import Hello, Welcome
from wire.signature import Verifier
from wire.topics import Topics

LET_IN_S = 8.0
"""TCP, TLS and a password over a bad line."""
ANSWER_S = 3.0
"""A service answers in milliseconds."""
APART_MS = 30_000
"""A system clock further off than this is told: its log, and a first start without a network, would be wrong."""


@dataclass
class Call:
    """What came of it."""

    now_ms: int | None = None
    """The commune's wall time, proved; none: nobody did."""


def no_call(running: bool, pins: Sequence[Finding]) -> Finding | None:
    """Why it must not be made, if it must not: a box that runs, here or elsewhere, would be thrown out by it."""
    if running:
        return Finding(
            "ok",
            "Hộp kẻng đang chạy nên không thử đăng nhập; đèn đường truyền cho biết có vào được không.",
            "The node runs, so logging in is not tried; the link lamp tells whether it is let in.",
        )
    if any(one.state == "fail" for one in pins):
        return Finding(
            "warn",
            "Máy này không mở được chân GPIO, có thể không phải hộp kẻng: không đăng nhập thay hộp, kẻo hộp thật "
            "mất nối.",
            "No pins here: perhaps this is not the box. Logging in is not tried, or the real one would be cut off.",
        )
    return None


def call(settings: Settings, host: str, codebook: int, outcome: Call) -> Iterator[Finding]:
    """Log in, say hello, hold the welcome against the commune's key. `host`: one that can be reached.

    `codebook`: version of the one that is stored.
    """
    inbox: queue.SimpleQueue[LinkItem] = queue.SimpleQueue()
    topics, broker = Topics(settings.commune), settings.broker
    where = LinkSettings(host, broker.port, settings.node, broker.password_file, ca_file=broker.ca_file)
    try:
        link = Link(where, [topics.down(settings.node, "welcome")], inbox.put)
    except LinkFault as fault:
        yield Finding("fail", fault.vi, fault.en, KEYS)
        return
    link.open()
    try:
        came = _next(inbox, LET_IN_S)
        if not isinstance(came, LinkUp):
            yield _shut(came)
            return
        yield Finding("ok", "Máy của xã cho hộp này vào", "The commune's machine lets this box in")
        nonce = secrets.token_hex(16)
        hello = Hello(node=settings.node, nonce=nonce, boot="doctor", codebook=codebook)
        link.publish(Publication(topics.up(settings.node, "hello"), encode(hello)))
        yield from _welcomed(settings, inbox, nonce, outcome)
    finally:
        link.close()


def _next(inbox: queue.SimpleQueue[LinkItem], within_s: float) -> LinkItem | None:
    try:
        return inbox.get(timeout=within_s)
    except queue.Empty:
        return None


def _shut(came: LinkItem | None) -> Finding:
    down = came if isinstance(came, LinkDown) else LinkDown("không trả lời / no answer")
    if down.shut:
        return Finding(
            "fail",
            f"Máy của xã không cho hộp này vào ({down.why}): mật khẩu sai, hoặc hộp đã bị thu hồi. "
            "Hãy ghi danh lại trên máy của xã (keng enrol).",
            f"The commune's machine does not let this box in ({down.why}): wrong password, or retired. Enrol it again.",
            ENTRY,
        )
    if down.unproved:
        return Finding(
            "fail",
            "Chứng chỉ của máy chủ không phải của xã này. Hãy xem địa chỉ broker.host, hoặc chép lại ca.crt.",
            "The broker's certificate is not this commune's. Check broker.host, or copy ca.crt again.",
            KEYS,
        )
    return Finding(
        "warn",
        f"Tới được máy chủ nhưng không nối được MQTT ({down.why}). Hãy xem broker.port (8883 có TLS).",
        f"The broker is there but MQTT fails ({down.why}). Check broker.port (8883 is with TLS).",
        NETWORK,
    )


def _welcomed(settings: Settings, inbox: queue.SimpleQueue[LinkItem], nonce: str, outcome: Call) -> Iterator[Finding]:
    until_s = time.monotonic() + ANSWER_S
    forged = False
    while (left_s := until_s - time.monotonic()) > 0:
        came = _next(inbox, left_s)
        if not isinstance(came, Arrived):
            continue
        try:
            welcome = decode(came.payload, Welcome)
        except Refused:
            continue
        if welcome.nonce != nonce:
            continue
        key = settings.keys.commune
        if key is not None and not (came.sig and Verifier(key).fits(came.topic, came.payload, came.sig)):
            forged = True
            continue
        outcome.now_ms = welcome.now.ms
        if key is not None:
            yield Finding("ok", "Xã trả lời, chữ ký đúng", "The commune answers, and its signature is right")
        else:
            yield Finding("ok", "Xã trả lời (không ký)", "The commune answers (unsigned)")
        return
    if forged:
        yield Finding(
            "fail",
            "Xã trả lời nhưng chữ ký không khớp keys.commune: hộp sẽ không nghe lệnh. Hãy ghi danh lại.",
            "The commune answers with a signature that is not of keys.commune: no order is obeyed. Enrol again.",
            KEYS,
        )
    else:
        yield Finding(
            "warn",
            "Vào được máy của xã, nhưng chương trình của xã chưa trả lời (trên máy của xã: systemctl status keng).",
            "Let in, but the commune's service does not answer (on its machine: systemctl status keng).",
        )


def clock(in_step: bool, wall_ms: int, proved_ms: int | None) -> Finding:
    """The machine's clock, beside the time that the commune has proved just now."""
    if proved_ms is not None:
        apart_ms = abs(wall_ms - proved_ms)
        if apart_ms <= APART_MS:
            return Finding("ok", "Đồng hồ: đúng giờ của xã", "The clock shows the commune's time")
        return Finding(
            "warn",
            f"Đồng hồ máy lệch giờ của xã {_apart(apart_ms)[0]}; hộp kẻng tự theo giờ của xã khi có mạng.",
            f"The machine's clock is {_apart(apart_ms)[1]} off; the node follows the commune's time by itself.",
        )
    if in_step:
        return Finding("ok", "Đồng hồ theo NTP", "The clock is kept by NTP")
    return Finding(
        "warn",
        "Chưa biết giờ đúng: đồng hồ máy chưa theo NTP, xã chưa báo giờ. Chưa có giờ thì kẻng báo yên chưa kêu.",
        "The time is not known: neither NTP nor the commune has told it. Until then no chime sounds.",
        CLOCK,
    )


def _apart(ms: int) -> tuple[str, str]:
    days, hours, minutes = ms // 86_400_000, ms // 3_600_000, ms // 60_000
    if days:
        return f"{days} ngày", f"{days} days"
    return (f"{hours} giờ", f"{hours} h") if hours else (f"{max(1, minutes)} phút", f"{max(1, minutes)} min")

"""Asks the commune, and waits for what is told: one connection for one command.

Rule. An ask that is not answered is sent again with the same id, which is answered again and not done again; so a
command may be repeated by the network, never by accident twice by us. PUBACK is no answer.
"""

from __future__ import annotations

import queue
import secrets
import time
from types import TracebackType

from msgspec import Struct

from broker.cli.reach import Reach
from broker.cli.terminal import NoConnection, RefusedByCommune, UsageFault
from wire.asks import Told
from wire.codec import MAX_BYTES, decode, encode
from wire.envelope import Arrived, Denied, LinkDown, LinkItem, LinkUp, Publication
from wire.errors import Refused
from wire.link import Link, LinkSettings
from wire.topics import Topics, Verb

ANSWER_S = 5.0  # an officer waits no longer; the commune answers in some milliseconds
AGAIN_S = 1.5  # the link may have been cut just then
CONNECT_S = 5.0  # for broker and subscription


def new_id() -> str:
    """An ask's own id."""
    return secrets.token_hex(8)


def link_settings(reach: Reach) -> LinkSettings:
    """A client of its own for each command: two at once do not throw each other out, where there are no passwords."""
    return LinkSettings(
        host=reach.host,
        port=reach.port,
        client_id=f"keng-{reach.user}-{secrets.token_hex(4)}",
        user=reach.user,
        password_file=reach.password_file,
        ca_file=reach.ca_file,
    )


class Commune:
    """The commune's service, as a command speaks to it. A context manager."""

    def __init__(self, reach: Reach, answer_s: float = ANSWER_S, connect_s: float = CONNECT_S) -> None:
        """LinkFault if password or certificate cannot be read."""
        self.reach = reach
        self.topics = Topics(reach.commune)
        self._answer_s = answer_s
        self._connect_s = connect_s
        self._inbox: queue.SimpleQueue[LinkItem] = queue.SimpleQueue()
        self._link = Link(link_settings(reach), [self.topics.told(reach.user)], self._inbox.put)

    def __enter__(self) -> Commune:
        """Connect. NoConnection."""
        self._link.open()
        why = ""
        until_s = time.monotonic() + self._connect_s
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                item = self._inbox.get(timeout=left_s)
            except queue.Empty:
                break
            if isinstance(item, LinkUp):
                return self
            if isinstance(item, LinkDown):
                why = item.why
                # What will not be better in a second is said at once.
                if "refused" in why.lower() or "not authori" in why.lower():
                    break
        self._link.close()
        raise NoConnection(
            f"Không nối được tới MQTT của xã tại {self.reach.where}: {why or 'không có trả lời'}. "
            "Máy của xã có bật không, có đúng địa chỉ, cổng và mật khẩu không?",
            f"No connection to the commune's MQTT at {self.reach.where}: {why or 'no answer'}. "
            "Is the machine on, are address, port and password right?",
        )

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        """Disconnect."""
        self._link.close()

    def ask(self, verb: Verb, message: Struct) -> Told:
        """Ask, and wait. RefusedByCommune, NoConnection, UsageFault (more than a message holds)."""
        payload = encode(message)
        if len(payload) > MAX_BYTES:
            raise UsageFault(
                f"Dài quá: {len(payload)} byte, nhiều nhất {MAX_BYTES}.",
                f"Too long: {len(payload)} bytes, at most {MAX_BYTES}.",
            )
        told = self._wait(Publication(self.topics.ask(self.reach.user, verb), payload), getattr(message, "id", ""))
        if not told.ok:
            vi, _, en = told.why.partition(" / ")
            raise RefusedByCommune(f"Xã từ chối: {vi or '?'}", f"The commune refuses: {en or vi or '?'}")
        return told

    def _wait(self, publication: Publication, ask_id: str) -> Told:
        now_s = time.monotonic()
        until_s, again_s = now_s + self._answer_s, now_s
        lost = ""
        while (now_s := time.monotonic()) < until_s:
            if now_s >= again_s and self._link.publish(publication):
                again_s = now_s + AGAIN_S
            try:
                item = self._inbox.get(timeout=max(0.01, min(until_s, max(again_s, now_s + 0.1)) - now_s))
            except queue.Empty:
                continue
            match item:
                case Arrived():
                    if (told := _told(item)) is not None and told.id == ask_id:
                        return told
                case Denied():
                    raise RefusedByCommune(
                        f"MQTT của xã không cho {self.reach.user} hỏi ({item.why}).",
                        f"The commune's MQTT does not let {self.reach.user} ask ({item.why}).",
                    )
                case LinkDown():
                    lost = item.why
                case LinkUp():
                    again_s = time.monotonic()
        if lost:
            raise NoConnection(
                f"Mất kết nối tới {self.reach.where}: {lost}. Không rõ xã đã nhận hay chưa, hãy xem: keng incidents",
                f"Lost the connection to {self.reach.where}: {lost}. "
                "Whether the commune took it is not known; see: keng incidents",
            )
        raise NoConnection(
            f"Dịch vụ của xã không trả lời sau {self._answer_s:g} giây, tại {self.reach.where}, "
            f"xã {self.reach.commune}. Dịch vụ có đang chạy không (keng run)?",
            f"The commune's service has not answered in {self._answer_s:g} s, at {self.reach.where}, "
            f"commune {self.reach.commune}. Is it running (keng run)?",
        )


def _told(item: Arrived) -> Told | None:
    """A stranger's bytes are no answer."""
    if item.retained:
        return None
    try:
        return decode(item.payload, Told)
    except Refused:
        return None

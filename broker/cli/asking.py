"""Asks the commune, and waits for what is told: one connection for one command.

Rule. An ask that is not answered is sent again with the same id, which is answered again and not done again; so a
command may be repeated by the network, or typed again by a person who got no answer, and is never done twice. PUBACK is
no answer.
"""

from __future__ import annotations

import queue
import secrets
import time
from types import TracebackType

from msgspec import Struct, structs

from broker.cli.reach import Reach
from broker.cli.terminal import NoConnection, NotWritten, RefusedByCommune, UsageFault
from broker.cli.unanswered import Unanswered, folder
from wire.asks import AskPage, Told
from wire.codec import MAX_BYTES, decode, encode
from wire.envelope import Arrived, Denied, LinkDown, LinkItem, LinkUp, Publication
from wire.errors import Refused
from wire.link import Link, LinkSettings
from wire.topics import Topics, Verb

ANSWER_S = 5.0  # an officer waits no longer; the commune answers in some milliseconds
AGAIN_S = 1.5  # the link may have been cut just then
CONNECT_S = 5.0  # for broker and subscription
LOOK_S = 2.0  # at most, for why there is no answer: looks do not wait for the register
MAX_LOOKED = 20  # pages of a status; troubles come before the nodes
LOOKS = frozenset({"incidents", "status"})


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

    def __init__(
        self,
        reach: Reach,
        answer_s: float = ANSWER_S,
        connect_s: float = CONNECT_S,
        unanswered: Unanswered | None = None,
    ) -> None:
        """LinkFault if password or certificate cannot be read."""
        self.reach = reach
        self._unanswered = unanswered or Unanswered(folder())
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
            "Máy của xã có bật không, có đúng địa chỉ, cổng và mật khẩu không? "
            "Trên máy của xã hãy xem: systemctl status mosquitto",
            f"No connection to the commune's MQTT at {self.reach.where}: {why or 'no answer'}. "
            "Is the machine on, are address, port and password right? "
            "On the commune's machine see: systemctl status mosquitto",
        )

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        """Disconnect."""
        self._link.close()

    def ask(self, verb: Verb, message: Struct) -> Told:
        """Ask, and wait. RefusedByCommune, NoConnection, NotWritten, UsageFault (more than a message holds)."""
        payload = encode(message)
        if len(payload) > MAX_BYTES:
            raise UsageFault(
                f"Dài quá: {len(payload)} byte, nhiều nhất {MAX_BYTES}.",
                f"Too long: {len(payload)} bytes, at most {MAX_BYTES}.",
            )
        told = self._told(verb, message) if verb in LOOKS else self._told_once(verb, message)
        if not told.ok:
            vi, _, en = told.why.partition(" / ")
            raise RefusedByCommune(f"Xã từ chối: {vi or '?'}", f"The commune refuses: {en or vi or '?'}")
        return told

    def _told_once(self, verb: Verb, message: Struct) -> Told:
        """An act: under the id that it had if it was asked a moment ago and nobody answered."""
        reach = self.reach
        where = f"{reach.host} {reach.port} {reach.commune} {reach.user} {verb} "
        words = where.encode() + encode(structs.replace(message, id=""))
        known = self._unanswered.id_of(words)
        message = message if known is None else structs.replace(message, id=known)
        try:
            told = self._told(verb, message)
        except RefusedByCommune:
            raise
        except BaseException:  # Ctrl-C too: a person who gives up tries again
            self._unanswered.keep(words, getattr(message, "id", ""))
            raise
        self._unanswered.drop(words)
        return told

    def _told(self, verb: Verb, message: Struct) -> Told:
        told = self._wait(verb, message, self._answer_s)
        if told is not None:
            return told
        if verb not in LOOKS and (why := self._register_fault()):
            vi, _, en = why.partition(" / ")
            raise NotWritten(
                f"Xã đã nhận lệnh, kẻng đã theo lệnh, nhưng sổ trực chưa ghi được nên xã chưa xác nhận: {vi}. "
                "Đừng ra lệnh lần nữa. Hãy sửa chỗ hỏng, rồi xem: keng status",
                f"The commune has the order and the gongs obey it, but the register cannot write, so it is not "
                f"confirmed: {en or vi}. Do not order it again. Mend that, then see: keng status",
            )
        raise NoConnection(
            f"Dịch vụ của xã không trả lời sau {self._answer_s:g} giây, tại {self.reach.where}, "
            f"xã {self.reach.commune}. Dịch vụ có đang chạy không (keng run)? Hãy xem: systemctl status keng-commune",
            f"The commune's service has not answered in {self._answer_s:g} s, at {self.reach.where}, "
            f"commune {self.reach.commune}. Is it running (keng run)? See: systemctl status keng-commune",
        )

    def _register_fault(self) -> str:
        """Why the register cannot write; empty if it can, or if nobody says."""
        for page in range(MAX_LOOKED):
            told = self._wait("status", AskPage(id=new_id(), page=page), min(LOOK_S, self._answer_s))
            result = told.result if told is not None and isinstance(told.result, dict) else {}
            troubles = result.get("troubles") or []
            for one in troubles if isinstance(troubles, list) else []:
                if isinstance(one, dict) and one.get("kind") == "register":
                    return str(one.get("why") or "register")
            if result.get("nodes") or page + 1 >= (result.get("pages") or 0):
                break
        return ""

    def _wait(self, verb: Verb, message: Struct, answer_s: float) -> Told | None:
        """What is told; none if nobody answers. RefusedByCommune, NoConnection."""
        publication = Publication(self.topics.ask(self.reach.user, verb), encode(message))
        ask_id = getattr(message, "id", "")
        now_s = time.monotonic()
        until_s, again_s = now_s + answer_s, now_s
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
                    if (told := _told_by(item)) is not None and told.id == ask_id:
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
        return None


def _told_by(item: Arrived) -> Told | None:
    """A stranger's bytes are no answer."""
    if item.retained:
        return None
    try:
        return decode(item.payload, Told)
    except Refused:
        return None

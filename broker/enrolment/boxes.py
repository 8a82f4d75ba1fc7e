"""node.yaml of one box, with a comment at each line for whoever holds the screwdriver. Pure text.

What must hold: what is written here passes keng-node's own check; the pins are those of deploy/pictures/wiring.svg
unless somebody says otherwise. Paths are relative: the files lie beside node.yaml, on the SD card as in /etc/keng.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from broker.errors import BrokerError
from patterns.book import KINDS
from patterns.fields import SLUG

FIRST_PIN, LAST_PIN = 2, 27
"""GPIO (BCM) numbers on a Pi's 40-pin header; 0 and 1 belong to the add-on board's EEPROM."""
CANCEL_PIN, ALERT_PIN, LINK_PIN, RELAY_PIN = 23, 5, 6, 25
"""As drawn."""
TAKEN = {CANCEL_PIN: "cancel", ALERT_PIN: "lamps.alert", LINK_PIN: "lamps.link", RELAY_PIN: "amplifier"}
MAX_BUTTONS = 12
"""As in a node's own check."""
MAX_CARD = 200
"""As in a node's own check."""
MAX_HOLD_S = 5.0
"""As there."""
PASSWORD_FILE, KEY_FILE, CA_FILE, SETTINGS_FILE = "password", "node.key", "ca.crt", "node.yaml"


class ButtonFault(BrokerError, ValueError):
    """A button that no box can have."""


@dataclass(frozen=True, slots=True)
class Button:
    """One alarm button."""

    name: str
    """Slug, of its own in the box."""
    pin: int
    """GPIO (BCM)."""
    kind: str = "security"
    """What it reports."""
    silent: bool = False
    """Sounds at the post alone."""
    hold_s: float | None = None
    """How long it is held; None: the node's 0.8 s."""


DRAWN = (Button("security", 17), Button("fire", 27, "fire"), Button("silent", 22, silent=True))
"""The buttons in wiring.svg."""
KIND_PINS = (17, 27, 22, 16, 26, 13)
"""Of buttons that are given by their kinds alone, in that order: the drawn ones, then what neither a sound card on the
header (18 to 21), a clock (2, 3), the serial port (14, 15) nor a switch of the drawing uses."""
NO_CARD = "default"
"""ALSA's own choice."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node, as its settings say it."""

    node: str
    """Slug."""
    hamlet: str
    """Slug."""
    commune: str
    """Slug."""
    hosts: tuple[str, ...]
    """Names and addresses of the commune's machine; at least one."""
    port: int
    """Its TLS port for nodes."""
    commune_key: str | None
    """Public, base64; None: a network without keys."""
    buttons: tuple[Button, ...] = DRAWN
    """At least one."""
    device: str = NO_CARD
    """ALSA's name of the sound card."""
    microphone: str | None = None
    """ALSA's name of the microphone that hears the gong; None: none is fitted."""
    layout: str = "plain"
    """Of its card: plain or readonly."""


def read_button(text: str) -> Button:
    """NAME:PIN[:KIND][:silent][:HOLD_S], as on the command line. ButtonFault."""
    name, *rest = text.split(":")
    if not SLUG.fullmatch(name) or name in ("cancel", "drill"):
        raise _fault(text, "tên chỉ gồm a-z, 0-9, dấu gạch giữa", "a name is a-z, 0-9 and dashes")
    if not rest or not rest[0].isascii() or not rest[0].isdigit() or not FIRST_PIN <= int(rest[0]) <= LAST_PIN:
        raise _fault(text, f"chân là số GPIO {FIRST_PIN} đến {LAST_PIN}", f"a pin is a GPIO {FIRST_PIN} to {LAST_PIN}")
    kind, silent, hold_s = name if name in KINDS else "security", False, None
    for word in rest[1:]:
        if word in KINDS:
            kind = word
        elif word == "silent":
            silent = True
        else:
            hold_s = _seconds(text, word)
    return Button(name, int(rest[0]), kind, silent, hold_s)


def buttons_of(kinds: str) -> tuple[Button, ...]:
    """`fire,theft,security:silent`: a button each, on the drawing's pins in this order. ButtonFault."""
    words = [word.strip() for word in kinds.split(",")]
    if len(words) > len(KIND_PINS):
        raise ButtonFault(
            f"--kinds {kinds}: nhiều nhất {len(KIND_PINS)} loại; nhiều hơn thì dùng --button.",
            f"--kinds {kinds}: at most {len(KIND_PINS)}; for more use --button.",
        )
    made: list[Button] = []
    for word, pin in zip(words, KIND_PINS, strict=False):
        kind, colon, silent = word.partition(":")
        if kind not in KINDS or (colon and silent != "silent"):
            raise ButtonFault(
                f"--kinds: “{word}” không phải loại báo động. Các loại: {', '.join(KINDS)}; thêm :silent là báo ngầm.",
                f'--kinds: "{word}" is no kind of alarm. Kinds: {", ".join(KINDS)}; :silent makes it a silent one.',
            )
        name = f"silent-{kind}" if silent else kind
        if any(one.name == name for one in made):
            raise ButtonFault(
                f"--kinds {kinds}: “{word}” ghi hai lần.", f'--kinds {kinds}: "{word}" stands there twice.'
            )
        made.append(Button(name, pin, kind, bool(silent)))
    return tuple(made)


def card_of(name: str) -> str:
    """ALSA's name: a card's own short name (`Device`, of /proc/asound/cards) is enough. ButtonFault if it is none."""
    if not name or not name.isprintable() or len(name) > MAX_CARD or any(sign in name for sign in '"\\'):
        raise ButtonFault(f"{name}: không phải tên card.", f"{name}: no name of a card.")
    return name if ":" in name or name == NO_CARD else f"plughw:CARD={name}"


def check_buttons(buttons: tuple[Button, ...]) -> None:
    """Each name and pin once, none that the drawing gives to something else. ButtonFault."""
    if len(buttons) > MAX_BUTTONS:
        raise _fault(buttons[-1].name, f"nhiều nhất {MAX_BUTTONS} nút", f"at most {MAX_BUTTONS} buttons")
    taken, names = dict(TAKEN), set[str]()
    for button in buttons:
        if button.pin in taken:
            whose = taken[button.pin]
            raise _fault(f"{button.name}:{button.pin}", f"chân này đã dùng cho {whose}", f"the pin is taken by {whose}")
        if button.name in names:
            raise _fault(button.name, "tên này đã dùng", "the name is taken")
        taken[button.pin] = button.name
        names.add(button.name)


def node_yaml(box: Box) -> str:
    """The whole file."""
    key = f'"{box.commune_key}"' if box.commune_key else '"…"'
    commune_key = f"{'' if box.commune_key else '# '}commune: {key}"
    return TEMPLATE.format(
        node=_word(box.node),
        hamlet=_word(box.hamlet),
        commune=_word(box.commune),
        host=f"host: {_word(box.hosts[0])}" if len(box.hosts) == 1 else f"hosts: {json.dumps(box.hosts)}",
        port=box.port,
        commune_key=commune_key,
        buttons="\n".join(f"    - {_button(button)}" for button in box.buttons),
        cancel=CANCEL_PIN,
        alert=ALERT_PIN,
        link=LINK_PIN,
        relay=RELAY_PIN,
        device=box.device,
        layout=f"layout: {box.layout}",
        microphone='# microphone: "plughw:CARD=Device"'
        if box.microphone is None
        else f'microphone: "{box.microphone}"',
    )


def _button(button: Button) -> str:
    silent = ", silent: true" if button.silent else ""
    hold = "" if button.hold_s is None else f", hold_s: {button.hold_s:g}"
    return f"{{name: {_word(button.name)}, pin: {button.pin}, kind: {button.kind}{silent}{hold}}}"


def _word(text: str) -> str:
    """Quoted where YAML could take it for a number or a truth."""
    return text if text[0].isalpha() and text not in ("true", "false", "null") else f'"{text}"'


def _seconds(text: str, word: str) -> float:
    try:
        hold_s = float(word)
    except ValueError:
        hold_s = -1.0
    if not 0 <= hold_s <= MAX_HOLD_S:
        raise _fault(
            text,
            f"“{word}” không phải loại ({', '.join(KINDS)}), silent, hay số giây 0 đến {MAX_HOLD_S:g}",
            f'"{word}" is no kind ({", ".join(KINDS)}), not silent, and no seconds from 0 to {MAX_HOLD_S:g}',
        )
    return hold_s


def _fault(what: str, vi: str, en: str) -> ButtonFault:
    return ButtonFault(
        f"--button {what}: {vi}. Cách viết: TÊN:CHÂN[:LOẠI][:silent][:GIÂY], ví dụ fire:27:fire",
        f"--button {what}: {en}. Write NAME:PIN[:KIND][:silent][:SECONDS], such as fire:27:fire",
    )


TEMPLATE = """\
# Cài đặt của một hộp kẻng, ở /etc/keng/node.yaml trên Pi. `keng enrol` viết ra; sửa xong thì chạy:
#     sudo -u keng keng-node doctor && sudo systemctl restart keng-node
# Settings of one box, /etc/keng/node.yaml on the Pi. `keng enrol` writes it; after a change run the line above.
# Số chân là số GPIO (BCM), theo hình deploy/pictures/wiring.svg. / Pins are GPIO (BCM) numbers, as drawn there.

node: {node}                     # mã của hộp, cũng là tên đăng nhập / its id and user name
hamlet: {hamlet}                   # mã thôn, như trong quy ước / the hamlet's id, as in the code book
commune: {commune}                # mã xã / the commune's id

broker:                            # máy của xã / the commune's machine
  {host}
  # hosts: ["192.168.1.10", xa.example.vn]    # nhiều địa chỉ, thử lần lượt / several, tried in turn
  address_file: /boot/firmware/keng-address.txt    # xã đổi địa chỉ: ghi địa chỉ mới vào tệp này của thẻ / a new one
  port: {port}
  password_file: password          # cạnh tệp này / beside this file
  ca_file: ca.crt

keys:
  own: node.key                    # khóa riêng của hộp, không đưa cho ai / the box's private key: for nobody else
  {commune_key}    # khóa công khai của xã / the commune's public key

panel:
  factory: lgpio
  active_high: false               # nút nối xuống GND / buttons close to ground
  buttons:                         # kind: security | theft | fire | disaster | medical | test
{buttons}
  cancel: {{pin: {cancel}}}                # khóa rút lại: rút lại báo động / takes an alarm back
  # drill: {{pin: 24}}               # công tắc diễn tập, bật trước khi bấm / an exercise switch: on before a press
  lamps:
    alert: {alert}                       # đèn báo động / what became of a press
    link: {link}                        # đèn đường truyền / the commune is heard
    # one: {alert}                       # hộp một đèn: chỉ ghi dòng này / a one-lamp box: this line alone

speaker:
  adapter: alsa
  device: "{device}"                # tên card, xem / name of the sound card: aplay -L
  # gain_db: -6                    # nhỏ bớt / turned down, -60 to 0

amplifier:                         # rơ le cấp điện cho tăng âm; không có thì xóa mục này / no relay: delete this
  pin: {relay}
  # lead_ms: 200                   # tăng âm cần bao lâu mới kêu / the amplifier's own delay
  # active_high: false             # rơ le đóng khi chân ở mức thấp / a relay that pulls at a low pin

first_boot: true                   # lần đầu bật: đánh một tiếng, nói chỗ hỏng / one stroke, and spoken faults
{microphone}    # micrô nghe xem kẻng có kêu thật không / hears if it is heard: arecord -L
# ups: {{chip: max17040}}            # ắc quy của bộ lưu điện, xem PARTS.md / the battery of a UPS, see there
{layout}                      # của thẻ nhớ: plain, readonly / of the card, see deploy/layout.sh
# solenoid: {{pin: 12}}              # búa điện đánh vào kẻng thật / a hammer on a real gong
# voice: keng-thon.wav             # tiếng kẻng của thôn, một tiếng đánh / a recording of one blow of your own gong
# trace: {{file: /var/lib/keng-node/trace.jsonl}}    # nhật ký để xem lại một đêm / a record of the night
"""

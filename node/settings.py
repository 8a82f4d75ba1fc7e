"""What an installer writes down about one box: node.yaml, as frozen types. settingsread.py reads and checks the file.

    node: thon-1                       # its id: broker user name and client id
    hamlet: thon-1
    commune: cong-lac
    broker: {host: 10.0.0.2, port: 8883, password_file: /etc/keng/password, ca_file: /etc/keng/ca.crt}
                                       # or several: hosts: [10.0.0.2, xa.example.vn]
    keys: {own: /etc/keng/node.key, commune: "…base64…"}
    panel:
      factory: lgpio
      buttons:
        - {name: security, pin: 17}
        - {name: fire, pin: 27, kind: fire, hold_s: 1.5}
        - {name: under-the-desk, pin: 22, kind: theft, silent: true}
      cancel: {pin: 23}
      drill: {pin: 24}
      lamps: {alert: 5, link: 6}
    speaker: {adapter: alsa, device: "plughw:CARD=Headphones"}
    amplifier: {pin: 25}
    microphone: "plughw:CARD=Device"

What must always hold: settings that exist have passed every check, so nobody behind them checks again.
It does not know what the machine really has: the doctor looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from node.core.setup import ContactSetup

SETTINGS_FILE = Path("/etc/keng/node.yaml")
"""Where an installed node has its settings."""
STATE_DIR = Path("/var/lib/keng-node")
"""Journal and code book; systemd's StateDirectory."""
CACHE_DIR = Path("/var/cache/keng-node")
"""Rendered patterns, which can be made again; systemd's CacheDirectory."""
DEFAULT_PORT = 1883
"""MQTT without TLS: loopback and the demo."""
DEFAULT_TLS_PORT = 8883
"""MQTT over TLS: as soon as there is a ca_file."""
DEFAULT_HOLD_S = 0.8
"""Long enough not to happen by brushing past, short enough for a frightened hand."""
MAX_HOLD_S = 5.0
"""Nobody holds on longer."""
FIRST_PIN, LAST_PIN = 2, 27
"""GPIO (BCM) numbers on a Pi's 40-pin header; 0 and 1 belong to the add-on board's EEPROM."""
PULLED_UP = frozenset({2, 3})
"""Have a resistor to 3.3 V on the board (I2C): they cannot be pulled down."""
MAX_LEAD_MS = 1_500
"""Chimes are handed to the speaker this much ahead: an amplifier cannot be woken earlier."""
MAX_BUTTONS = 12
"""A box has one to four; one with all six kinds, loud and silent, is a demo's; more is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Where the commune's broker is."""

    host: str
    """Name or address."""
    port: int
    """TCP port."""
    password_file: Path | None
    """One line; none: a broker without passwords."""
    ca_file: Path | None
    """The commune's CA; none: no TLS."""
    others: tuple[str, ...] = ()
    """Its further names and addresses, tried in turn; the one that last let us in comes first."""


@dataclass(frozen=True, slots=True)
class KeySettings:
    """Keys, in a network that uses them."""

    own: Path | None = None
    """File with the node's private key, 32 bytes in base64; alerts are signed with it."""
    commune: str | None = None
    """The commune's public key, base64; none: unsigned orders are obeyed."""


@dataclass(frozen=True, slots=True)
class ContactPin:
    """A contact and the pin it hangs on."""

    contact: ContactSetup
    """What it means, as the core is told."""
    pin: int
    """GPIO (BCM) number."""


@dataclass(frozen=True, slots=True)
class LampPins:
    """The lamps: two of them, or one that shows both."""

    alert: int | None = None
    """GPIO of the lamp that tells what became of a press."""
    link: int | None = None
    """GPIO of the lamp that tells whether the commune is heard."""
    one: int | None = None
    """GPIO of the only lamp of a one-lamp box."""
    active_high: bool = True
    """Whether a lamp shines while its pin is high."""


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """Buttons and lamps."""

    factory: Literal["lgpio", "mock"] = "lgpio"
    """lgpio: a Pi's real pins. mock: pins in memory, for the demo and tests."""
    contacts: tuple[ContactPin, ...] = ()
    """Buttons first, then cancel and drill switches."""
    active_high: bool = False
    """False: a contact closes to ground, against a pull-up. True: to 3.3 V, against a pull-down."""
    lamps: LampPins = LampPins()
    """What shines."""


@dataclass(frozen=True, slots=True)
class UpsSettings:
    """How the battery of an uninterruptible supply is read."""

    chip: Literal["kernel", "max17040", "ina219"]
    """kernel: by a driver of the kernel's, in /sys/class/power_supply. The others: by their chip on the I2C bus."""
    bus: int = 1
    """Number of the I2C bus; 1 is that of a Pi's header."""
    address: int | None = None
    """On that bus; none: 0x36 of a MAX17040, 0x43 of an INA219."""
    cells: int = 1
    """In series: an INA219 measures all of them."""


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    """The loudspeaker."""

    adapter: Literal["alsa", "aplay", "wav"] = "alsa"
    """alsa: libasound. aplay: a child process. wav: a file, for machines without a sound device."""
    device: str = "default"
    """ALSA's name of the card, as `aplay -L` lists it."""
    gain_db: float = 0.0
    """Turned down by so much, -60 to 0."""
    wav: Path | None = None
    """File for the `wav` adapter."""


@dataclass(frozen=True, slots=True)
class AmplifierSettings:
    """A relay that feeds the amplifier only while there is something to say."""

    pin: int
    """GPIO of the relay."""
    lead_ms: int = 0
    """Time the amplifier needs before it is heard, 0 to 1,500."""
    hold_ms: int = 2000
    """Stays on after a sound, 0 to 60,000."""
    active_high: bool = True
    """Whether the relay pulls while its pin is high."""


@dataclass(frozen=True, slots=True)
class SolenoidSettings:
    """A hammer that strikes a real gong."""

    pin: int
    """GPIO of its driver."""
    active_high: bool = True
    """Whether it pulls while its pin is high."""


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """The record of everything that happened, for `keng-node` replay."""

    file: Path
    """The newest part; the older one has `.1` at its end."""
    max_bytes: int = 64 * 1024 * 1024
    """Of both parts together: some four quiet days."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One box."""

    node: str
    """Slug; broker user name and client id."""
    hamlet: str
    """Slug."""
    commune: str
    """Slug."""
    broker: BrokerSettings
    """Where to speak."""
    panel: PanelSettings
    """What to press and what shines."""
    speaker: SpeakerSettings
    """What sounds."""
    keys: KeySettings = KeySettings()
    """Whom to believe."""
    amplifier: AmplifierSettings | None = None
    """A relay, where fitted."""
    solenoid: SolenoidSettings | None = None
    """A hammer, where fitted."""
    ups: UpsSettings | None = None
    """An uninterruptible supply whose battery can be read; none: none is fitted, or it tells nothing."""
    microphone: str | None = None
    """ALSA's name of the microphone that hears the gong; none: none is fitted."""
    voice: Path | None = None
    """File that describes the gong's voice, or a recording of one blow of the hamlet's own gong; none: the built-in."""
    state_dir: Path = STATE_DIR
    """Journal and code book."""
    layout: Literal["plain", "readonly"] = "plain"
    """readonly: the card is read-only and `state_dir` a partition of its own (deploy/layout.sh); if it is not, nothing
    that is written there is safe."""
    cache_dir: Path = CACHE_DIR
    """Rendered patterns."""
    first_boot: bool = False
    """Whether a box that was just hung up sounds one stroke, and says aloud what it lacks."""
    trace: TraceSettings | None = None
    """None: nothing is recorded."""
    control: Path | None = None
    """Unix socket through which mock pins are pressed; only with the mock factory."""

"""Reads node.yaml and checks all of it: one fault for each thing wrong, with file, line and field, all faults at once.

What must always hold: any file gives either whole `Settings` or one SettingsError; relative paths count from the file's
own folder, so that a demo's or a test's settings can move.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from node.core.setup import ContactSetup
from node.errors import SettingsError
from node.settings import (
    CACHE_DIR,
    DEFAULT_HOLD_S,
    DEFAULT_PORT,
    DEFAULT_TLS_PORT,
    FIRST_PIN,
    LAST_PIN,
    MAX_BUTTONS,
    MAX_HOLD_S,
    MAX_LEAD_MS,
    PULLED_UP,
    SETTINGS_FILE,
    STATE_DIR,
    AmplifierSettings,
    BrokerSettings,
    ContactPin,
    KeySettings,
    LampPins,
    PanelSettings,
    Settings,
    SolenoidSettings,
    SpeakerSettings,
    TraceSettings,
)
from node.settingsfields import (
    NOBODY,
    flag_of,
    hosts_of,
    layout_of,
    microphone_of,
    name_of,
    slug_of,
    told_hosts,
    ups_of,
)
from patterns.errors import YamlError
from patterns.fields import Faults, Field
from patterns.yamlfile import read_yaml
from wire.hosts import MAX_HOSTS
from wire.signature import decode_key
from wire.words import Kind

KINDS = ("security", "theft", "fire", "disaster", "medical", "test")
_TOP = {
    "node", "hamlet", "commune", "broker", "keys", "panel", "speaker", "amplifier", "solenoid", "microphone", "voice",
    "state_dir", "cache_dir", "first_boot", "trace", "control", "layout", "ups",
}  # fmt: skip
_REQUIRED = {"node", "hamlet", "commune", "broker", "panel"}


def load_settings(path: Path = SETTINGS_FILE) -> Settings:
    """Read and check the file. Raises SettingsError."""
    try:
        faults = Faults(read_yaml(path))
    except YamlError as error:
        raise SettingsError(error.vi, error.en, error.faults) from error
    settings = _Reader(faults, path.parent).read()
    faults.raise_all(SettingsError)
    return settings


class _Reader:
    """Goes through the file once, notes faults, and remembers which pin is taken."""

    def __init__(self, faults: Faults, home: Path) -> None:
        self._faults = faults
        self._home = home
        self._taken: dict[int, str] = {}

    def read(self) -> Settings:
        top = self._faults.top.record(_TOP, _REQUIRED)
        panel = self._panel(top.get("panel"))
        control = self._path(top.get("control"))
        if control is not None and panel.factory != "mock":
            top["control"].fault(
                "chỉ dùng được khi panel.factory là mock: nút thật không bấm qua tệp. Hãy bỏ dòng này.",
                "only with panel.factory mock: real buttons are not pressed through a file. Remove this line.",
            )
        return Settings(
            node=slug_of(top.get("node")),
            hamlet=slug_of(top.get("hamlet")),
            commune=slug_of(top.get("commune")),
            broker=self._broker(top.get("broker")),
            panel=panel,
            speaker=self._speaker(top.get("speaker")),
            keys=self._keys(top.get("keys")),
            amplifier=self._amplifier(top.get("amplifier")),
            solenoid=self._solenoid(top.get("solenoid")),
            microphone=microphone_of(top.get("microphone")),
            voice=self._path(top.get("voice")),
            state_dir=self._path(top.get("state_dir")) or STATE_DIR,
            cache_dir=self._path(top.get("cache_dir")) or CACHE_DIR,
            first_boot=flag_of(top, "first_boot", False),
            trace=self._trace(top.get("trace")),
            layout=layout_of(top.get("layout")),
            ups=ups_of(top.get("ups")),
            control=control,
        )

    def _path(self, field: Field | None) -> Path | None:
        text = field.text(1000) if field is not None else None
        try:
            return None if text is None else self._home / Path(text).expanduser()
        except RuntimeError:
            assert field is not None  # noqa: S101 - there was a text
            vi, en = (
                "máy này không có người dùng đó, hãy ghi cả đường dẫn.",
                "there is no such user; write the whole path.",
            )
            field.fault(f"“{text}”: {vi}", f'"{text}": {en}')
            return None

    def _broker(self, field: Field | None) -> BrokerSettings:
        known = {"host", "hosts", "address_file", "port", "password_file", "ca_file"}
        parts = field.record(known) if field is not None else {}
        ca_file = self._path(parts.get("ca_file"))
        default = DEFAULT_PORT if ca_file is None else DEFAULT_TLS_PORT
        port = parts["port"].integer(1, 65_535) if "port" in parts else None
        named = hosts_of(field, parts) if field is not None else [NOBODY]
        # What a person wrote last comes first; TLS and the commune's signature say whether it is the commune.
        host, *others = list(dict.fromkeys((*told_hosts(self._path(parts.get("address_file"))), *named)))[:MAX_HOSTS]
        password_file = self._path(parts.get("password_file"))
        return BrokerSettings(host, port or default, password_file, ca_file, tuple(others))

    def _keys(self, field: Field | None) -> KeySettings:
        parts = field.record({"own", "commune"}) if field is not None else {}
        commune = parts["commune"].text(100) if "commune" in parts else None
        if commune is not None:
            try:
                decode_key(commune)
            except ValueError:
                parts["commune"].fault(
                    "khóa công khai của xã phải là 32 byte viết bằng base64 (44 ký tự). Hãy chép lại từ máy của xã.",
                    "the commune's public key must be 32 bytes in base64 (44 characters). Copy it again.",
                )
        return KeySettings(self._path(parts.get("own")), commune)

    def _panel(self, field: Field | None) -> PanelSettings:
        known = {"factory", "active_high", "buttons", "cancel", "drill", "lamps"}
        parts = field.record(known, {"buttons"}) if field is not None else {}
        factory = (parts["factory"].choice(("lgpio", "mock")) if "factory" in parts else None) or "lgpio"
        active_high = flag_of(parts, "active_high", False)
        contacts = [*self._buttons(parts.get("buttons"))]
        contacts += [self._switch(parts[purpose], purpose) for purpose in ("cancel", "drill") if purpose in parts]
        if active_high:
            self._check_pulls(parts["active_high"], contacts)
        lamps = self._lamps(parts.get("lamps"))
        return PanelSettings("mock" if factory == "mock" else "lgpio", tuple(contacts), active_high, lamps)

    def _buttons(self, field: Field | None) -> Iterable[ContactPin]:
        items = field.items(MAX_BUTTONS) if field is not None else []
        if field is not None and isinstance(field.value, list) and not items:
            field.fault("phải có ít nhất một nút báo động.", "at least one alarm button is needed.")
        named: set[str] = {"cancel", "drill"}
        for item in items:
            parts = item.record({"name", "pin", "kind", "silent", "hold_s"}, {"pin"})
            kind = (parts["kind"].choice(KINDS) if "kind" in parts else None) or "security"
            name = name_of(item, parts, kind if len(items) == 1 else None)
            if name in named:
                (parts.get("name") or item).fault(
                    f'tên "{name}" đã dùng, hãy đặt cho mỗi nút một tên khác.',
                    f'the name "{name}" is taken; give each button a name of its own.',
                )
            named.add(name)
            hold_s = parts["hold_s"].number(0, MAX_HOLD_S) if "hold_s" in parts else DEFAULT_HOLD_S
            contact = ContactSetup(
                name=name,
                kind=cast(Kind, kind),
                silent=flag_of(parts, "silent", False),
                hold_ms=round(1000 * (DEFAULT_HOLD_S if hold_s is None else hold_s)),
            )
            yield ContactPin(contact, self._pin(parts.get("pin")))

    def _switch(self, field: Field, purpose: str) -> ContactPin:
        parts = field.record({"pin", "hold_s"}, {"pin"})
        hold_s = parts["hold_s"].number(0, MAX_HOLD_S) if "hold_s" in parts else 0.0
        contact = ContactSetup(
            name=purpose, purpose="cancel" if purpose == "cancel" else "drill", hold_ms=round(1000 * (hold_s or 0.0))
        )
        return ContactPin(contact, self._pin(parts.get("pin")))

    @staticmethod
    def _check_pulls(field: Field, contacts: Iterable[ContactPin]) -> None:
        for one in contacts:
            if one.pin in PULLED_UP:
                field.fault(
                    f"chân {one.pin} ({one.contact.name}) có sẵn điện trở kéo lên, không dùng với active_high. "
                    "Hãy nối sang chân khác.",
                    f"pin {one.pin} ({one.contact.name}) is pulled up on the board and cannot be active_high. "
                    "Use another pin.",
                )

    def _lamps(self, field: Field | None) -> LampPins:
        if field is None:
            return LampPins()
        parts = field.record({"alert", "link", "one", "active_high"})
        if "one" in parts and ({"alert", "link"} & parts.keys()):
            parts["one"].fault(
                "hộp một đèn chỉ ghi one; hộp hai đèn ghi alert và link. Hãy bỏ một trong hai cách.",
                "a one-lamp box has `one` alone, a two-lamp box `alert` and `link`. Remove one of the two.",
            )
        pins = {name: self._pin(parts[name]) for name in ("alert", "link", "one") if name in parts}
        return LampPins(pins.get("alert"), pins.get("link"), pins.get("one"), flag_of(parts, "active_high", True))

    def _speaker(self, field: Field | None) -> SpeakerSettings:
        if field is None:
            return SpeakerSettings()
        parts = field.record({"adapter", "device", "gain_db", "wav"})
        adapter = (parts["adapter"].choice(("alsa", "aplay", "wav")) if "adapter" in parts else None) or "alsa"
        gain_db = parts["gain_db"].number(-60, 0) if "gain_db" in parts else 0.0
        device = parts["device"].text(200) if "device" in parts else None
        wav = self._path(parts.get("wav"))
        if adapter == "wav" and wav is None and "wav" not in parts:
            field.fault(
                "adapter wav cần tên tệp, hãy thêm wav: kẻng.wav.", "adapter wav needs a file; add wav: gong.wav."
            )
        return SpeakerSettings(
            "wav" if adapter == "wav" else "aplay" if adapter == "aplay" else "alsa",
            device or "default",
            gain_db or 0.0,
            wav,
        )

    def _amplifier(self, field: Field | None) -> AmplifierSettings | None:
        if field is None:
            return None
        parts = field.record({"pin", "lead_ms", "hold_ms", "active_high"}, {"pin"})
        lead_ms = parts["lead_ms"].integer(0, MAX_LEAD_MS) if "lead_ms" in parts else None
        hold_ms = parts["hold_ms"].integer(0, 60_000) if "hold_ms" in parts else None
        return AmplifierSettings(
            self._pin(parts.get("pin")),
            lead_ms or 0,
            2_000 if hold_ms is None else hold_ms,
            flag_of(parts, "active_high", True),
        )

    def _solenoid(self, field: Field | None) -> SolenoidSettings | None:
        if field is None:
            return None
        parts = field.record({"pin", "active_high"}, {"pin"})
        return SolenoidSettings(self._pin(parts.get("pin")), flag_of(parts, "active_high", True))

    def _trace(self, field: Field | None) -> TraceSettings | None:
        if field is None:
            return None
        parts = field.record({"file", "max"}, {"file"})
        most = parts["max"].integer(100_000, 10**12) if "max" in parts else None
        file = self._path(parts.get("file"))
        if file is None:
            return None
        return TraceSettings(file) if most is None else TraceSettings(file, most)

    def _pin(self, field: Field | None) -> int:
        if field is None:
            return FIRST_PIN
        pin = field.integer(FIRST_PIN, LAST_PIN)
        if pin is None:
            field.fault(
                "hãy ghi số GPIO (BCM) của chân trên Pi, không phải số thứ tự 1 đến 40 trên hàng chân.",
                "write the GPIO (BCM) number, not the position 1 to 40 on the header.",
            )
            return FIRST_PIN
        if pin in self._taken:
            field.fault(
                f"chân {pin} đã dùng ở {self._taken[pin]}, hãy chọn chân khác.",
                f"pin {pin} is taken by {self._taken[pin]}; choose another.",
            )
        self._taken.setdefault(pin, ".".join(str(part) for part in field.path))
        return pin

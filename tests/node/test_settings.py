"""node.yaml: what is right is read whole, and each thing wrong is told with its line and field."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import node.settings
from node.core.chimes import ARM_MS
from node.errors import SettingsError
from node.settings import MAX_LEAD_MS, Settings, UpsSettings
from node.settingsread import load_settings

pytestmark = pytest.mark.pure

SMALL = """\
node: thon-1
hamlet: thon-1
commune: cong-lac
broker: {host: 10.0.0.2}
panel:
  buttons:
    - {pin: 17}
"""


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "node.yaml"
    path.write_text(text)
    return load_settings(path)


def fields_at_fault(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert caught.value.vi != caught.value.en
    return [(fault.line, fault.field) for fault in caught.value.faults]


def test_the_smallest_settings_have_defaults_for_a_pi(tmp_path: Path) -> None:
    small = read(tmp_path, SMALL)
    assert (small.panel.factory, small.speaker.adapter, small.speaker.device) == ("lgpio", "alsa", "default")
    assert (str(small.state_dir), small.broker.port, small.control) == ("/var/lib/keng-node", 1883, None)
    only = small.panel.contacts[0].contact
    assert (only.name, only.kind, only.silent, only.hold_ms) == ("security", "security", False, 800)


def test_the_example_in_the_documentation_is_read(tmp_path: Path) -> None:
    lines = (node.settings.__doc__ or "").split("\n\n")[1].splitlines()
    text = "\n".join(line[4:] for line in lines).replace("…base64…", "A" * 43 + "=")
    whole = read(tmp_path, text)
    assert [one.contact.purpose for one in whole.panel.contacts] == ["alarm", "alarm", "alarm", "cancel", "drill"]
    assert (whole.broker.port, whole.panel.lamps.alert, whole.panel.contacts[1].contact.hold_ms) == (8883, 5, 1500)
    assert whole.panel.contacts[2].contact.silent


def test_a_microphone_is_named_by_its_card_or_there_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL).microphone is None
    assert read(tmp_path, SMALL + "microphone: none\n").microphone is None
    assert read(tmp_path, SMALL + 'microphone: "plughw:CARD=Device"\n').microphone == "plughw:CARD=Device"


def test_a_commune_with_several_addresses_is_tried_at_each(tmp_path: Path) -> None:
    broker = read(tmp_path, SMALL.replace("host: 10.0.0.2", "hosts: [10.0.0.2, xa.example.vn]")).broker
    assert (broker.host, broker.others) == ("10.0.0.2", ("xa.example.vn",))


TOLD = SMALL.replace("host: 10.0.0.2", "host: 10.0.0.2, address_file: keng-address.txt")


@pytest.mark.parametrize(
    ("written", "others"),
    [
        (b"192.168.1.20", ("10.0.0.2",)),
        ("\ufeff# mới\r\n  https://192.168.1.20:8443/vao \r\n".encode(), ("10.0.0.2",)),
        ("192.168.1.20\r\n[fd00::2]\r\n".encode("utf-16"), ("fd00::2", "10.0.0.2")),
        (b"192.168.1.20\n10.0.0.2\nxa.example.vn", ("10.0.0.2",)),
        (b"192.168.1.20\n" + b"a\n" * 40, ("a", "10.0.0.2")),
    ],
)
def test_an_address_that_somebody_wrote_on_the_card_comes_first(tmp_path: Path, written: bytes, others: object) -> None:
    (tmp_path / "keng-address.txt").write_bytes(written)
    broker = read(tmp_path, TOLD).broker
    assert (broker.host, broker.others) == ("192.168.1.20", others)


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_on_the_card_a_box_starts_and_knows_the_address_it_had(
    tmp_path: Path, written: bytes
) -> None:
    (tmp_path / "keng-address.txt").write_bytes(written)
    broker = read(tmp_path, TOLD).broker
    assert "10.0.0.2" in (broker.host, *broker.others)


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL + "state_dir: state\n").state_dir == tmp_path / "state"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("node: thon-1", "node: Thôn 1"), (1, "node")),
        (("host: 10.0.0.2", "port: 1883"), (4, "broker.host")),
        (("host: 10.0.0.2", "host: h, port: 99999"), (4, "broker.port")),
        (("host: 10.0.0.2", "hosts: []"), (4, "broker.hosts")),
        (("host: 10.0.0.2", "hosts: [a, 'b c']"), (4, "broker.hosts[1]")),
        (("host: 10.0.0.2", "host: a, hosts: [b]"), (4, "broker.host")),
        (("commune: cong-lac\n", ""), (1, "commune")),
        (("{pin: 17}", "{}"), (7, "panel.buttons[0].pin")),
        (("{pin: 17}", "{pin: 1}"), (7, "panel.buttons[0].pin")),
        (("{pin: 17}", "{pin: 28}"), (7, "panel.buttons[0].pin")),
        (("{pin: 17}", "{pin: 17, hold_s: 5.1}"), (7, "panel.buttons[0].hold_s")),
        (("{pin: 17}", "{pin: 17, kind: war}"), (7, "panel.buttons[0].kind")),
        (("{pin: 17}", "{pin: 17, silnet: true}"), (7, "panel.buttons[0].silnet")),
        (("- {pin: 17}", "- {name: a, pin: 17}\n    - {name: b, pin: 17}"), (8, "panel.buttons[1].pin")),
        (("- {pin: 17}", "- {name: a, pin: 17}\n    - {name: a, pin: 18}"), (8, "panel.buttons[1].name")),
        (("- {pin: 17}", "- {pin: 17}\n    - {name: b, pin: 18}"), (7, "panel.buttons[0]")),
        (("- {pin: 17}", "- {pin: 17}\n  cancel: {pin: 17}"), (8, "panel.cancel.pin")),
        (("- {pin: 17}", "- {pin: 17}\n  lamps: {one: 5, alert: 6}"), (8, "panel.lamps.one")),
        (("- {pin: 17}", "- {pin: 2}\n  active_high: true"), (8, "panel.active_high")),
        (("- {pin: 17}", "- {pin: 17}\nspeaker: {adapter: wav}"), (8, "speaker")),
        (("- {pin: 17}", "- {pin: 17}\nspeaker: {gain_db: 3}"), (8, "speaker.gain_db")),
        (("- {pin: 17}", "- {pin: 17}\ncontrol: x.sock"), (8, "control")),
        (("- {pin: 17}", "- {pin: 17}\nmicrophone: true"), (8, "microphone")),
        (("- {pin: 17}", "- {pin: 17}\nmicrophone: {device: ear}"), (8, "microphone")),
        (("- {pin: 17}", "- {pin: 17}\nmicrophone: ''"), (8, "microphone")),
        (("- {pin: 17}", "- {pin: 17}\nkeys: {commune: abc}"), (8, "keys.commune")),
        (("- {pin: 17}", "- {pin: 17}\namplifier: {pin: 17}"), (8, "amplifier.pin")),
        (("- {pin: 17}", "- {pin: 17}\namplifier: {pin: 18, lead_ms: 1501}"), (8, "amplifier.lead_ms")),
        (("host: 10.0.0.2", "host: a b..c"), (4, "broker.host")),
        (("- {pin: 17}", "- {pin: 17}\nstate_dir: ~nosuchuser/x"), (8, "state_dir")),
        (("- {pin: 17}", "- {pin: 17}\nsolenoid: {pin: 4, pulse_ms: 9}"), (8, "solenoid.pulse_ms")),
    ],
)
def test_each_fault_has_its_line_and_field(tmp_path: Path, change: tuple[str, str], where: tuple[int, str]) -> None:
    assert where in fields_at_fault(tmp_path, SMALL.replace(*change))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = SMALL.replace("17", "99").replace("cong-lac", "Cộng Lạc").replace("10.0.0.2", "''")
    assert {field for _, field in fields_at_fault(tmp_path, wrong)} >= {
        "commune",
        "broker.host",
        "panel.buttons[0].pin",
    }


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.yaml"):
        load_settings(tmp_path / "none.yaml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.data())
def test_whatever_stands_in_the_file_it_is_settings_or_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    lines = [*SMALL.splitlines(), "  cancel: {pin: 4}", "speaker: {adapter: wav, wav: a}", "amplifier: {pin: 3}"]
    odd = st.sampled_from(["[]", "{}", "0", "-1", "1e9", "true", "~", "[[{}]]", "'x'", "{pin: {pin: 1}}", "all", ":"])
    at = data.draw(st.integers(0, len(lines) - 1))
    key, _, _ = lines[at].partition(":")
    lines[at] = f"{key}: {data.draw(odd)}"
    try:
        assert isinstance(read(tmp_path, "\n".join(lines)), Settings)
    except SettingsError as error:
        assert error.faults


def test_an_amplifier_is_woken_no_earlier_than_a_chime_is_handed_out() -> None:
    assert MAX_LEAD_MS == ARM_MS


def test_the_battery_of_a_supply_is_named_by_its_chip(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL).ups is None
    assert read(tmp_path, SMALL + "ups: {chip: kernel}\n").ups == UpsSettings("kernel", 1, None, 1)
    waveshare = read(tmp_path, SMALL + "ups: {chip: ina219, bus: 10, address: 0x42, cells: 2}\n").ups
    assert waveshare == UpsSettings("ina219", 10, 0x42, 2)


@pytest.mark.parametrize("wrong", ["42", "0x7F", "36", "ox36", "0x", "0x02", "[0x36]"])
def test_an_address_on_the_bus_is_written_as_data_sheets_do(tmp_path: Path, wrong: str) -> None:
    text = SMALL + f"ups: {{chip: max17040, address: {wrong}}}\n"
    assert fields_at_fault(tmp_path, text) == [(8, "ups.address")]


def test_a_card_is_plain_unless_it_is_said_to_be_read_only(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL).layout == "plain"
    assert read(tmp_path, SMALL + "layout: readonly\n").layout == "readonly"
    assert fields_at_fault(tmp_path, SMALL + "layout: frozen\n") == [(8, "layout")]

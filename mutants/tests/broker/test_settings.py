"""commune.yaml: what an installer writes, and every way to get it wrong."""

from pathlib import Path

import pytest

from broker.errors import SettingsError
from broker.settings import HOME, CommuneSettings, MqttSettings, load_settings


def written(tmp_path: Path, text: str) -> Path:
    for name in ("book.yaml", "key", "password", "ca.crt"):
        (tmp_path / name).touch()
    path = tmp_path / "commune.yaml"
    path.write_text(text)
    return path


def test_a_commune_alone_is_enough(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, "commune: cong-lac\n"))
    assert settings == CommuneSettings(commune="cong-lac", home=HOME)
    assert (settings.mqtt.host, settings.mqtt.port, settings.mqtt.user) == ("127.0.0.1", 1883, "service")


def test_everything_can_be_said(tmp_path: Path) -> None:
    text = """
commune: cong-lac
home: state
codebook: book.yaml
mqtt: {host: b.example, port: 1884, user: svc, password_file: password, ca_file: ca.crt, restart: touch "a b"}
key_file: key
users: {duty: officer, clerk: watch}
embedded_broker: {port: 18830}
"""
    assert load_settings(written(tmp_path, text)) == CommuneSettings(
        commune="cong-lac",
        home=tmp_path / "state",
        codebook=tmp_path / "book.yaml",
        mqtt=MqttSettings("b.example", 1884, "svc", tmp_path / "password", tmp_path / "ca.crt", ("touch", "a b")),
        key_file=tmp_path / "key",
        users={"duty": "officer", "clerk": "watch"},
        embedded_port=18830,
    )


def test_tls_changes_the_default_port(tmp_path: Path) -> None:
    text = "commune: c\nmqtt: {ca_file: ca.crt}\n"
    assert load_settings(written(tmp_path, text)).mqtt.port == 8884


@pytest.mark.parametrize(
    ("text", "line", "field", "vietnamese"),
    [
        ("home: x\n", 1, "commune", "thiếu mục này"),
        ("commune: Cộng Lạc\n", 1, "commune", "chỉ gồm a-z"),
        ("commune: c\ncomune: d\n", 2, "comune", "Có phải là commune"),
        ("commune: c\nmqtt:\n  port: 70000\n", 3, "mqtt.port", "số nguyên"),
        ("commune: c\nmqtt:\n  restart: touch 'a\n", 3, "mqtt.restart", "không đọc được lệnh"),
        ("commune: c\nmqtt:\n  restart: [touch, a]\n", 3, "mqtt.restart", "phải là chữ"),
        ("commune: c\nusers:\n  duty: chief\n", 3, "users.duty", "một trong: console, officer, watch"),
        ("commune: c\nusers:\n  Duty Officer: watch\n", 3, "users.Duty Officer", "chỉ gồm a-z"),
        ("commune: c\nkey_file: nothing\n", 2, "key_file", "không có tệp"),
        ("commune: c\ncodebook: nothing\n", 2, "codebook", "không có tệp"),
        ("commune: c\nkey_file: key\nopen_network: true\n", 3, "open_network", "hãy bỏ mục này"),
        ("commune: c\nembedded_broker: {port: no}\n", 2, "embedded_broker.port", "số nguyên"),
    ],
)
def test_a_fault_is_told_with_line_and_field(tmp_path: Path, text: str, line: int, field: str, vietnamese: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    (fault,) = caught.value.faults
    assert (fault.line, fault.field) == (line, field)
    assert vietnamese in caught.value.vi
    assert str(tmp_path / "commune.yaml") in caught.value.en


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, "commune: all\nhome: 7\nusers: [duty]\n"))
    assert len(caught.value.faults) == 3


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="không đọc được tệp"):
        load_settings(tmp_path / "nowhere.yaml")

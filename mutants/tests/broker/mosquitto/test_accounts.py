"""Passwords as Mosquitto reads them."""

import subprocess
from pathlib import Path

from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

from broker.mosquitto.accounts import Account, hashed, new_password


def test_mosquitto_lets_in_whom_we_wrote_down_and_nobody_else(start_mosquitto: object) -> None:
    password = new_password()
    mosquitto: Mosquitto = start_mosquitto(passwords={})
    (mosquitto.home / "passwords").write_text(Account("n1", "node", hashed(password)).line + "\n")
    mosquitto.reload()
    eventually(lambda: "Reloading config" in mosquitto.log)
    assert mosquitto.publish("x", "y", user="n1", password=password) == 0
    assert mosquitto.publish("x", "y", user="n1", password=password + "x") != 0
    assert mosquitto.publish("x", "y", user="n2", password=password) != 0


def test_a_line_is_what_mosquitto_passwd_would_have_written(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", file, "n1", "secret"], capture_output=True, check=True)
    name, line = file.read_text().strip().split(":", 1)
    _, kind, rounds, salt, _ = line.split("$")
    import base64

    ours = hashed("secret", base64.b64decode(salt))
    assert (kind, rounds) == ("7", "101")
    assert Account(name, "node", ours).line == f"n1:{line}"


def test_no_two_passwords_and_no_two_salts_are_alike() -> None:
    assert len({new_password() for _ in range(100)}) == 100
    assert len({hashed("same") for _ in range(100)}) == 100
    assert len(new_password()) >= 43  # 32 bytes

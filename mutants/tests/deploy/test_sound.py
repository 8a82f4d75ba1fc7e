"""What a machine can play is found by trying."""

import os
import re

import pytest

from deploy.demo.sound import on_device, probe


def test_a_card_that_one_program_holds_alone_is_single(paced_card):
    assert probe(paced_card.environment) == "single"
    with paced_card.occupied():
        assert probe(paced_card.environment) == "none"


def test_a_card_that_several_may_open_is_shared(paced_card):
    exclusive = paced_card.config.read_text()
    paced_card.config.write_text(re.sub(r'lock "[^"]*"', "", exclusive))
    assert probe(paced_card.environment) == "shared"


def test_no_device_at_all_is_none(tmp_path):
    config = tmp_path / "asound.conf"
    config.write_text("")
    assert probe({**os.environ, "ALSA_CONFIG_PATH": str(config)}) == "none"


def test_files_are_used_where_they_are_asked_for():
    device, vi, en = on_device("wav", 5)
    assert device == 0
    assert "WAV" in vi and "WAV" in en


@pytest.mark.parametrize("hamlets", [1, 5])
def test_nobody_is_told_of_a_missing_device_who_asked_for_files(hamlets):
    _, vi, _ = on_device("wav", hamlets)
    assert "không có thiết bị" not in vi

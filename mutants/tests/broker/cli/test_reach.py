"""Where `keng` goes: options, keng.yaml, a running demo; and that a password goes nowhere else."""

import argparse
import os
from pathlib import Path

import pytest

from broker.cli import demos
from broker.cli.demos import Demo, DemoNode, announce, born, running
from broker.cli.reach import SettingsFault, reach_of, read_settings
from broker.cli.terminal import NothingFound, UsageFault

SETTINGS = """\
commune: cong-lac
user: duty
broker: {host: 10.0.0.2, port: 8884, password_file: password, ca_file: ca.crt}
"""


def chosen(**options):
    return argparse.Namespace(**options)


def settings(tmp_path, text=SETTINGS):
    file = tmp_path / "keng.yaml"
    file.write_text(text)
    return file


def demo(home: Path, pid=None, **changes):
    pid = os.getpid() if pid is None else pid
    node = DemoNode(node="thon-2", hamlet="thon-2", name="Thôn 2", wav=None, control="c", trace="t")
    fields = {"pid": pid, "born": born(pid) or 0, "home": str(home), "commune": "cong-lac", "host": "127.0.0.1"}
    return Demo(**{**fields, "port": 18830, "nodes": (node,), **changes})


def test_settings_say_where_and_as_whom(tmp_path):
    reach = reach_of(chosen(settings=settings(tmp_path)))
    assert (reach.host, reach.port, reach.commune, reach.user) == ("10.0.0.2", 8884, "cong-lac", "duty")
    assert reach.password_file == tmp_path / "password"
    assert reach_of(chosen(settings=settings(tmp_path), user="tv")).user == "tv"


def test_a_password_is_never_sent_to_another_broker(tmp_path):
    reach = reach_of(chosen(settings=settings(tmp_path), host="evil.example", port=1, commune="cong-lac"))
    assert (reach.host, reach.password_file, reach.ca_file) == ("evil.example", None, None)
    with pytest.raises(UsageFault):
        reach_of(chosen(settings=settings(tmp_path), host="evil.example"))


def test_every_fault_of_keng_yaml_is_told_with_its_line(tmp_path):
    with pytest.raises(SettingsFault) as fault:
        read_settings(settings(tmp_path, "commune: Cộng Lạc\nbroker: {port: 99999}\nuser: all\nmore: 1\n"))
    told = {(one.line, one.field) for one in fault.value.faults}
    assert {(1, "commune"), (2, "broker.port"), (2, "broker.host"), (3, "user"), (4, "more")} <= told


def test_a_running_demo_is_found_by_its_home(tmp_path):
    announce(demo(tmp_path), [])
    reach = reach_of(chosen(home=tmp_path))
    assert (reach.port, reach.commune) == (18830, "cong-lac")


def test_a_home_where_no_demo_runs_is_said(tmp_path):
    with pytest.raises(NothingFound):
        reach_of(chosen(home=tmp_path))


def test_of_several_demos_the_newest_comes_first_and_a_dead_one_is_forgotten(tmp_path):
    places = [tmp_path / "places"]
    announce(demo(tmp_path, pid=os.getppid(), port=1), places)
    announce(demo(tmp_path, port=2), places)
    dead = demo(tmp_path, born=1, port=3)
    (places[0] / "demo-3.json").write_bytes(demos.encode(dead))
    (places[0] / "demo-4.json").write_bytes(b"{not json")
    assert [one.port for one in running(places)] == [2, 1]
    assert sorted(file.name for file in places[0].iterdir()) == sorted(
        {f"demo-{os.getpid()}.json", f"demo-{os.getppid()}.json"}
    )


def test_a_folder_that_others_may_write_is_not_believed(tmp_path):
    place = tmp_path / "places"
    announce(demo(tmp_path), [place])
    place.chmod(0o777)
    assert running([place]) == []
    place.chmod(0o700)
    (tmp_path / "link").symlink_to(place)
    assert running([tmp_path / "link"]) == []
    assert len(running([place])) == 1


def test_places_are_looked_at_in_order():
    places = demos.folders({"XDG_RUNTIME_DIR": "/run/user/7", "HOME": "/home/ba"})
    assert places[:2] == [Path("/run/user/7/keng"), Path("/home/ba/.local/state/keng")]

"""What a stranger wrote must not drive an officer's terminal."""

from importlib.metadata import version

import pytest

from broker.cli.parser import Parser
from broker.cli.terminal import Terminal, clean

pytestmark = pytest.mark.pure


def test_control_characters_are_shown_as_dots():
    assert clean("a\x1b[2Jb\r\x07\u202e") == "a·[2Jb···"
    assert clean("Thôn Cộng Lạc") == "Thôn Cộng Lạc"


def test_a_table_shows_markup_and_escapes_as_they_are(capsys):
    Terminal().table(("Bảng", "Table"), [("a", "a")], [["[red]x[/red]\x1b[1m"]])
    out = capsys.readouterr().out
    assert "[red]x[/red]·[1m" in out and "\x1b" not in out


@pytest.mark.parametrize(
    ("arguments", "vi"),
    [
        ([], "còn thiếu: --kind"),
        (["--kind", "x"], "không có 'x'"),
        (["--kind", "fire", "--more"], "không hiểu: --more"),
        (["--kind"], "thiếu giá trị"),
    ],
)
def test_wrong_usage_is_2_and_said_in_both_tongues(capsys, arguments, vi):
    parser = Parser(prog="keng")
    parser.add_argument("--kind", choices=("fire", "theft"), required=True)
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(arguments)
    assert ended.value.code == 2
    first, second = capsys.readouterr().err.strip().splitlines()
    assert vi in first and "See:" in second


def test_help_begins_in_vietnamese(keng):
    said = keng("--help")
    assert said.code == 0
    assert said.out.startswith("cách dùng / usage")
    assert "Mã kết thúc / exit codes" in said.out


def test_common_options_count_before_and_after_the_verb(keng):
    before = keng("--json", "--lang", "en", "status", "--host", "127.0.0.1", "--port", "1")
    after = keng("status", "--host", "127.0.0.1", "--port", "1", "--lang", "en", "--json")
    assert before == after
    assert (before.code, before.json["exit"]) == (2, 2)


def test_it_says_which_version_it_is_as_nodes_do(keng):
    assert keng("--version").out == f"keng {version('keng')}\n"

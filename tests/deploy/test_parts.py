"""deploy/PARTS.md: its tables are reckoned right, what it names exists."""

import math
import re
from pathlib import Path

import pytest

from node.settingsread import load_settings

pytestmark = pytest.mark.pure

DEPLOY = Path(__file__).parents[2] / "deploy"
PAGE = (DEPLOY / "PARTS.md").read_text("utf-8")
HOURS, CONVERTER, USABLE, VOLT = 72, 0.85, 0.7, 12.8
SOUND_W, GONG_WH = 0.4, 24
HORN_DB, HORN_W, AIR_DB_PER_M = 110, 30, 0.0074  # ISO 9613-2, table 2: 30 °C, 70 %, 1 kHz
MOST_DB, LEAST_DB = 118, 65  # ISO 7731:2003


def rows(first: str, columns: int) -> list[list[str]]:
    """Of the table whose rows begin like this."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(first, line)
    ]
    return [row for row in found if len(row) == columns]


def level_db(metres: float) -> float:
    return HORN_DB + 10 * math.log10(HORN_W) - 20 * math.log10(metres) - AIR_DB_PER_M * metres


def test_the_batteries_are_large_enough() -> None:
    found = rows(r"\| (Zero 2 W|3B|3B\+|4B|5) \|", 7)
    assert len(found) == 5
    for _, rest, box, wh, size, ah, buy in found:
        assert float(box) == pytest.approx(float(rest) + SOUND_W)
        need_wh = float(box) / CONVERTER * HOURS + GONG_WH
        assert [float(wh), float(size)] == [round(need_wh), round(need_wh / USABLE)]
        assert float(ah) == round(need_wh / USABLE / VOLT, 1)
        assert int(re.findall(r"(\d+) Ah", buy)[0]) >= float(ah)


def test_the_levels_are_those_of_a_horn_in_the_open() -> None:
    found = rows(r"\| \d+ \| \d+ \|", 5)
    assert len(found) == 11
    for metres, *levels in found:
        assert [int(level) for level in levels] == [round(level_db(float(metres)) - loss) for loss in (0, 5, 10, 25)]


def test_what_is_said_of_distances_follows_from_the_levels() -> None:
    assert level_db(600) >= LEAST_DB - 0.5 and level_db(200) - 10 >= LEAST_DB and level_db(50) - 25 >= LEAST_DB - 0.5
    assert level_db(100) >= LEAST_DB + 15
    assert level_db(2.2) == pytest.approx(MOST_DB, abs=0.1) and level_db(3) < MOST_DB


def test_every_line_for_node_yaml_can_be_used(tmp_path: Path) -> None:
    for line in re.findall(r"^    (ups: \{.*?\})", PAGE, re.M):
        (tmp_path / "node.yaml").write_text(f"{(DEPLOY / 'node.yaml').read_text()}\n{line}\n")
        assert load_settings(tmp_path / "node.yaml").ups is not None


def test_what_it_points_to_is_there() -> None:
    for link in re.findall(r"\]\((pictures/[^)]+)\)", PAGE):
        assert (DEPLOY / link).exists()
    verbs = set(re.findall(r"layout\.sh ([a-z]+)", PAGE))
    script = (DEPLOY / "layout.sh").read_text()
    assert {"plain", "readonly", "with", "card", "data"} <= verbs
    assert all(f"\n{verb})" in script for verb in verbs)

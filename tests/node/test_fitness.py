"""A new version says whether it can run here; what is wrong with the box is not its fault."""

from pathlib import Path

from node.fitness import fit

SETTINGS = """\
node: thon-1
hamlet: thon-1
commune: cong-lac
broker: {{host: 192.0.2.1, port: 1}}
panel: {{factory: mock, buttons: [{{name: security, pin: 17}}]}}
speaker: {{adapter: alsa, device: nocard}}
keys: {keys}
state_dir: state
cache_dir: cache
"""


def states(folder: Path, keys: str = "{}") -> list[str]:
    (folder / "node.yaml").write_text(SETTINGS.format(keys=keys))
    return [finding.state for finding in fit(folder / "node.yaml")]


def test_a_broker_that_is_away_and_a_card_that_is_gone_are_no_fault_of_it(tmp_path: Path) -> None:
    assert "fail" not in states(tmp_path)


def test_settings_that_it_does_not_understand_and_a_key_that_it_cannot_read_are(tmp_path: Path) -> None:
    assert "fail" in states(tmp_path, "{own: nowhere.key}")
    (tmp_path / "node.yaml").write_text("node: [\n")
    assert [finding.state for finding in fit(tmp_path / "node.yaml")] == ["fail"]

"""The doctor says whether a box takes updates over the network, and what to do if it does not."""

from pathlib import Path

from fakes.releases import KEY

from node.finding import Finding
from node.update.layout import Layout
from node.updatecheck import updates


def installed(folder: Path) -> Layout:
    layout = Layout(folder / "opt", flush=lambda: None)
    layout.begin("0.1.0")
    layout.complete("0.1.0")
    layout.try_out("0.1.0")
    layout.keep()
    return layout


def said(folder: Path, keys: str | None) -> Finding:
    own = folder / "release.pub"
    if keys is not None:
        own.write_text(keys)
    [finding] = updates(installed(folder), own)
    return finding


def test_without_a_release_key_it_says_where_to_put_one_and_is_no_fault(tmp_path: Path) -> None:
    finding = said(tmp_path, None)
    assert finding.state == "ok" and "chưa có khóa phát hành" in finding.vi and "UPDATES.md" in finding.vi
    assert str(tmp_path / "release.pub") in finding.en


def test_with_one_it_says_so(tmp_path: Path) -> None:
    assert "1 khóa" in said(tmp_path, KEY.public).vi


def test_a_file_that_is_no_good_is_a_warning_with_its_name(tmp_path: Path) -> None:
    finding = said(tmp_path, "nonsense")
    assert finding.state == "warn" and str(tmp_path / "release.pub") in finding.vi and "chép lại" in finding.vi


def test_where_nothing_updates_itself_nothing_is_said(tmp_path: Path) -> None:
    assert [*updates(Layout(tmp_path))] == []

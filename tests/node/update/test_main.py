"""What the updater's units run."""

from pathlib import Path

import pytest
from fakes.releases import a_release, as_offered, served

from node.update.__main__ import fetch
from node.update.files import PERMIT, TOLD, TRIAL, Permitted, Trial, read, write
from node.update.trusted import OWN
from wire.release import Release
from wire.reports import Updating

NODE = """node: thon-1
hamlet: thon-1
commune: cong-lac
broker: {host: 127.0.0.1}
panel: {factory: mock, buttons: [{name: security, pin: 17}]}
speaker: {adapter: wav, wav: gong.wav}
"""


@pytest.mark.parametrize(("on", "code"), [(True, 0), (False, 1)])
def test_a_trial_that_was_cut_off_is_led_back_whatever_can_be_fetched(tmp_path: Path, on: bool, code: int) -> None:
    # The installer, which leads back, starts only after the fetcher has ended well.
    write(tmp_path / TRIAL, Trial(offer="o1", version="0.2.0", on=on))
    assert fetch(tmp_path, tmp_path) == code


def said(folder: Path, release: Release, settings: str = NODE) -> str:
    """What a fetcher says in the end."""
    (folder / "node.yaml").write_text(settings)
    write(folder / PERMIT, Permitted(offer="o1", release=release, hosts=("127.0.0.1",)))
    (folder / "fetched").mkdir(exist_ok=True)
    assert fetch(folder, folder, folder / "fetched", folder / "node.yaml") == 1
    word = read(folder / "fetched" / TOLD, Updating)
    assert word is not None and word.offer == "o1"
    return f"{word.state} {word.why}"


def test_each_end_of_a_fetch_is_told_in_a_word(tmp_path: Path) -> None:
    release = a_release(tmp_path / "outlet/0.2.0")
    assert said(tmp_path, as_offered(release, 1)).startswith("failed net: 127.0.0.1")
    assert said(tmp_path, as_offered(release, 1), NODE.replace("thon-1", "Thôn 1")).startswith("failed settings: ")
    with served(tmp_path / "outlet") as port:
        assert said(tmp_path, Release(version="0.3.0", manifest="0" * 64, port=port)).startswith("failed net: ")
        assert said(tmp_path, Release(version="0.2.0", manifest="0" * 64, port=port)) == "failed hash: manifest.json"


@pytest.mark.skipif(OWN.exists(), reason="this machine trusts a release key")
def test_a_box_without_a_release_key_says_so_in_a_word(tmp_path: Path) -> None:
    release = a_release(tmp_path / "outlet/0.2.0")
    with served(tmp_path / "outlet") as port:
        assert said(tmp_path, as_offered(release, port)) == "failed key"


def test_without_a_permission_nothing_is_fetched_or_told(tmp_path: Path) -> None:
    assert fetch(tmp_path, tmp_path, tmp_path, tmp_path / "node.yaml") == 1
    assert list(tmp_path.iterdir()) == []

"""What a node fetches is what a release key vouches for, over a link that may be cut, onto a card that may be full."""

import errno
import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.releases import FILES, KEY, OTHER, TARGET, a_release, as_offered, served
from msgspec import structs

from node.update.fetch import RESERVE_BYTES, Fetcher, NoNetwork, NotNow
from node.update.files import PERMIT, Permitted, write
from wire.errors import ReleaseFault
from wire.release import MANIFEST, SIGNATURE, Release

LARGE = os.urandom(300_000)
MINE = {"install.sh", "version", "wheels/any/keng-py3-none-any.whl", f"wheels/{TARGET}/msgspec.whl"}


class Hamlet:
    """A node without much of a machine, and the outlet of its commune."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.run, self.fetched, self.outlet = folder / "run", folder / "fetched", folder / "outlet"
        for each in (self.run, self.fetched, self.outlet):
            each.mkdir(exist_ok=True)
        self.waited = 0.0
        self.on_wait: Callable[[], None] = lambda: None
        self.installed, self.target = "0.1.0", TARGET
        self.at_hand: Path | None = None

    def wait(self, seconds: float) -> None:
        self.waited += seconds
        self.on_wait()

    def fetch(self, release: Release, *hosts: str) -> Path:
        permitted = Permitted(offer="o1", release=release, hosts=hosts or ("127.0.0.1",))
        write(self.run / PERMIT, permitted, sync=False)
        fetcher = Fetcher(
            self.fetched, self.run, (KEY.public,), self.target, self.installed, None,
            at_hand=self.at_hand, wait=self.wait,
        )  # fmt: skip
        return fetcher.fetch(permitted)


@pytest.fixture
def hamlet(tmp_path: Path) -> Iterator[Hamlet]:
    with served(tmp_path / "outlet") as port:
        yield Hamlet(tmp_path, port)


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_it_fetches_what_this_machine_needs(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0")
    folder = hamlet.fetch(as_offered(offered, hamlet.port))
    assert names(folder) == MINE | {MANIFEST, SIGNATURE}
    assert (folder / "install.sh").read_bytes() == FILES["install.sh"]


def test_a_slow_link_is_left_to_others(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0", **{"install.sh": LARGE})
    hamlet.fetch(as_offered(offered, hamlet.port))
    assert hamlet.waited > 1.0


def test_what_was_cut_off_goes_on_a_file_at_a_time(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0", **{"wheels/any/keng-py3-none-any.whl": LARGE})
    release = as_offered(offered, hamlet.port)
    hamlet.on_wait = lambda: (_ for _ in ()).throw(OSError(errno.ECONNRESET, "reset")) if hamlet.waited > 0.5 else None
    with pytest.raises(NoNetwork):
        hamlet.fetch(release)
    assert (hamlet.fetched / "0.2.0/install.sh").exists()
    assert not (hamlet.fetched / "0.2.0/wheels/any/keng-py3-none-any.whl").exists()
    hamlet.on_wait = lambda: None
    (offered / "install.sh").unlink()  # it is there already: it is not asked for again
    assert names(hamlet.fetch(release)) >= MINE


class Cut(socketserver.StreamRequestHandler):
    """The commune's machine, that goes off in the middle of whatever it gives."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\n{")


def test_a_link_that_ends_in_the_middle_is_no_forgery(hamlet: Hamlet) -> None:
    offered = as_offered(a_release(hamlet.outlet / "0.2.0"), hamlet.port)
    with socketserver.TCPServer(("127.0.0.1", 0), Cut) as machine:
        threading.Thread(target=machine.handle_request, daemon=True).start()
        with pytest.raises(NoNetwork, match="manifest"):
            hamlet.fetch(structs.replace(offered, port=machine.server_address[1]))


def test_what_the_installed_version_had_is_not_fetched(hamlet: Hamlet) -> None:
    hamlet.at_hand = a_release(hamlet.folder / "bundle", "0.1.0")
    offered = a_release(hamlet.outlet / "0.2.0")
    for name in ("install.sh", f"wheels/{TARGET}/msgspec.whl"):
        (offered / name).unlink()
    assert names(hamlet.fetch(as_offered(offered, hamlet.port))) >= MINE


def test_a_file_that_is_not_what_the_manifest_says_is_refused_and_named(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0")
    release = as_offered(offered, hamlet.port)
    (offered / "install.sh").write_bytes(b"exit 1\n")
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(release)
    assert (caught.value.why, caught.value.detail) == ("hash", "install.sh")
    assert not (hamlet.fetched / "0.2.0/install.sh").exists()


@pytest.mark.parametrize("size", [3, 10_000_000])
def test_so_is_one_that_is_half_or_endless(hamlet: Hamlet, size: int) -> None:
    offered = a_release(hamlet.outlet / "0.2.0")
    release = as_offered(offered, hamlet.port)
    (offered / "install.sh").write_bytes(b"x" * size)
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(release)
    assert caught.value.why == "hash" and hamlet.waited < 1


def test_a_release_of_another_key_is_refused_before_any_file(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0", key=OTHER)
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(as_offered(offered, hamlet.port))
    assert caught.value.why == "signature" and names(hamlet.fetched) == set()


def test_a_manifest_that_was_not_the_one_offered_is_refused(hamlet: Hamlet) -> None:
    release = as_offered(a_release(hamlet.outlet / "0.2.0"), hamlet.port)
    a_release(hamlet.outlet / "0.2.0", more=b"x")
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(release)
    assert caught.value.why == "hash"


def test_an_old_release_under_a_new_name_and_one_for_others_are_refused(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.3.0", "0.2.0")
    digest = as_offered(offered, hamlet.port).manifest
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(Release(version="0.3.0", manifest=digest, port=hamlet.port))
    assert caught.value.why == "manifest"
    hamlet.target = "bookworm-armhf"
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(as_offered(a_release(hamlet.outlet / "0.2.0"), hamlet.port))
    assert caught.value.why == "machine"


@pytest.mark.parametrize("installed", ["0.2.0", "0.3.0"])
def test_what_is_not_newer_is_refused(hamlet: Hamlet, installed: str) -> None:
    hamlet.installed = installed
    with pytest.raises(ReleaseFault) as caught:
        hamlet.fetch(as_offered(a_release(hamlet.outlet / "0.2.0"), hamlet.port))
    assert caught.value.why == "older"


def test_when_the_permission_goes_it_stops_and_keeps_what_it_has(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0", **{"wheels/any/keng-py3-none-any.whl": LARGE})
    hamlet.on_wait = lambda: (hamlet.run / PERMIT).unlink(missing_ok=True) if hamlet.waited > 0.5 else None
    with pytest.raises(NotNow):
        hamlet.fetch(as_offered(offered, hamlet.port))
    assert (hamlet.fetched / "0.2.0/install.sh").exists()


def test_a_card_without_room_is_not_filled(hamlet: Hamlet) -> None:
    there = os.statvfs(hamlet.fetched)
    too_much = there.f_bavail * there.f_frsize - RESERVE_BYTES // 2
    offered = a_release(hamlet.outlet / "0.2.0")
    raw = (offered / MANIFEST).read_bytes()
    if too_much // 5 > 64 * 1024 * 1024 * 900:
        pytest.skip("this machine's memory has more room than a release may ask for")
    assert raw and RESERVE_BYTES > 0
    from node.update.fetch import _room
    from wire.release import File

    with pytest.raises(OSError) as caught:
        _room(hamlet.fetched, {"x": File(sha256="0" * 64, bytes=64 * 1024 * 1024)} | {
            str(n): File(sha256="0" * 64, bytes=64 * 1024 * 1024) for n in range(there.f_bavail * there.f_frsize >> 26)
        })  # fmt: skip
    assert caught.value.errno == errno.ENOSPC


def test_versions_of_earlier_offers_make_room(hamlet: Hamlet) -> None:
    hamlet.fetch(as_offered(a_release(hamlet.outlet / "0.2.0"), hamlet.port))
    hamlet.fetch(as_offered(a_release(hamlet.outlet / "0.3.0", "0.3.0"), hamlet.port))
    assert [path.name for path in hamlet.fetched.iterdir()] == ["0.3.0"]


def test_of_several_addresses_the_first_that_answers_is_taken(hamlet: Hamlet) -> None:
    offered = a_release(hamlet.outlet / "0.2.0")
    assert hamlet.fetch(as_offered(offered, hamlet.port), "127.0.0.2.invalid", "127.0.0.1")


@pytest.mark.parametrize("hosts", [("127.0.0.1",), ("a..b",)])
def test_an_outlet_that_is_away_is_no_network(hamlet: Hamlet, hosts: tuple[str, ...]) -> None:
    offered = a_release(hamlet.outlet / "0.2.0")
    with pytest.raises(NoNetwork):
        hamlet.fetch(as_offered(offered, 1), *hosts)


def test_a_release_that_is_not_laid_out_is_no_network(hamlet: Hamlet) -> None:
    with pytest.raises(NoNetwork, match="404"):
        hamlet.fetch(Release(version="9.9", manifest="0" * 64, port=hamlet.port))

"""Which code book enrolling starts from: the file's text or what is in use, and what comes along."""

from pathlib import Path

import pytest

from broker.core.records import Entry
from broker.enrolment.inuse import TwoBooks, in_use, start
from broker.enrolment.site import CODEBOOK, Site
from broker.mosquitto.configuration import CommuneBroker
from broker.register.store import SqliteRegister
from broker.settings import CommuneSettings
from patterns.yamlfile import parse_yaml

KEY = "+eqv8fSmVZUJBGUajBaJtRZycKBhPHIyxj7PPAP/4bk="
TEXT = "# ghi chú\ncommune: c\nversion: {version}\nhamlets: {{a: {{name: Thôn A}}}}\nnodes: {{{nodes}}}\n"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A commune whose service has written nothing yet."""
    (tmp_path / "home").mkdir()
    commune = CommuneSettings(commune="c", home=tmp_path / "home")
    broker = CommuneBroker("c", tmp_path)
    return Site(tmp_path, commune, tmp_path / CODEBOOK, "::1", broker, tmp_path / "pid", tmp_path / "ca.crt")


def write(site: Site, version: int, nodes: str = "") -> str:
    text = TEXT.format(version=version, nodes=nodes)
    site.codebook.write_text(text)
    return text


def use(site: Site, version: int, nodes: str = "") -> None:
    fields = parse_yaml(TEXT.format(version=version, nodes=nodes).encode(), "x").value
    assert isinstance(fields, dict)
    register = SqliteRegister(site.commune.home)
    register.append([Entry(what="codebook", subject=str(version), by="an", at_ms=1, body=fields)])
    register.close()


def test_without_a_register_the_file_is_all_there_is(site: Site) -> None:
    text = write(site, 3)
    assert in_use(site.commune.home) is None
    assert start(site, ()).text == text


@pytest.mark.parametrize("used", [2, 3])
def test_a_file_that_is_newer_or_the_same_is_started_from_with_its_comments(site: Site, used: int) -> None:
    use(site, used)
    text = write(site, 3)
    started = start(site, ())
    assert (started.text, started.kept) == (text, None)


def test_what_is_in_use_is_started_from_where_it_is_newer(site: Site) -> None:
    use(site, 4, "b: {hamlet: a}")
    write(site, 3)
    started = start(site, ())
    assert parse_yaml(started.text.encode(), "x").value == in_use(site.commune.home)
    assert (started.version, started.kept) == (4, site.codebook.with_name("codebook.yaml.3"))


def test_one_version_that_says_two_things_is_nobodys_to_choose(site: Site) -> None:
    use(site, 3, "b: {hamlet: a}")
    write(site, 3)
    with pytest.raises(TwoBooks, match="cùng là bản 3"):
        start(site, ())


@pytest.mark.parametrize("let_in", [True, False])
def test_a_box_that_the_older_file_alone_knows_comes_along_if_mosquitto_lets_it_in(site: Site, let_in: bool) -> None:
    use(site, 9)
    write(site, 3, f'b: {{hamlet: a, key: "{KEY}"}}')
    book = parse_yaml(start(site, {"b"} if let_in else set()).text.encode(), "x").value
    assert isinstance(book, dict)
    assert (book["nodes"] or {}).get("b") == ({"hamlet": "a", "key": KEY} if let_in else None)

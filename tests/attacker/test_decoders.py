"""Every door through which bytes come in, fuzzed: it gives a value, or the one error that it names, and nothing else.

Single doors have closer tests at home (wire/test_codec, patterns/test_yamlfile …). Here all of them stand in one list,
and their input is what a real file or message becomes in bad hands. KENG_SOAK=1 looks for new ones, for longer.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from fakes.messages import any_message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broker.cli.narration import Narrator, as_plain
from broker.cli.reach import read_settings
from broker.enrolment import texts
from broker.enrolment.bookedit import with_hamlet, with_node, without_node
from broker.enrolment.site import read_site
from broker.mosquitto.configuration import CommuneBroker
from broker.settings import load_settings as load_commune
from node.core.records import CounterObeyed, HeardAlert
from node.journalline import framed, line_of, read_lines
from node.settingsread import load_settings as load_node
from node.shelf import scores_of
from patterns.builtin import DATA
from patterns.codebook import codebook_from_message, load_codebook
from patterns.errors import CodeBookError, KengError, ScoreError
from patterns.fields import Faults
from patterns.score import read_score
from patterns.voice import load_voice
from patterns.yamlfile import parse_yaml, read_yaml
from wire.channels import MESSAGES
from wire.codec import decode, decode_alert, encode
from wire.envelope import Arrived
from wire.errors import Refused
from wire.signature import Signer, Verifier, decode_key
from wire.topics import Topics

SOAK = os.environ.get("KENG_SOAK") == "1"
FILES, MESSAGES_TRIED = (1_000, 5_000) if SOAK else (60, 200)
ROOT = Path(__file__).parents[2]
KEY = Signer(b"x" * 32).public

pytestmark = [pytest.mark.pure, pytest.mark.timeout(0 if SOAK else 120)]
files = settings(max_examples=FILES, suppress_health_check=list(HealthCheck))
messages = settings(max_examples=MESSAGES_TRIED, suppress_health_check=list(HealthCheck))

ODD = (
    "[]", "{}", "0", "-1", "1e9", "1e999", ".nan", "9" * 30, "true", "~", "''", "all", "22:00", "2026-02-30", "đ" * 70,
    "[[[]]]", "{a: {a: {a: 1}}}", "&a [x]", "*a", "!!python/name:os.system", "|", ">-", "\"\\ud800\"", "\"\\0\"", "- -",
    "/etc/passwd", "../../x", "~root/x", "~nobody-is-called-this/x", "a\u2028b", "[" * 40, "{pin: 17}", "stroke",
)  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn, whole: str) -> bytes:
    """A file that a person or a bad card has changed in some places."""
    lines = whole.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        line = lines[at] if lines else ""
        match draw(st.integers(0, 6)):
            case 0:
                del lines[at : at + 1]
            case 1:
                lines.insert(at, draw(st.sampled_from(lines or [""])))
            case 2:
                lines[at : at + 1] = [" " * draw(st.integers(0, 6)) + line.lstrip()]
            case 3 | 4:
                key, colon, _ = line.partition(": ")
                lines[at : at + 1] = [f"{key}{colon}{draw(st.sampled_from(ODD))}"]
            case 5:
                lines[at : at + 1] = [line.replace(draw(st.sampled_from(": ,{}[]-'\"1e ")), draw(st.text(max_size=2)))]
            case _:
                lines[at : at + 1] = [draw(st.text(max_size=20))]
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(max_size=3)) + raw[at + draw(st.integers(0, 3)) :]
    return raw


def commune_files() -> dict[str, str]:
    """What deploy/install-commune.sh would write."""
    return {
        "commune.yaml": texts.commune_yaml(
            "cong-lac", "/var/lib/keng", 1883, {"duty": "officer", "tv": "watch"}, "/run/keng/wish"
        ),
        "installed.yaml": texts.installed_yaml("10.0.0.2", CommuneBroker("cong-lac"), "/run/mosquitto.pid"),
        "keng.yaml": texts.keng_yaml("cong-lac", 1883),
        "console.yaml": texts.console_yaml(
            "cong-lac",
            "Cộng Lạc",
            "/var/lib/keng",
            "/var/lib/desk",
            "console",
            (1883, 8443),
            ["10.0.0.2", "keng.local"],
        ),
        "codebook.yaml": texts.codebook_yaml("cong-lac", "Cộng Lạc", 3),
    }


def read_scores(path: Path) -> None:
    """As patterns.builtin reads its own."""
    faults = Faults(read_yaml(path))
    parts = faults.top.record({"commune", "source", "patterns"}, {"patterns"})
    for member in parts["patterns"].members().values() if "patterns" in parts else ():
        read_score(member)
    faults.raise_all(ScoreError)


def edit_book(path: Path) -> None:
    """As `keng enrol` and `keng retire` change a code book."""
    text = path.read_bytes().decode()
    parse_yaml(text.encode(), str(path))
    without_node(with_node(with_hamlet(text, "thon-9", "Thôn 9"), "hop-9", "thon-9", KEY), "hop-9")


OURS = commune_files()
READERS: dict[str, tuple[Callable[[Path], object], str, list[str]]] = {
    # what reads it, the file's name, whole files of its kind
    "node.yaml": (load_node, "node.yaml", [(ROOT / "deploy/node.yaml").read_text()]),
    "commune.yaml": (load_commune, "commune.yaml", [OURS["commune.yaml"], (ROOT / "deploy/commune.yaml").read_text()]),
    "installed.yaml": (lambda path: read_site(path.parent), "installed.yaml", [OURS["installed.yaml"]]),
    "keng.yaml": (read_settings, "keng.yaml", [OURS["keng.yaml"]]),
    "codebook.yaml": (
        load_codebook, "codebook.yaml",
        [OURS["codebook.yaml"], *(one.read_text() for one in sorted((DATA / "codebooks").glob("*.yaml")))],
    ),
    "scores": (read_scores, "scores.yaml", [one.read_text() for one in sorted(DATA.glob("*.yaml"))]),
    "voice": (load_voice, "voice.yaml", [one.read_text() for one in sorted((DATA / "voices").glob("*.yaml"))]),
    "a code book that is edited": (edit_book, "codebook.yaml", [OURS["codebook.yaml"]]),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything whole, so that one spoilt file is the only fault."""
    home = tmp_path_factory.mktemp("etc")
    for name, text in OURS.items():
        (home / name).write_text(text)
    for name in ("service.password", "commune.key", "duty.password", "ca.crt"):
        (home / name).write_text("x")
    return home


@pytest.mark.parametrize("name", READERS)
def test_a_whole_file_is_read(folder: Path, name: str) -> None:
    read, file, wholes = READERS[name]
    for whole in wholes:
        (folder / file).write_text(whole)
        read(folder / file)
    (folder / file).write_text(OURS.get(file, ""))


@pytest.mark.parametrize("name", READERS)
@files
@given(data=st.data())
def test_a_spoilt_file_is_read_or_refused_in_a_sentence(folder: Path, name: str, data: st.DataObject) -> None:
    read, file, wholes = READERS[name]
    raw = data.draw(spoilt(data.draw(st.sampled_from(wholes))))
    (folder / file).write_bytes(raw)
    try:
        read(folder / file)
    except KengError as error:
        assert error.vi and error.en
    except UnicodeDecodeError:
        assert name == "a code book that is edited"  # its caller reads text
    finally:
        (folder / file).write_text(OURS.get(file, ""))


NESTED = st.sampled_from([b"[", b'{"a":']).flatmap(lambda one: st.sampled_from([40, 900, 1_300]).map(lambda n: one * n))


@st.composite
def spoilt_message(draw: st.DrawFn) -> bytes:
    """A valid message that is none any more; now and then it still is."""
    raw = encode(draw(any_message))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(raw)))
        new = draw(
            st.binary(max_size=4) | st.sampled_from([b"NaN", b"null", b'"', b"{}", b"9" * 500, b"\\ud800"]) | NESTED
        )
        raw = raw[:at] + new + raw[at + draw(st.integers(0, 12)) :]
    return raw


@messages
@given(spoilt_message(), st.sampled_from(MESSAGES))
def test_a_spoilt_message_is_decoded_or_refused(raw: bytes, kind: type) -> None:
    for door in (lambda: decode(raw, kind), lambda: decode_alert(raw)):
        try:
            said = door()
        except Refused as refused:
            assert refused.reason in ("oversized", "encoding", "json", "field")
        else:
            assert decode(encode(said), type(said)) == said


PATHS = (
    "up/thon-1/alert",
    "up/thon-1/status",
    "up/thon-1/sounded",
    "all/alarms",
    "all/codebook",
    "ask/duty/alarm",
    "told/duty",
)


@messages
@given(spoilt_message(), st.sampled_from(PATHS))
def test_a_spoilt_message_is_told_to_a_watcher_or_passed_over(raw: bytes, path: str) -> None:
    arrived = Arrived(f"keng/1/cong-lac/{path}", raw)
    line = Narrator("cong-lac", "vi").line(arrived)
    assert line is None or "\n" not in line
    assert json.loads(encode(as_plain(arrived, 0)))["topic"] == arrived.topic


@messages
@given(spoilt_message())
def test_a_spoilt_code_book_message_is_read_or_refused(raw: bytes) -> None:
    assert scores_of(raw)
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        return
    with suppress(CodeBookError):
        codebook_from_message(fields)


@messages
@given(
    st.lists(st.sampled_from(["keng", "1", "cong-lac", "up", "down", "all", "ask", "told", "thon-1", "+", "", "alert"])
             | st.text(max_size=4), max_size=9).map("/".join)
)  # fmt: skip
def test_a_topic_is_of_the_contract_and_the_same_again_or_refused(topic: str) -> None:
    topics = Topics("cong-lac")
    with suppress(Refused):
        place = topics.parse(topic)
        assert topic == "/".join(part for part in (topics.root, place.way, place.who, place.word) if part)


@messages
@given(st.text(max_size=20), st.binary(max_size=20), st.text(max_size=100) | st.binary(max_size=70).map(str))
def test_no_text_is_a_signature_or_a_key(topic: str, payload: bytes, text: str) -> None:
    assert not Verifier(KEY).fits(topic, payload, text)
    with suppress(ValueError):
        assert len(decode_key(text)) == 32


@messages
@given(st.lists(st.binary(max_size=80) | spoilt_message() | NESTED, max_size=4), st.booleans())
def test_a_journal_of_rubbish_with_right_sums_is_read_and_the_good_lines_with_it(
    bodies: list[bytes], ours: bool
) -> None:
    good = [CounterObeyed(7), HeardAlert("0193a1de-0000-7000-8000-000000000001")]
    heads = [b'{"type":"CounterObeyed","counter":1,"x":%s}' % body for body in bodies] if ours else bodies
    rubbish = [framed(body) for body in heads if b"\n" not in body]
    reading = read_lines(line_of(good[0]) + b"".join(rubbish) + line_of(good[1]))
    assert reading.damaged == 0
    assert [record for record in reading.records if record in good] == good

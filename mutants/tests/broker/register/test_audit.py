"""The first line that was altered, deleted, put in or moved is found; a rewritten register, by what nodes saw."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import acknowledged, ask, closed, opened, sounding

from broker.errors import RegisterError, RegisterFault
from broker.register.audit import GUARDS, Seen, Wrong, verify
from broker.register.chain import FIRST, LINES, links
from broker.register.store import FILE, SqliteRegister
from wire.messages import Witness

LINES_THERE = 10


@pytest.fixture
def path(home: Path) -> Path:
    """A register with ten lines."""
    with closing(SqliteRegister(home)) as store:
        for number in range(5):
            store.append([opened(number), sounding(number)])
    return home / FILE


def meddled(path: Path, *statements: str) -> None:
    """Somebody with the file, sqlite3 and time."""
    with closing(sqlite3.connect(path)) as db:
        guards = {
            name: sql
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            if name in GUARDS
        }
        for name in guards:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for sql in guards.values():
            db.execute(sql)
        db.commit()


def rewritten(path: Path, *statements: str) -> None:
    """The same, by somebody who reckons the chain anew."""
    meddled(path, *statements)
    with closing(sqlite3.connect(path)) as db:
        anew = links(FIRST, db.execute(LINES).fetchall())
    values = ", ".join(f"({seq}, x'{digest.hex()}')" for seq, digest in anew)
    meddled(path, "DELETE FROM register_chain", f"INSERT INTO register_chain (seq, hash) VALUES {values}")


def seen(path: Path, *numbers: int, node: str = "thon-1") -> list[Seen]:
    """What a node was given then."""
    with closing(sqlite3.connect(path)) as db:
        rows = dict(db.execute("SELECT seq, hash FROM register_chain").fetchall())
    return [Seen(node, seq, rows[seq].hex()) for seq in numbers]


def test_a_register_that_nobody_touched_is_whole(path: Path) -> None:
    verdict = verify(path)
    assert (verdict.wrong, verdict.lines, verdict.head[0]) == (None, LINES_THERE, 10)
    witnesses = seen(path, 2, 10)
    assert verify(path, witnesses).agreeing == 2


def test_an_empty_one_is_whole(home: Path) -> None:
    assert verify(home / FILE).head == FIRST


CHANGES = [
    "UPDATE register_journal SET what = 'closed' WHERE seq = 4",
    "UPDATE register_journal SET subject = 'x' WHERE seq = 4",
    "UPDATE register_journal SET by = 'hoa' WHERE seq = 4",
    "UPDATE register_journal SET by = NULL WHERE seq = 5",
    "UPDATE register_journal SET at_ms = at_ms + 1 WHERE seq = 4",
    "UPDATE register_journal SET at_ms = 1.5 WHERE seq = 4",
    """UPDATE register_journal SET body = '{"age_ms":41}' WHERE seq = 5""",
    "UPDATE register_journal SET rows = body WHERE seq = 5",
    "UPDATE register_journal SET rows = rows || ' ' WHERE seq = 5",
    "UPDATE register_journal SET subject = CAST(subject AS BLOB) WHERE seq = 4",
    "UPDATE register_journal SET subject = CAST(x'ff' AS TEXT) WHERE seq = 4",
    "UPDATE register_chain SET hash = x'00' WHERE seq = 4",
    "UPDATE register_chain SET hash = 'text' WHERE seq = 4",
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_line_is_found(path: Path, change: str) -> None:
    meddled(path, change)
    assert verify(path).wrong == Wrong("altered", int(change[-1]))


@pytest.mark.parametrize("gone", [1, 2, 5, 9])
@pytest.mark.parametrize("both", [True, False])
def test_a_deleted_line_is_found(path: Path, gone: int, both: bool) -> None:
    more = [f"DELETE FROM register_chain WHERE seq = {gone}"] if both else []
    meddled(path, f"DELETE FROM register_journal WHERE seq = {gone}", *more)
    assert verify(path).wrong == Wrong("missing", gone)


def test_a_last_line_that_is_deleted_alone_is_found(path: Path) -> None:
    meddled(path, "DELETE FROM register_journal WHERE seq = 10")
    assert verify(path).wrong == Wrong("missing", 10)


INSERT = (
    "INSERT INTO register_journal SELECT {}, what, subject, by, at_ms, body, rows FROM register_journal WHERE seq = 3"
)


def test_a_line_that_no_service_wrote_is_found_though_the_service_went_on_after_it(path: Path) -> None:
    meddled(path, INSERT.format(11))
    assert verify(path).wrong == Wrong("inserted", 11)
    with closing(SqliteRegister(path.parent)) as store:
        store.append([ask(1)])
    assert verify(path).wrong == Wrong("inserted", 11)


def test_a_line_that_is_put_in_while_the_service_runs_is_found(path: Path) -> None:
    with closing(SqliteRegister(path.parent)) as store:
        with closing(sqlite3.connect(path)) as db:
            db.execute(INSERT.format("NULL"))
            db.commit()
        store.append([ask(1)])
    assert verify(path).wrong == Wrong("inserted", 11)


def test_a_line_that_is_put_in_between_is_found(path: Path) -> None:
    meddled(
        path,
        *(f"UPDATE register_journal SET seq = {n + 1} WHERE seq = {n}" for n in range(10, 5, -1)),
        INSERT.format(6),
    )
    wrong = verify(path).wrong
    assert wrong is not None
    assert (wrong.how, wrong.seq) == ("altered", 6)


def test_lines_that_change_places_are_found(path: Path) -> None:
    move = "UPDATE register_journal SET seq = {} WHERE seq = {}"
    meddled(path, move.format(99, 6), move.format(6, 7), move.format(7, 99))
    assert verify(path).wrong == Wrong("altered", 6)


def test_a_chain_that_is_altered_while_the_service_runs_breaks_at_its_next_line(path: Path) -> None:
    with closing(SqliteRegister(path.parent)) as store:
        store.append([ask(1)])
        rewritten(path, "UPDATE register_journal SET by = 'hoa' WHERE seq = 3")
        assert verify(path).wrong is None
        store.append([ask(2)])
    assert verify(path).wrong == Wrong("altered", 12)


def test_a_register_whose_guards_are_gone_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER register_chain_no_update")
    assert verify(path).wrong == Wrong("unguarded", 0)


def test_a_rewritten_register_fits_itself_and_any_nodes_witness_shows_it(path: Path) -> None:
    witnesses = [*seen(path, 2, 4, 6, 8), *seen(path, 5, 9, node="thon-2")]
    rewritten(path, "UPDATE register_journal SET by = 'hoa' WHERE seq = 5")
    assert verify(path).wrong is None
    wrong = verify(path, witnesses).wrong
    assert wrong is not None
    assert (wrong.how, wrong.seq, wrong.after) == ("replaced", 5, 4)
    assert wrong.seen == witnesses[4]
    assert wrong.ours == seen(path, 5)[0].hash


CUT = (
    "DELETE FROM register_journal WHERE seq > 4",
    "DELETE FROM register_chain WHERE seq > 4",
    "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'register_journal'",
)


def test_lines_that_are_cut_off_the_end_are_shown_by_a_witness_alone(path: Path) -> None:
    witnesses = seen(path, 6, 10)
    meddled(path, "DELETE FROM register_journal WHERE seq > 7", "DELETE FROM register_chain WHERE seq > 7")
    assert verify(path).wrong is None
    wrong = verify(path, witnesses).wrong
    assert wrong is not None
    assert (wrong.how, wrong.seq, wrong.after, wrong.ours) == ("replaced", 10, 6, None)


def test_lines_that_are_cut_off_the_end_leave_a_gap_once_the_service_goes_on(path: Path) -> None:
    meddled(path, *CUT[:2])
    assert verify(path).wrong is None
    with closing(SqliteRegister(path.parent)) as store:
        store.append([acknowledged(1)])
    assert verify(path).wrong == Wrong("missing", 5)


def test_what_a_node_was_given_after_it_was_rewritten_proves_nothing_of_before(path: Path) -> None:
    witnesses = seen(path, 2, 8)
    meddled(path, *CUT)
    assert verify(path).wrong is None
    rewritten(path, "UPDATE register_journal SET by = 'hoa' WHERE seq = 3")
    with closing(SqliteRegister(path.parent)) as store:
        store.append([acknowledged(1)])
    wrong = verify(path, [*witnesses, *seen(path, 5)]).wrong
    assert wrong is not None
    assert (wrong.seq, wrong.after) == (8, 2)


def test_it_can_be_verified_while_the_service_runs_and_writes(home: Path) -> None:
    with closing(SqliteRegister(home)) as store:
        for number in range(20):
            store.append([opened(number), closed(number)])
            assert verify(home / FILE).lines == 2 * number + 2


def test_a_copy_without_its_log_is_as_old_as_it_is_and_a_witness_shows_what_it_lacks(
    home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    with closing(SqliteRegister(home)) as store:
        store.append([opened(1)])
        head = store.head
        shutil.copy(home / FILE, copy)
    assert isinstance(head, Witness)
    assert verify(copy).wrong is None
    wrong = verify(copy, [Seen("thon-1", head.seq, head.hash)]).wrong
    assert wrong is not None
    assert (wrong.how, wrong.ours) == ("replaced", None)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_torn_copy_is_told_in_a_sentence_and_never_called_whole(path: Path, tmp_path: Path, part: float) -> None:
    with closing(SqliteRegister(path.parent)) as store:
        store.append([opened(number) for number in range(10, 600)])
    raw = path.read_bytes()
    torn = tmp_path / "torn.sqlite3"
    torn.write_bytes(raw[: int(len(raw) * part)])
    with pytest.raises(RegisterError) as caught:
        verify(torn)
    assert str(torn) in caught.value.vi


@pytest.mark.parametrize("byte", range(5))
def test_a_page_that_is_overwritten_never_looks_whole(path: Path, byte: int) -> None:
    raw = bytearray(path.read_bytes())
    place = raw.find(b"sounding") if byte == 0 else len(raw) * byte // 6
    raw[place : place + 64] = os.urandom(64)
    path.write_bytes(raw)
    try:
        verdict = verify(path)
    except RegisterError:
        return
    untouched = verdict.lines == LINES_THERE and verdict.wrong is None
    with closing(sqlite3.connect(path)) as db:
        assert not untouched or len(links(FIRST, db.execute(LINES).fetchall())) == LINES_THERE


def test_where_nothing_may_be_written_it_can_still_be_verified(path: Path, read_only: Callable[[Path], None]) -> None:
    read_only(path.parent)
    assert verify(path).lines == LINES_THERE


@pytest.fixture
def read_only() -> Callable[[Path], None]:
    return lambda folder: folder.chmod(0o500)


def test_a_file_that_is_not_there_and_one_without_a_chain_are_told(tmp_path: Path) -> None:
    with pytest.raises(RegisterFault, match="Không có sổ trực"):
        verify(tmp_path / FILE)
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("CREATE TABLE register_journal (seq)")
    with pytest.raises(RegisterFault, match="chưa có chuỗi"):
        verify(tmp_path / FILE)
    (tmp_path / "text").write_text("no database" * 100)
    with pytest.raises(RegisterError):
        verify(tmp_path / "text")

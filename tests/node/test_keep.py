"""Files that are there whole or not at all."""

import tempfile
from pathlib import Path

import pytest

from node.core.items import Fault
from node.errors import AlreadyRunning
from node.keep import CODEBOOK, BookFile, hold, partition, scratch, stored_codebook, write_whole


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    assert stored_codebook(tmp_path) is None
    for content in (b"one", b"another, longer"):
        write_whole(tmp_path / CODEBOOK, content)
        assert stored_codebook(tmp_path) == content
    assert [file.name for file in tmp_path.iterdir()] == [CODEBOOK]


def test_when_it_cannot_be_written_the_old_one_is_there(tmp_path: Path) -> None:
    write_whole(tmp_path / CODEBOOK, b"old")
    (tmp_path / (CODEBOOK + ".new")).mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / CODEBOOK, b"new")
    assert stored_codebook(tmp_path) == b"old"


def test_what_could_not_be_written_whole_is_not_left_behind(tmp_path: Path) -> None:
    (tmp_path / CODEBOOK).mkdir()  # nothing takes a directory's place
    with pytest.raises(OSError):
        write_whole(tmp_path / CODEBOOK, b"new")
    assert [file.name for file in tmp_path.iterdir()] == [CODEBOOK]


def test_a_code_book_that_could_not_be_stored_is_tried_again_until_it_is(tmp_path: Path) -> None:
    """It came while the disk was full, the commune was told that we have it, and a restart forgot it for good."""
    told: list[Fault] = []
    stored: list[bytes | None] = []
    book = BookFile(tmp_path, told.append, lambda: stored.append(stored_codebook(tmp_path)))
    book.mend()
    (tmp_path / (CODEBOOK + ".new")).mkdir()
    book.keep(b"older")
    book.keep(b"newest")
    book.mend()
    assert [(one.part, bool(one.why)) for one in told] == [("codebook", True)]
    assert stored == []
    (tmp_path / (CODEBOOK + ".new")).rmdir()
    book.mend()
    book.mend()
    assert stored == [b"newest"]
    assert told[1:] == [Fault("codebook")]


def test_one_node_holds_a_directory(tmp_path: Path) -> None:
    assert hold(tmp_path / "state") >= 0
    with pytest.raises(AlreadyRunning, match="state_dir"):
        hold(tmp_path / "state")


def test_a_directory_that_cannot_be_made_keeps_no_node_from_running(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert hold(tmp_path / "file" / "state") == -1


def test_a_folder_that_is_no_partition_is_not_taken_for_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(OSError, match="không gắn"):
            partition(folder)
    assert partition(Path("/proc")).f_bsize > 0


def test_lgpio_gets_a_folder_in_memory_and_never_a_dead_card(tmp_path: Path) -> None:
    memory, state = tmp_path / "run", tmp_path / "state"
    memory.mkdir()
    assert scratch(state, {"RUNTIME_DIRECTORY": str(memory), "LG_WD": str(tmp_path)}) == memory
    assert scratch(state, {"LG_WD": str(tmp_path)}) == tmp_path
    assert scratch(state, {"LG_WD": str(state)}) == Path(tempfile.gettempdir())
    state.mkdir()
    assert scratch(state, {}) == state

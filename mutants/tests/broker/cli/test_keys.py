"""Private keys: written once, for the owner's eyes."""

from wire.signature import Signer, Verifier


def test_a_new_key_signs_and_only_its_owner_reads_it(keng, tmp_path):
    file = tmp_path / "commune.key"
    said = keng("keys", "new", file, "--json")
    assert said.code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    signature = Signer.from_file(file).sign("t", b"p")
    assert Verifier(said.json["public"]).fits("t", b"p", signature)


def test_an_old_key_is_never_overwritten(keng, tmp_path):
    file = tmp_path / "commune.key"
    file.write_text("old")
    said = keng("keys", "new", file)
    assert said.code == 1
    assert file.read_text() == "old"
    assert "không ghi đè" in said.err and "never overwritten" in said.err


def test_a_folder_that_is_not_there_is_a_sentence(keng, tmp_path):
    said = keng("keys", "new", tmp_path / "no" / "key")
    assert said.code == 1
    assert len(said.err.strip().splitlines()) == 2

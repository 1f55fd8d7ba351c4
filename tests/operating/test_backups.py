"""A backup gives back the same rows and files, and a doubtful archive is refused untouched."""

import hashlib
import json
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.operating.conftest import Place

pytestmark = pytest.mark.long


def archives(place: Place) -> list[Path]:
    """Return the archives of the installation, oldest first."""
    return sorted((place.data / "backups").glob("autoprod-*.zip"))


def backed_up(place: Place) -> Path:
    """Back the installation up and return the archive."""
    place.run("backup")
    return archives(place)[-1]


def rewritten(archive: Path, target: Path, **changes) -> Path:
    """Copy an archive with another manifest, its members left as they are."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
            copy.writestr(name, content)
    return target


def without_journal(rows: dict) -> dict:
    """Leave out what the commands themselves add: journal lines and their counter."""
    return {
        table: found
        for table, found in rows.items()
        if table not in {"audit_auditevent", "sqlite_sequence"}
    }


def test_restore_gives_back_rows_and_files(place):
    before, journal, files = place.rows(), place.rows()["audit_auditevent"], place.files()
    archive = backed_up(place)

    place.query("DELETE FROM programmes_edition")
    place.query("UPDATE programmes_territory SET name = 'Ailleurs'")
    shutil.rmtree(place.data / "files" / "2026" / "a1")
    place.add_file("2026/c3/later.pdf", b"added after the backup")
    said = place.run("restore", str(archive), "--yes")

    assert "sauvegarde restaurée" in said
    assert without_journal(place.rows()) == without_journal(before)
    assert set(journal) <= set(place.rows()["audit_auditevent"])
    assert place.files() == files


def test_restore_into_a_bare_machine(opened, archive, new_place):
    other = new_place(empty=True)

    other.run("restore", str(archive), "--yes")

    assert without_journal(other.rows()) == without_journal(opened.rows())
    assert other.files() == opened.files()


def test_restore_keeps_the_journal_append_only(place, archive):
    place.run("restore", str(archive), "--yes")

    with pytest.raises(Exception, match="ne se modifie pas"):
        place.query("UPDATE audit_auditevent SET reason = 'autre'")
    with pytest.raises(Exception, match="ne se modifie pas"):
        place.query("DELETE FROM audit_auditevent")


def test_restore_forgets_tables_the_archive_does_not_have(place, archive):
    place.query("CREATE TABLE leftover (id integer)")

    place.run("restore", str(archive), "--yes")

    assert "leftover" not in place.tables()


def test_restore_writes_the_journal_and_keeps_the_former_base(place, archive):
    place.query("UPDATE programmes_territory SET name = 'Nouveau nom'")

    place.run("restore", str(archive), "--yes")
    reasons = {row for (row,) in place.query("SELECT reason FROM audit_auditevent")}
    former = archives(place)[-1]
    place.run("restore", str(former), "--yes")

    assert any(reason.startswith("restauration de la sauvegarde du") for reason in reasons)
    assert place.query("SELECT name FROM programmes_territory") == [("Nouveau nom",)]


def test_check_counts_without_touching(place, archive):
    rows, files = place.rows(), place.files()

    said = place.run("restore", "--check", str(archive)).replace("\u00a0", " ")

    assert said.startswith("sauvegarde lisible : ")
    assert said.rstrip().endswith("2 fichiers")
    assert (place.rows(), place.files()) == (rows, files)


def one_letter(archive: Path, damaged: Path) -> None:
    """Change one letter of a file that is stored as it is."""
    content = bytearray(archive.read_bytes())
    content[content.index(b"%PDF-1.7 convention") + 10] ^= 1
    damaged.write_bytes(content)


def cut_in_half(archive: Path, damaged: Path) -> None:
    """Keep the first half, as a full disk would."""
    content = archive.read_bytes()
    damaged.write_bytes(content[: len(content) // 2])


def not_an_archive(archive: Path, damaged: Path) -> None:
    """Write something else."""
    damaged.write_bytes(b"nothing of the kind")


def missing_member(archive: Path, damaged: Path) -> None:
    """Leave one file out."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(damaged, "w") as copy:
        for name in source.namelist():
            if not name.endswith("photo.jpg"):
                copy.writestr(name, source.read(name))


def added_member(archive: Path, damaged: Path) -> None:
    """Add a file that the manifest does not list."""
    shutil.copyfile(archive, damaged)
    with zipfile.ZipFile(damaged, "a") as copy:
        copy.writestr("files/added.pdf", "nobody listed it")


def wrong_hash(archive: Path, damaged: Path) -> None:
    """Have the manifest say another hash."""
    with zipfile.ZipFile(archive) as source:
        members = json.loads(source.read("manifest.json"))["members"]
    members["files/2026/b2/photo.jpg"]["sha256"] = "0" * 64
    rewritten(archive, damaged, members=members)


DAMAGES = [one_letter, cut_in_half, not_an_archive, missing_member, added_member, wrong_hash]


@pytest.mark.one_engine
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_archive_is_refused_and_nothing_is_touched(place, archive, tmp_path, damage):
    damaged = tmp_path / "damaged.zip"
    damage(archive, damaged)
    rows, files = place.rows(), place.files()

    said = place.refused("restore", str(damaged), "--yes")

    assert "archive" in said
    assert (place.rows(), place.files()) == (rows, files)
    assert archives(place) == []


@pytest.mark.one_engine
def test_a_listed_name_that_leaves_its_folder_is_refused(place, archive, tmp_path):
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(forged, "w") as copy:
        manifest = json.loads(source.read("manifest.json"))
        content = b"out of its folder"
        digest = hashlib.sha256(content).hexdigest()
        manifest["members"]["files/../../escaped"] = {"sha256": digest, "size": len(content)}
        for name in source.namelist():
            if name != "manifest.json":
                copy.writestr(name, source.read(name))
        copy.writestr("files/../../escaped", content)
        copy.writestr("manifest.json", json.dumps(manifest))

    assert "nom interdit" in place.refused("restore", str(forged), "--yes")


@pytest.mark.one_engine
def test_a_manifest_that_lies_about_rows_is_refused(place, archive, tmp_path):
    with zipfile.ZipFile(archive) as source:
        counts = json.loads(source.read("manifest.json"))["counts"]
    counts["programmes_edition"] += 1
    forged = rewritten(archive, tmp_path / "forged.zip", counts=counts)

    assert "annoncé par son manifeste" in place.refused("restore", "--check", str(forged))


@pytest.mark.one_engine
def test_an_archive_newer_than_the_code_is_refused(place, archive, tmp_path):
    newer = rewritten(archive, tmp_path / "newer.zip", migrations=["programmes.0999_tomorrow"])

    assert "plus récente" in place.refused("restore", str(newer), "--yes")


@pytest.mark.one_engine
def test_an_archive_of_another_format_is_refused(place, archive, tmp_path):
    newer = rewritten(archive, tmp_path / "format.zip", format=2)

    assert "plus récente" in place.refused("restore", "--check", str(newer))


def test_an_archive_of_the_other_engine_is_refused(place, archive, tmp_path):
    other = "PostgreSQL" if place.is_sqlite else "SQLite"
    foreign = rewritten(archive, tmp_path / "foreign.zip", engine=other)

    said = place.refused("restore", str(foreign), "--yes")

    assert f"base {other}" in said


@pytest.mark.parametrize("real_first", [True, False])
def test_a_demo_never_replaces_real_records_nor_the_reverse(place, new_place, real_first):
    demo = new_place("demo")
    demo.query("INSERT INTO core_installation VALUES (1, true, '2026-01-01 00:00:00+00')")
    here, there = (place, demo) if real_first else (demo, place)
    rows = here.rows()

    said = here.refused("restore", str(backed_up(there)), "--yes")

    assert "démonstration" in said
    assert here.rows() == rows


def test_restore_asks_before_replacing(place, archive):
    rows = place.rows()

    assert "--yes" in place.refused("restore", str(archive))
    assert place.rows() == rows


def test_the_archive_is_private_and_leaves_the_secret_out(place):
    archive = backed_up(place)

    with zipfile.ZipFile(archive) as content:
        assert "secret_key" not in content.namelist()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_the_secret_goes_with_the_archive_when_asked(place, tmp_path):
    place.run("backup", "--with-secret", "--to", str(tmp_path / "whole.zip"))

    with zipfile.ZipFile(tmp_path / "whole.zip") as content:
        assert content.read("secret_key").decode() == (place.data / "secret_key").read_text()


def test_only_the_last_archives_are_kept(place):
    place.extra["AUTOPROD_BACKUPS_KEEP"] = "2"
    made = [backed_up(place) for _ in range(3)]

    assert archives(place) == made[1:]


def test_a_backup_that_cannot_be_written_says_so(place):
    assert "n’existe pas" in place.refused("backup", "--to", str(place.data / "absent"))


def test_a_damaged_base_can_still_be_replaced(place, archive):
    if not place.is_sqlite:
        pytest.skip("a PostgreSQL base is not one file to damage")
    before = place.rows()
    (place.data / "autoprod.sqlite3").write_bytes(b"not a database" * 1000)

    said = place.run("restore", str(archive), "--yes")

    assert "n’a pas pu être sauvegardée" in said
    assert without_journal(place.rows()) == without_journal(before)


def test_the_former_journal_is_not_replayed_on_the_restored_base(place, archive):
    if not place.is_sqlite:
        pytest.skip("the write-ahead file is SQLite's")
    with closing(sqlite3.connect(place.data / "autoprod.sqlite3")) as left_open:
        left_open.execute("PRAGMA wal_autocheckpoint=0")
        left_open.execute("UPDATE programmes_territory SET name = 'Ailleurs'")
        left_open.commit()
        # As after a power cut: the change is in the side file only.
        assert (place.data / "autoprod.sqlite3-wal").stat().st_size

        place.run("restore", str(archive), "--yes")

        assert place.query("SELECT name FROM programmes_territory") == [("Valenciennes",)]
        assert place.query("PRAGMA integrity_check") == [("ok",)]


def test_the_password_of_the_base_is_never_an_argument(place, tmp_path):
    if place.is_sqlite:
        pytest.skip("SQLite has no password")
    # Tools that note their arguments, then hand over to the real ones.
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        script = f'#!/bin/sh\necho "$@" >> "{tmp_path}/arguments"\nexec {shutil.which(name)} "$@"\n'
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    place.extra["PATH"] = f"{tools}:{place.environment['PATH']}"

    place.run("restore", str(backed_up(place)), "--yes")

    arguments = (tmp_path / "arguments").read_text()
    password = place.url.partition("@")[0].rpartition(":")[2]
    assert "--format=custom" in arguments
    assert "--single-transaction" in arguments
    assert password not in arguments

"""The spool, on real files, with real writers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.sense import Event, spool
from cockpit.sense.spool import Offset


def event(what: str, at: float = 1.0) -> Event:
    return Event(source="s", what=what, key=what, at=at)


def whats(lot: spool.Lot) -> list[str]:
    return [event.what for event in lot.events]


def test_what_is_pushed_is_read_once(tmp_path: Path):
    path = tmp_path / "deep" / "spool.ndjson"
    spool.push(path, event("a"))
    spool.push(path, event("b"))
    lot = spool.read(path, Offset(), 9.0)
    assert whats(lot) == ["a", "b"]
    assert spool.read(path, lot.offset, 9.0).events == []
    spool.push(path, event("c"))
    assert whats(spool.read(path, lot.offset, 9.0)) == ["c"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_spool_is_an_empty_one(tmp_path: Path):
    assert spool.read(tmp_path / "none", Offset(5, 7), 1.0) == spool.Lot([], [], Offset())


def test_a_torn_last_line_waits_for_its_end(tmp_path: Path):
    path = tmp_path / "spool"
    path.write_bytes(b'{"source":"s","what":"a"}\n{"source":"s","wh')
    lot = spool.read(path, Offset(), 1.0)
    assert (whats(lot), lot.errors) == (["a"], [])
    with path.open("ab") as file:
        file.write(b'at":"b"}\n')
    assert whats(spool.read(path, lot.offset, 1.0)) == ["b"]


def test_a_line_torn_for_ever_costs_only_itself(tmp_path: Path):
    path = tmp_path / "spool"
    path.write_bytes(b'{"source":"s","wh')
    spool.push(path, event("a"))
    lot = spool.read(path, Offset(), 1.0)
    assert whats(lot) == ["a"]
    assert lot.errors[0].startswith("byte 0: ")


def test_a_bad_line_is_told_with_its_place(tmp_path: Path):
    path = tmp_path / "spool"
    path.write_bytes(b'{"source":"s","what":"a"}\n\nnonsense\n{"source":"s","what":"b"}\n')
    lot = spool.read(path, Offset(), 1.0)
    assert whats(lot) == ["a", "b"]
    assert len(lot.errors) == 1
    assert lot.errors[0].startswith("byte 27: nonsense: no event")


def test_a_truncated_or_replaced_spool_is_read_from_its_beginning(tmp_path: Path):
    path = tmp_path / "spool"
    for what in "abc":
        spool.push(path, event(what))
    offset = spool.read(path, Offset(), 1.0).offset
    path.write_bytes(b"")
    spool.push(path, event("d"))
    lot = spool.read(path, offset, 1.0)
    assert whats(lot) == ["d"]
    path.rename(tmp_path / "old")
    for what in "efgh":
        spool.push(path, event(what))
    assert whats(spool.read(path, lot.offset, 1.0)) == ["e", "f", "g", "h"]


def test_a_line_without_end_is_passed_over(tmp_path: Path):
    path = tmp_path / "spool"
    path.write_bytes(b"x" * 100_000)
    lot = spool.read(path, Offset(), 1.0)
    assert lot.errors == ["byte 0: line over 64 KiB"]
    with path.open("ab") as file:
        file.write(b"x\n" + b'{"source":"s","what":"a"}\n')
    assert whats(spool.read(path, lot.offset, 1.0)) == ["a"]


def test_more_than_one_lot_is_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "LOT", 100)
    path = tmp_path / "spool"
    for number in range(20):
        spool.push(path, event(f"event {number}"))
    found: list[str] = []
    offset = Offset()
    while (lot := spool.read(path, offset, 1.0)).offset != offset:
        found += whats(lot)
        offset = lot.offset
    assert found == [f"event {number}" for number in range(20)]


def test_writers_at_once_tear_nothing(tmp_path: Path):
    path = tmp_path / "spool"
    code = (
        "import sys; from pathlib import Path; from cockpit.sense import Event, spool\n"
        "for n in range(200): spool.push(Path(sys.argv[1]), Event(source=sys.argv[2], what='x' * (n * 20 + 1)))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    lot = spool.read(path, Offset(), 1.0)
    assert (len(lot.events), lot.errors) == (400, [])


def test_too_long_an_event_is_refused(tmp_path: Path):
    with pytest.raises(CockpitError, match="over 64 KiB"):
        spool.push(tmp_path / "spool", event("x" * 70_000))


def test_a_spool_that_cannot_be_written_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CockpitError, match="cannot write"):
        spool.push(tmp_path / "file" / "spool", event("a"))


def test_the_offset_outlives_the_engine(tmp_path: Path):
    path = tmp_path / "spool"
    assert spool.load(path) == Offset()
    spool.push(path, event("a"))
    spool.save(path, spool.read(path, Offset(), 1.0).offset)
    spool.push(path, event("b"))
    assert whats(spool.read(path, spool.load(path), 1.0)) == ["b"]
    path.with_name("spool.offset").write_text("nonsense")
    assert spool.load(path) == Offset()


def test_the_line_for_sh_works_as_it_stands(places: Places):
    subprocess.run(["sh", "-c", spool.sh_line(places)], check=True)
    lot = spool.read(places.spool, Offset(), 4.0)
    assert (whats(lot), lot.errors) == (["the build fails"], [])
    assert lot.events[0].at == 4.0


def test_the_disk_gets_back_what_was_read_and_no_writer_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "LONG", 256 * 1024)
    path = tmp_path / "spool"
    with path.open("ab", buffering=0) as holder:  # somebody's `>>` that stays open
        holder.write(b"".join(b'{"source":"s","what":"%d %s"}\n' % (n, b"x" * 150) for n in range(5000)))
        lot = spool.read(path, Offset(), 1.0)
        assert len(lot.events) == 5000
        before = spool.size(path)
        spool.give_back(path, Offset(), lot.offset)
        assert spool.size(path) < before / 10
        holder.write(b'{"source":"s","what":"after"}\n')
    spool.push(path, event("last"))
    assert whats(spool.read(path, lot.offset, 1.0)) == ["after", "last"]
    assert whats(spool.read(path, Offset(), 1.0)) == ["after", "last"], "a lost memory reads no zeros"


def test_little_that_was_read_is_left_alone(tmp_path: Path):
    path = tmp_path / "spool"
    spool.push(path, event("a"))
    spool.give_back(path, Offset(), spool.read(path, Offset(), 1.0).offset._replace(inode=0))
    assert whats(spool.read(path, Offset(), 1.0)) == ["a"]

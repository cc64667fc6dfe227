"""The journal: nobody changes it, the chain proves it, late lines keep their place, and writers never wait."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from eventmgr import clock
from eventmgr.domain import chain
from eventmgr.models.database import db, transaction
from eventmgr.models.journal import Entry, Seal, record
from eventmgr.services import seals

TRIGGERS = ("journal_unchanged", "journal_stays", "journal_seals_unchanged", "journal_seals_stay")


def write(*verbs: str) -> list[int]:
    with transaction():
        for verb in verbs:
            record(verb, clock.now(), conference_id=None, actor="Lan", sentence=f"Việc {verb}.", x=[1, None, "ế"])
        return list(db.session.scalars(sa.select(Entry.id).order_by(Entry.id.desc()).limit(len(verbs))))[::-1]


def by_force(statement: str, **values: Any) -> None:
    """Change what the triggers guard, as the owner of the database could."""
    with transaction():
        if db.engine.dialect.name == "sqlite":
            kept = {name: db.session.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = :n"), {"n": name}) for name in TRIGGERS}
            for name in TRIGGERS:
                db.session.execute(sa.text(f"DROP TRIGGER {name}"))
            db.session.execute(sa.text(statement), values)
            for text in kept.values():
                db.session.connection().exec_driver_sql(str(text))
        else:
            for word in ("DISABLE", "ENABLE"):
                for table in ("journal", "journal_seals"):
                    db.session.execute(sa.text(f"ALTER TABLE {table} {word} TRIGGER ALL"))
                if word == "DISABLE":
                    db.session.execute(sa.text(statement), values)


def test_a_line_is_never_changed_or_deleted(app: Flask) -> None:
    first, _ = write("x.one", "x.two")
    seals.seal_lines()
    for statement in (
        "UPDATE journal SET sentence = 'khác' WHERE id = :id", "UPDATE journal SET verb = 'x' WHERE id = :id",
        "UPDATE journal SET actor = '', sentence = '', details = '{}' WHERE id = :id", "DELETE FROM journal WHERE id = :id",
        "UPDATE journal_seals SET hash = 'x' WHERE entry_id = :id", "DELETE FROM journal_seals WHERE entry_id = :id",
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match="never changed"), transaction():
            db.session.execute(sa.text(statement), {"id": first})
    assert seals.prove_chain().wrong is None


def test_the_chain_covers_every_line_and_grows(app: Flask) -> None:
    total = db.session.scalar(sa.select(sa.func.count(Entry.id)))
    assert seals.seal_lines() == total
    assert seals.seal_lines() == 0
    write("x.one", "x.two")
    state = seals.prove_chain()
    assert (state.chained, state.waiting, state.blanked, state.gone, state.wrong) == (total + 2, 0, 0, 0, None)
    newest = db.session.scalars(sa.select(Seal).order_by(Seal.entry_id.desc())).first()
    assert newest is not None and state.head == (newest.entry_id, newest.hash)


def test_the_first_wrong_line_is_named(app: Flask) -> None:
    one, two, three = write("x.one", "x.two", "x.three")
    seals.seal_lines()
    by_force("UPDATE journal SET sentence = 'khác' WHERE id = :id", id=two)
    wrong = seals.prove_chain().wrong
    assert wrong is not None and wrong.startswith(f"Dòng nhật ký số {two} (") and wrong.endswith("đã bị sửa.")
    by_force("UPDATE journal SET sentence = 'Việc x.two.' WHERE id = :id", id=two)
    assert seals.prove_chain().wrong is None
    by_force("DELETE FROM journal WHERE id = :id", id=one)
    assert seals.prove_chain().wrong == f"Dòng nhật ký số {one}: đã bị xóa."
    by_force("DELETE FROM journal_seals WHERE entry_id = :id", id=one)
    by_force("UPDATE journal SET actor = 'Hà' WHERE id = :id", id=three)
    wrong = seals.prove_chain().wrong
    assert wrong is not None and wrong.startswith(f"Dòng nhật ký số {two} (") and wrong.endswith("bị đứt.")


def test_a_line_put_in_later_is_named(app: Flask) -> None:
    ids = write("x.one", "x.two", "x.three")
    with transaction():
        db.session.execute(sa.insert(Entry).values(id=ids[-1] + 5, at=clock.now(), verb="x.four", actor="", subject="", sentence="", details={}))
    seals.seal_lines()
    with transaction():
        db.session.execute(sa.insert(Entry).values(id=ids[-1] + 2, at=clock.now(), verb="x.late", actor="", subject="", sentence="", details={}))
    assert seals.prove_chain().wrong == f"Dòng nhật ký số {ids[-1] + 2}: được chen vào sau khi các dòng quanh nó đã niêm phong."


def test_persons_can_be_blanked_and_the_chain_holds(app: Flask) -> None:
    one, two = write("x.one", "x.two")
    seals.seal_lines()
    with transaction():
        db.session.execute(sa.update(Seal).where(Seal.entry_id == one).values(blanked_at=clock.now(), salt=None))
        db.session.execute(sa.update(Entry).where(Entry.id == one).values(actor="", sentence="", details={}))
    state = seals.prove_chain()
    assert (state.blanked, state.wrong) == (1, None)
    assert db.session.get(Entry, two).sentence == "Việc x.two."  # type: ignore[union-attr]


def test_a_line_past_its_time_may_go_and_the_chain_holds(app: Flask) -> None:
    (one,) = write("x.one")
    seals.seal_lines()
    with transaction():
        db.session.execute(sa.update(Seal).where(Seal.entry_id == one).values(gone_at=clock.now(), salt=None))
        db.session.execute(sa.delete(Entry).where(Entry.id == one))
    state = seals.prove_chain()
    assert (state.gone, state.wrong) == (1, None)


@pytest.mark.database("postgresql")
def test_a_lower_number_stored_late_keeps_its_place(app: Flask) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        with app.app_context():
            with transaction():
                record("x.slow", clock.now(), conference_id=None)
                begun.set()
                assert go_on.wait(20)
            db.session.remove()
            done.set()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert begun.wait(20)
        (quick,) = write("x.quick")
        assert seals.seal_lines() == 0, "somebody is writing: a lower number may still come"
        assert seals.prove_chain().waiting > 0
    finally:
        go_on.set()
        thread.join()
    state = seals.prove_chain()
    late = db.session.scalars(sa.select(Entry.id).where(Entry.verb == "x.slow")).one()
    assert (late < quick, state.wrong, state.waiting) == (True, None, 0)


def test_two_job_processes_make_one_chain(app: Flask) -> None:
    write(*(f"x.{number}" for number in range(30)))
    total = db.session.scalar(sa.select(sa.func.count(Entry.id)))

    def seal() -> None:
        with app.app_context():
            seals.seal_lines()
            db.session.remove()

    threads = [threading.Thread(target=seal) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = seals.prove_chain()
    assert (state.chained, state.wrong) == (total, None)


def test_first_line_stands_on_the_known_start(app: Flask) -> None:
    seals.seal_lines()
    first = db.session.scalars(sa.select(Seal).order_by(Seal.entry_id)).first()
    assert first is not None and first.hash == chain.link(chain.START, first.entry_id, first.public, first.personal)

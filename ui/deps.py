"""What every page asks for, and the caches of the pages.

The store is opened once per process.  Everything else follows from its revision:
a snapshot per revision, a narrowed one per selection, an answer per question.
Nothing here is changed by anybody, so all sessions share it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import streamlit as st

from geo import access
from geo.access import LOCAL, Account, Action, Subject
from geo.config import Settings, read_settings
from geo.errors import FileError, PermissionDeniedError
from geo.maps.base_layer import BaseLayer, base_layer
from geo.maps.layers import Surroundings
from geo.maps.surroundings import surroundings
from geo.model.period import Period
from geo.model.visit import Track
from geo.services.guarded import GuardedStore
from geo.services.opening import open_records
from geo.services.selection import Selection, narrowed
from geo.services.snapshot import Snapshot, read_snapshot
from geo.services.tracks import folder_state, kinds_in, partitions_of
from geo.store.accounts import Accounts
from geo.store.sql import SqlStore
from geo.store.store import Change, Store
from geo.wording import Wording, say
from ui import state
from ui.viewmodels.link import View
from ui.viewmodels.period import Choices, choices, selection_of
from web.gate import read_account

T = TypeVar("T")

_SELECTIONS_KEPT = 32
_ANSWERS_KEPT = 256
_PARTITIONS_KEPT = 1024


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Give the settings, read once."""
    return read_settings()


def now() -> datetime:
    """Give the moment it is, in UTC: the clock, or where the settings have stopped it."""
    return settings().now or datetime.now(UTC)


@st.cache_resource(show_spinner=False)
def _opened(db: str) -> SqlStore:
    del db  # The key: another database is another store.
    return open_records(settings(), now=now())


_run: ContextVar[dict[Hashable, Any] | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Ask what cannot change while a page is drawn, such as the revision, only once.

    A write through `store` forgets what was asked before it.
    """
    token = _run.set({})
    try:
        yield
    finally:
        _run.reset(token)


def _once(key: Hashable, make: Callable[[], T]) -> T:
    kept = _run.get()
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    answer: T = kept[key]
    return answer


class _Watched:
    """A store that lets the page being drawn see its own writes."""

    def __init__(self, watched: Store) -> None:
        self._watched = watched

    def write(self, changes: Iterable[Change], *, origin: str, at: datetime) -> int:
        try:
            return self._watched.write(changes, origin=origin, at=at)
        finally:
            kept = _run.get()
            if kept is not None:
                kept.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watched, name)


def store() -> Store:
    """Give the records, to be read by all and written as far as this session's account may."""
    return cast("Store", _Watched(GuardedStore(_opened(settings().db), who())))


def unguarded() -> SqlStore:
    """Give the records to whoever has no session to ask: pictures, which are behind the gate."""
    return _opened(settings().db)


def revision() -> int:
    """Give the number of the last write anybody made."""
    return _once("revision", lambda: _opened(settings().db).revision())


@st.cache_resource(show_spinner=False, max_entries=2)
def _snapshot(db: str, revision: int) -> Snapshot:
    del revision  # Part of the key.
    return read_snapshot(_opened(db))


def snapshot() -> Snapshot:
    """Give everything that stands now."""
    return _snapshot(settings().db, revision())


@st.cache_resource(show_spinner=False, max_entries=2)
def _choices(db: str, revision: int) -> Choices:
    return choices(_snapshot(db, revision))


def known() -> Choices:
    """List what the filters can keep."""
    return _choices(settings().db, revision())


def view() -> View:
    """Give what this session is looking at, as its link says it."""
    return state.view()


def selection() -> Selection:
    """Give the period and the filters of this session."""
    looking = replace(view(), chosen=None, language=None)
    return _once(looking, lambda: selection_of(looking, snapshot(), known(), now=now()))


def one_day(on: date) -> Period:
    """Give the period of what knows none, only the day it is asked on."""
    return Period(on, on + timedelta(days=1))


@st.cache_resource(show_spinner=False, max_entries=_SELECTIONS_KEPT)
def _selected(db: str, revision: int, asked: str, _selection: Selection) -> Snapshot:
    del asked  # The key: a selection written out.
    return narrowed(_snapshot(db, revision), _selection)


def selected(chosen: Selection | None = None) -> Snapshot:
    """Give what the filters keep, the session's own if none are given.

    The period is for each question to apply.
    """
    asked = chosen or selection()
    return _selected(settings().db, revision(), repr(asked), asked)


def wording() -> Wording:
    """Give the words in this session's language."""
    return Wording(view().language or settings().language)


def who() -> Account:
    """Give the account of this session, as the gate has said.

    Raises
    ------
    PermissionDeniedError
        Where there are accounts and the gate has said nothing: the page was reached past it.
    """
    told = read_account(st.context.headers)
    if told is not None:
        return told
    if Accounts(_opened(settings().db).engine).any_active():
        raise PermissionDeniedError(say("Logga in först."))
    return LOCAL


def account() -> str:
    """Name the account that writes."""
    return who().account_id


def may(action: Action, subject: Subject) -> bool:
    """Tell whether this session's account may do something."""
    return access.may(who(), action, subject)


@st.cache_resource(show_spinner=False, max_entries=_ANSWERS_KEPT)
def _answer(
    db: str,
    revision: int,
    asked: str,
    words: str,
    _make: Callable[[], Any],
) -> Any:
    del db, revision, asked, words  # The key.
    return _make()


def answered(make: Callable[..., T], *more: Hashable, asked: Selection | None = None) -> T:
    """Give ``make(snapshot, selection, wording, *more)``, made once per key.

    Parameters
    ----------
    make
        A function of a module, not a lambda: its name is part of the key.
    *more
        Everything else the answer depends on (a chosen id, a day; not the moment it is).
    asked
        The selection to answer for; left out, the session's. One with fewer filters or
        another period lets more clicks share an answer.

    Returns
    -------
    T
        Shared by all sessions, so it must be a value nobody changes.
    """
    chosen = asked or selection()
    words = wording()
    answer: T = _answer(
        settings().db,
        revision(),
        repr(chosen),
        f"{words.language} {make.__module__}.{make.__qualname__}{more!r}",
        lambda: make(selected(chosen), chosen, words, *more),
    )
    return answer


@st.cache_resource(show_spinner=False)
def basemap() -> BaseLayer:
    """Give the background the settings ask for."""
    return base_layer(str(settings().basemap))


@st.cache_resource(show_spinner=False, max_entries=2)
def _ground(db: str, revision: int) -> Surroundings:
    imported = _snapshot(db, revision).boundaries
    return surroundings(imported[-1].geometry if imported else None)


def ground() -> Surroundings:
    """Give what lies under every map: the imported boundary, or else the coarse outline."""
    return _ground(settings().db, revision())


def partitions() -> tuple[tuple[Path, str], ...]:
    """List the partitions of GPS fixes, each with a text that changes when it does."""
    return _once("partitions", lambda: partitions_of(settings().fixes))


@st.cache_resource(show_spinner=False, max_entries=2)
def _kinds_of_records(db: str, revision: int) -> frozenset[str]:
    del revision  # Part of the key.
    return frozenset(str(kind) for kind in _opened(db).frame(Track, ["kind"])["kind"])


@st.cache_resource(show_spinner=False, max_entries=_PARTITIONS_KEPT)
def _kinds_of_partition(path: Path, state: str) -> frozenset[str]:
    del state  # The key, with the path.
    try:
        return kinds_in(path)
    except FileError:
        return frozenset()  # Named where its fixes are asked for.


def tracks_state(kinds: tuple[str, ...]) -> str | None:
    """Name the tracks there are, so that others have another name.

    None where there are none of some kinds of patrol; of any kind, if none are named.
    """
    records, files = _kinds_of_records(settings().db, revision()), partitions()
    if kinds:
        found = records.union(*(_kinds_of_partition(*file) for file in files))
        is_there = not found.isdisjoint(kinds)
    else:
        is_there = bool(records or files)
    folder = folder_state(files)
    return f"{revision()}{folder and '-'}{folder}" if is_there else None

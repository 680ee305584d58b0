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
from typing import Any, NamedTuple, TypeVar, cast

import pandas as pd
import streamlit as st

from geo.access import LOCAL, Account, Audience, Organisation, audience_of
from geo.config import Settings, read_settings
from geo.errors import FileError, PermissionDeniedError
from geo.maps.base_layer import BaseLayer, base_layer
from geo.maps.layers import Surroundings
from geo.maps.surroundings import localities, surroundings
from geo.model.period import Period
from geo.model.time import local_day
from geo.model.visit import Track
from geo.services.audience import shown_to
from geo.services.guarded import GuardedStore
from geo.services.opening import open_records
from geo.services.public import Area, public_weeks
from geo.services.selection import Selection, narrowed
from geo.services.snapshot import Snapshot, read_snapshot
from geo.services.tracks import folder_state, kinds_in, partitions_of
from geo.store.accounts import Accounts
from geo.store.news import News
from geo.store.sql import SqlStore
from geo.store.store import Change, Store
from geo.store.trace import Action as TraceAction
from geo.store.trace import Trace
from geo.wording import Wording, say
from ui import state
from ui.viewmodels.link import View
from ui.viewmodels.period import Choices, choices, selection_of
from ui.viewmodels.rights import Rights, rights_of
from web.gate import account_asking, read_account

T = TypeVar("T")

_SELECTIONS_KEPT = 32
_ANSWERS_KEPT = 256
_PARTITIONS_KEPT = 1024
_PUBLIC_WEEKS = 13


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

    def write(
        self, changes: Iterable[Change], *, origin: str, at: datetime, account: str | None = None
    ) -> int:
        try:
            return self._watched.write(changes, origin=origin, at=at, account=account)
        finally:
            kept = _run.get()
            if kept is not None:
                kept.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watched, name)


def store() -> Store:
    """Give the records, to be read by all and written as far as this session's account may."""
    return cast(
        "Store", _Watched(GuardedStore(_opened(settings().db), who(), today=local_day(now())))
    )


def unguarded() -> SqlStore:
    """Give the records to whoever has no session to ask: pictures, which are behind the gate."""
    return _opened(settings().db)


def _end(news: News) -> None:
    news.close()


@st.cache_resource(show_spinner=False, on_release=_end)
def _news(db: str) -> News:
    return News(_opened(db))


def news() -> News:
    """Give what tells of writes, whoever makes them; asked for by the edge and not by a page."""
    return _news(settings().db)


def revision() -> int:
    """Give the number of the last write anybody made."""
    return _once("revision", lambda: _opened(settings().db).revision())


class Seen(NamedTuple):
    """What an answer is made of: all that may differ between two readers is part of every key."""

    db: str
    revision: int
    organisation: Organisation
    audience: Audience
    today: date


def seen() -> Seen:
    """Say which records this session is shown."""
    account = who()
    return Seen(
        settings().db,
        revision(),
        account.organisation,
        audience_of(account),
        # Only for partners does it matter what is in the future.
        date.min if audience_of(account) == "intern" else local_day(now()),
    )


@st.cache_resource(show_spinner=False, max_entries=2)
def _everything(db: str, revision: int) -> Snapshot:
    del revision  # Part of the key.
    return read_snapshot(_opened(db))


@st.cache_resource(show_spinner=False, max_entries=6)
def _snapshot(of: Seen) -> Snapshot:
    reader = Account("", of.organisation, "viewer")
    return shown_to(_everything(of.db, of.revision), reader, today=of.today)


def snapshot() -> Snapshot:
    """Give what stands now, as far as this session is shown it."""
    return _snapshot(seen())


def has_examples() -> bool:
    """Tell whether anything that stands is invented, shown to this session or not."""
    return _everything(settings().db, revision()).has_examples


@st.cache_resource(show_spinner=False, max_entries=2)
def _public_weeks(db: str, revision: int, today: date) -> pd.DataFrame:
    areas = [Area(one.name, one.lon, one.lat) for one in localities()]
    return public_weeks(_everything(db, revision), areas, weeks=_PUBLIC_WEEKS, today=today)


def public_weeks_told() -> pd.DataFrame:
    """Give what anybody may see of presence."""
    return _public_weeks(settings().db, revision(), local_day(now()))


@st.cache_resource(show_spinner=False, max_entries=6)
def _choices(of: Seen) -> Choices:
    return choices(_snapshot(of))


def known() -> Choices:
    """List what the filters can keep."""
    return _choices(seen())


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
def _selected(of: Seen, asked: str, _selection: Selection) -> Snapshot:
    del asked  # The key: a selection written out.
    return narrowed(_snapshot(of), _selection)


def selected(chosen: Selection | None = None) -> Snapshot:
    """Give what the filters keep, the session's own if none are given.

    The period is for each question to apply.
    """
    asked = chosen or selection()
    return _selected(seen(), repr(asked), asked)


def wording() -> Wording:
    """Give the words in this session's language."""
    return Wording(view().language or settings().language)


def who() -> Account:
    """Give the account of this session, or of the request a picture is drawn for.

    Raises
    ------
    PermissionDeniedError
        Where there are accounts and the gate has said nothing: we were reached past it.
    """
    told = account_asking() or read_account(st.context.headers)
    if told is not None:
        return told
    if _once("accounts", lambda: Accounts(_opened(settings().db).engine).any_active()):
        raise PermissionDeniedError(say("Logga in först."))
    return LOCAL


def tracing(action: TraceAction, **about: str) -> Callable[..., None]:
    """Give what notes something in the trace later, when no session can be asked any more."""
    account_id, at = account(), now()
    trace = Trace(_opened(settings().db).engine)

    def note(**more: int) -> None:
        trace.note(action, account=account_id, about={**about, **more}, at=at)

    return note


def rights() -> Rights:
    """Say what this session is offered."""
    return rights_of(who())


def account() -> str:
    """Name the account that writes."""
    return who().account_id


@st.cache_resource(show_spinner=False, max_entries=_ANSWERS_KEPT)
def _answer(
    of: Seen,
    asked: str,
    words: str,
    _make: Callable[[], Any],
) -> Any:
    del of, asked, words  # The key.
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
        seen(),
        repr(chosen),
        f"{words.language} {make.__module__}.{make.__qualname__}{more!r}",
        lambda: make(selected(chosen), chosen, words, *more),
    )
    return answer


@st.cache_resource(show_spinner=False)
def _basemap(name: str) -> BaseLayer:
    return base_layer(name)


def basemap_name() -> str:
    """Name the background: *osm*, *simple* or a file."""
    return settings().background(has_accounts=who() != LOCAL)


def basemap() -> BaseLayer:
    """Give the background the settings ask for."""
    return _basemap(basemap_name())


@st.cache_resource(show_spinner=False, max_entries=2)
def _ground(db: str, revision: int) -> Surroundings:
    imported = _everything(db, revision).boundaries
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

    None where there are none of some kinds of patrol (of any kind, if none are named), or where
    tracks are not for this reader.
    """
    if seen().audience != "intern":
        return None
    records, files = _kinds_of_records(settings().db, revision()), partitions()
    if kinds:
        found = records.union(*(_kinds_of_partition(*file) for file in files))
        is_there = not found.isdisjoint(kinds)
    else:
        is_there = bool(records or files)
    folder = folder_state(files)
    return f"{revision()}{folder and '-'}{folder}" if is_there else None

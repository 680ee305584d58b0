"""News of writes, from every store and whoever writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event

import pytest
from sqlalchemy import create_engine, insert, text

from checks import postgis
from geo.model.visit import Visit
from geo.store.memory import MemoryStore
from geo.store.news import News
from geo.store.open import open_store
from geo.store.postgres import CHANNEL
from geo.store.sql import SqlStore
from geo.store.store import Put, Store
from geo.store.tables import failed_attempts

AT = datetime(2021, 5, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
HEARD_WITHIN_S = 2.0
"""What the program promises; nothing here waits longer for news."""
SET_UP_S = 20.0


def write(store: Store, visit_id: str) -> int:
    visit = Visit(
        visit_id=visit_id, location_id="p1", start_at=AT, end_at=AT + timedelta(minutes=15)
    )
    return store.write([Put(visit)], origin="account:a", at=AT)


@contextmanager
def following(store: SqlStore | MemoryStore) -> Iterator[tuple[News, SimpleQueue[int]]]:
    """Listen, from the moment the news knows where the store stands."""
    news = News(store)
    knows = Event()
    stop = news.subscribe(lambda _: knows.set())
    if news.revision is None:
        assert knows.wait(SET_UP_S), "the database never answered"
    stop()
    heard: SimpleQueue[int] = SimpleQueue()
    news.subscribe(heard.put)
    yield news, heard
    news.close()


def until(heard: SimpleQueue[int], revision: int) -> list[int]:
    """Give what is heard until a revision; several writes may be told as one."""
    found: list[int] = []
    while revision not in found:
        try:
            found.append(heard.get(timeout=HEARD_WITHIN_S))
        except Empty:
            pytest.fail(f"revision {revision} was not told; {found} were")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'news_test.db'}"
    address: str = request.getfixturevalue("new_database")()
    return address


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()


def test_a_write_in_memory_is_told_at_once() -> None:
    store = MemoryStore()
    write(store, "b1")
    with following(store) as (news, heard):
        assert news.revision == 1
        assert write(store, "b2") == heard.get_nowait() == news.revision == 2
    write(store, "b3")
    assert heard.empty()


def test_another_s_write_is_heard_of(store: SqlStore, url: str) -> None:
    other = open_store(url)
    with following(store) as (news, heard):
        assert news.revision == 0
        until(heard, write(other, "b1"))
        assert news.revision == 1
    other.close()


def test_another_process_s_write_is_heard_of(store: SqlStore, url: str, tmp_path: Path) -> None:
    file = tmp_path / "insatser.csv"
    file.write_text("activity_id;kind;happened_on\na1;riktad insats;2021-05-01\n", "utf-8")
    command = [sys.executable, "-m", "geo", "import", "activities", str(file), "--db", url]
    with following(store) as (news, heard):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        until(heard, store.revision())
        assert news.revision == store.revision() > 0


def test_one_s_own_write_is_heard_of(store: SqlStore) -> None:
    with following(store) as (_, heard):
        until(heard, write(store, "b1"))
        until(heard, write(store, "b2"))


def test_many_writes_end_with_the_last(store: SqlStore) -> None:
    with following(store) as (news, heard):
        last = [write(store, f"b{n}") for n in range(20)][-1]
        told = until(heard, last)
        assert told == sorted(set(told))
        assert news.revision == last


def test_what_is_no_record_is_no_news(store: SqlStore) -> None:
    with following(store) as (_, heard):
        with store.engine.begin() as connection:
            connection.execute(
                insert(failed_attempts).values(account_digest="x", address_digest="y", tried_at=AT)
            )
        with pytest.raises(Empty):
            heard.get(timeout=0.8)
        assert until(heard, write(store, "b1")) == [1]


def test_who_has_left_hears_nothing_more_and_the_others_do(store: SqlStore) -> None:
    with following(store) as (news, heard):
        left: SimpleQueue[int] = SimpleQueue()
        leave = news.subscribe(left.put)
        leave()
        leave()
        until(heard, write(store, "b1"))
        assert left.empty()


def test_after_closing_nothing_is_left_behind(store: SqlStore) -> None:
    with following(store) as (news, heard):
        thread = news._thread
        assert thread is not None
        news.close()
        assert not thread.is_alive()
        write(store, "b1")
        assert heard.empty()


def test_following_reads_no_table_while_nobody_writes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'quiet.db'}")
    asked: list[int] = []
    revision = store.revision
    store.revision = lambda: asked.append(1) or revision()  # type: ignore[method-assign,func-returns-value]
    with following(store) as (_, heard):
        with pytest.raises(Empty):
            heard.get(timeout=1.2)  # a few looks at the number
        assert len(asked) == 1
    store.close()


def test_a_server_that_comes_back_is_followed_again(
    server: postgis.Server, new_database: Callable[..., str]
) -> None:
    url = new_database()
    store, other = open_store(url), open_store(url)
    with following(store) as (_, heard):
        server.stop("immediate")
        server.start()
        missed = write(other, "b1")  # perhaps before anybody listens again
        found = []
        while missed not in found:
            found.append(heard.get(timeout=SET_UP_S))
        until(heard, write(other, "b2"))
    store.close()
    other.close()


def test_anybody_s_words_on_the_channel_are_no_revision(new_database: Callable[..., str]) -> None:
    url = new_database()
    store, engine = open_store(url), create_engine(url)
    with following(store) as (_, heard):
        with engine.begin() as connection:
            for said in ("", "x", "-1", "1e9"):
                connection.execute(text("SELECT pg_notify(:c, :s)"), {"c": CHANNEL, "s": said})
        assert until(heard, write(store, "b1")) == [1]
    engine.dispose()
    store.close()

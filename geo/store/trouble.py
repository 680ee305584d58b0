"""What a database's own words mean, as sentences a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.errors import StorageError
from geo.store.changes import conflict
from geo.wording import Message, mark, say

BUSY: Final = mark("Någon annan skriver i databasen just nu; försök igen om en stund.")
_FULL: Final = mark(
    "Disken är full: ingenting sparades. Gör plats på databasens maskin och försök igen."
)
_READ_ONLY: Final = mark(
    "Databasen får bara läsas: ingenting sparades. Se till att programmet får skriva i den."
)
AWAY: Final = mark(
    "Databasen svarar inte. Försök igen om en stund; hjälper det inte, se efter att den är igång."
)

_SAYINGS: Final = (
    # (SQLSTATE of PostgreSQL begins with one of these, or SQLite says it) means
    (("55P03", "40001", "40P01"), ("locked",), BUSY),
    (("53100",), ("disk is full",), _FULL),
    (("25006",), ("readonly database",), _READ_ONLY),
    (("08", "57P", "53300"), (), AWAY),
)


def sentence(exc: BaseException) -> Message | None:
    """Give what an error of the driver means; None where only its own words can be repeated."""
    cause = getattr(exc, "orig", None) or exc
    state, words = getattr(cause, "sqlstate", None), str(cause)
    for states, phrases, meaning in _SAYINGS:
        if (state or "-").startswith(states) or any(phrase in words for phrase in phrases):
            return Message(meaning)
    is_cut_off = isinstance(exc, DBAPIError) and exc.connection_invalidated
    # The driver gives no state where there was no server to give one.
    was_never_there = state is None and type(cause).__module__.startswith("psycopg")
    if is_cut_off or (was_never_there and type(cause).__name__ == "OperationalError"):
        return Message(AWAY)
    return None


@contextmanager
def said() -> Iterator[None]:
    """Turn the driver's errors into sentences.

    Raises
    ------
    ConflictError
        Where the checks passed, and then another writer was first.
    StorageError
        For everything else the database cannot do.
    """
    try:
        yield
    except IntegrityError as exc:
        raise conflict() from exc
    except PoolTimeoutError as exc:
        raise StorageError(AWAY) from exc
    except DBAPIError as exc:
        raise StorageError(sentence(exc) or _repeated(exc)) from exc


def newer_version(found: str) -> StorageError:
    """Say that a database, or a backup, is of a later version than this one."""
    return StorageError(
        say(
            "Databasen är gjord av en nyare version av programmet ({found}); uppdatera programmet.",
            found=found,
        )
    )


def is_not_what_it_was() -> Message:
    """Say that a copy of a database does not hold what the database held."""
    return say(
        "Kopian av databasen har inte samma innehåll som den ska, och är inte sparad. Försök igen; "
        "händer det igen, se efter att disken är hel."
    )


def own_words(exc: SQLAlchemyError | Exception) -> str:
    """Give the first line of what the driver said."""
    cause = getattr(exc, "orig", None) or exc
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__


def _repeated(exc: DBAPIError) -> Message:
    return say("Databasen svarar inte som den ska: {reason}", reason=own_words(exc))

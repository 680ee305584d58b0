"""Who is asking: from a session's token to an account, remembered for a moment.

A page asks for fifty files at once, and the answer is the same for all of them.  Nothing is
remembered longer than a session may outlive its end: two seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from sqlalchemy import make_url

from geo.access import LOCAL, Account
from geo.config import Settings
from geo.errors import PermissionDeniedError, StorageError, TooOftenError
from geo.services.accounts import ACCOUNT_ID, sign_out_everywhere
from geo.services.signing_in import Limits, begin, sign_in, sign_out, signed_in
from geo.store.accounts import Accounts
from geo.store.open import open_store
from geo.store.sql import SqlStore
from geo.store.trace import Action, Trace
from geo.wording import say

REMEMBERED_S: Final = 2.0
_MOST_REMEMBERED: Final = 10_000
_UNKNOWN: Final = "okänt"


def clock() -> datetime:
    """Give the moment it is; sessions age by the clock, also where a setting has stopped it."""
    return datetime.now(UTC)


class Door:
    """Knows the accounts of one installation.  Its methods wait for the database."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = clock) -> None:
        self._settings = settings
        self._now = now
        self._limits = Limits(
            idle=timedelta(minutes=settings.session_idle_minutes),
            absolute=timedelta(hours=settings.session_hours),
        )
        self._lock = Lock()
        self._store: SqlStore | None = None
        self._opened: Accounts | None = None
        self._is_open: tuple[float, bool] | None = None
        self._remembered: dict[str, tuple[float, Account | None]] = {}

    def revision(self) -> int:
        """Ask the database for its revision, to see that it answers.

        Raises
        ------
        StorageError
            Where it does not.
        """
        self._needed()
        return self._store.revision() if self._store is not None else 0

    def stands_open(self) -> bool:
        """Tell whether there are no accounts, so that whoever sits here may do everything."""
        known = self.stands_open_still()
        if known is not None:
            return known
        accounts = self._accounts()
        answer = accounts is None or not accounts.any_active()
        self._is_open = (monotonic(), answer)
        return answer

    def stands_open_still(self) -> bool | None:
        """Tell the same without waiting for anything; None where that was too long ago."""
        kept = self._is_open
        return kept[1] if kept is not None and monotonic() - kept[0] < REMEMBERED_S else None

    @property
    def stood_open(self) -> bool:
        """What `stands_open` told last, without asking anew; False if it never did."""
        return self._is_open is not None and self._is_open[1]

    def account_of(self, token: str | None, *, is_active: bool) -> Account | None:
        """Give whose session it is; None for whoever has to sign in."""
        if self.stands_open():
            return LOCAL
        if not token:
            return None
        # What somebody does must be noted, so an answer to who only looked is none to who did.
        known_by = [f"active {token}"] if is_active else [f"active {token}", f"idle {token}"]
        return self._once(
            known_by,
            lambda: signed_in(
                self._needed(), token, limits=self._limits, now=self._now(), is_active=is_active
            ),
        )

    def account_named(self, account_id: str) -> Account | None:
        """Give an active account that somebody trusted vouches for."""

        def look_up() -> Account | None:
            found = self._needed().find(account_id) if ACCOUNT_ID.fullmatch(account_id) else None
            return found.account if found and found.active else None

        return self._once([f"named {account_id}"], look_up)

    def _once(
        self, known_by: Sequence[str], look_up: Callable[[], Account | None]
    ) -> Account | None:
        with self._lock:
            for name in known_by:
                at, kept = self._remembered.get(name, (0.0, None))
                if at and monotonic() - at < REMEMBERED_S:
                    return kept
        found = look_up()
        with self._lock:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[known_by[-1]] = (monotonic(), found)
        return found

    def sign_in(self, account_id: str, password: str, *, address: str) -> str:
        """Check a password and begin a session; gives its token."""
        accounts = self._needed()
        try:
            token = sign_in(accounts, account_id, password, address=address, now=self._now())
        except TooOftenError:
            raise  # A guesser must not fill the trace; his first tries are in it.
        except PermissionDeniedError:
            # What is no account may be anything somebody typed: a name, a password.
            found = accounts.find(account_id) if ACCOUNT_ID.fullmatch(account_id) else None
            known = found.account.account_id if found else _UNKNOWN
            self._trace("sign_in_failed", known)
            raise
        self._trace("sign_in", account_id)
        return token

    def let_in(self, known_as: str) -> str | None:
        """Begin a session for whoever an identity provider vouches for, if there is an account."""
        accounts = self._needed()
        found = accounts.find_known_as(known_as)
        if found is None or not found.active:
            return None
        self._trace("sign_in", found.account.account_id)
        return begin(accounts, found, now=self._now())

    def sign_out(self, token: str, account: Account, *, everywhere: bool = False) -> None:
        """End a session from now on, or all of an account's."""
        sign_out(self._needed(), token)
        if everywhere:
            sign_out_everywhere(self._needed(), account.account_id)
        self._trace("sign_out", account.account_id)
        with self._lock:
            for kept in (f"active {token}", f"idle {token}"):
                self._remembered.pop(kept, None)

    def _trace(self, action: Action, account_id: str) -> None:
        trace = Trace(self._needed().engine)
        trace.note(action, account=account_id, about={}, at=self._now())

    def _needed(self) -> Accounts:
        accounts = self._accounts()
        if accounts is None:
            raise StorageError(say("Databasen är inte gjord ännu; försök igen om en stund."))
        return accounts

    def _accounts(self) -> Accounts | None:
        with self._lock:
            if self._opened is None and self._is_made():
                self._store = open_store(self._settings.db)
                self._opened = Accounts(self._store.engine)
            return self._opened

    def _is_made(self) -> bool:
        # The embedded database is made by the pages, with its examples; before that nobody has an
        # account in it.
        if not self._settings.is_default_db:
            return True
        return Path(str(make_url(self._settings.db).database)).exists()

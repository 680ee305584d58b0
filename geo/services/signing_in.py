"""Sign in, stay signed in, sign out.

A session is a random token that only the browser has; the database keeps its digest.  Nothing a
browser sends says who somebody is: that is looked up here, each time.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2.exceptions import InvalidHashError, VerificationError

from geo.access import Account
from geo.errors import PermissionDeniedError, TooOftenError
from geo.services.accounts import ACCOUNT_ID, HASHER, PASSWORD_LENGTHS
from geo.store.accounts import Accounts, StoredAccount
from geo.wording import say

FAILURES_WITHIN: Final = timedelta(minutes=15)
MOST_FAILURES: Final = (5, 50, 100)
"""Within that time: of one account from one address · of one account · from one address.

The first stops a guesser without shutting out whoever owns the account, the others stop many
guessers of one account and one guesser of many."""

_SEEN_AGAIN_AFTER: Final = timedelta(minutes=1)
_CLOCK_SLACK: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session holds: since the last click, and in all."""

    idle: timedelta
    absolute: timedelta


def sign_in(
    accounts: Accounts, account_id: str, password: str, *, address: str, now: datetime
) -> str:
    """Check a password and begin a session; gives its token.

    Raises
    ------
    PermissionDeniedError
        With one sentence for a wrong password, an unknown account and a closed one, so that
        nobody learns which accounts there are.
    TooOftenError
        After too many of those.
    """
    wrong = PermissionDeniedError(say("Kontot och lösenordet stämmer inte."))
    # No account is called that, and some databases will not even look for a NUL.
    if not ACCOUNT_ID.fullmatch(account_id) or len(password) >= PASSWORD_LENGTHS.stop:
        raise wrong
    account_digest, address_digest = _digest(account_id.lower()), _digest(address)
    since = now - FAILURES_WITHIN
    failures = accounts.failures(account_digest, address_digest, since=since)
    if any(count >= most for count, most in zip(failures, MOST_FAILURES, strict=True)):
        raise TooOftenError(
            say(
                "För många försök har misslyckats. Vänta {minutes} minuter och försök igen.",
                minutes=FAILURES_WITHIN // timedelta(minutes=1),
            )
        )
    found = accounts.find(account_id)
    if not _is_right(found, password) or found is None or not found.active:
        accounts.forget_failures(before=since)
        accounts.note_failure(account_digest, address_digest, at=now)
        raise wrong
    accounts.forget_failures(before=since, account_digest=account_digest)
    return begin(accounts, found, now=now)


def begin(accounts: Accounts, of: StoredAccount, *, now: datetime) -> str:
    """Begin a session for an account somebody has vouched for; gives its token."""
    token = secrets.token_urlsafe(32)
    accounts.begin_session(_digest(token), of, at=now)
    return token


def signed_in(
    accounts: Accounts, token: str, *, limits: Limits, now: datetime, is_active: bool = True
) -> Account | None:
    """Give whose session a token is, if it still holds.

    With `is_active` somebody did something just now, and the idle time begins anew.
    """
    digest = _digest(token)
    session = accounts.session(digest)
    if session is None:
        return None
    holds = (
        session.of.active
        and session.generation == session.of.generation
        and now - session.seen_at <= limits.idle
        and now - session.begun_at <= limits.absolute
        # A clock that was set back must not make old sessions young again.
        and now >= session.seen_at - _CLOCK_SLACK
    )
    if not holds:
        return None
    if is_active and now - session.seen_at >= _SEEN_AGAIN_AFTER:
        accounts.seen(digest, at=now)
    return session.of.account


def sign_out(accounts: Accounts, token: str) -> None:
    """End one session."""
    accounts.end_session(_digest(token))


def _is_right(found: StoredAccount | None, password: str) -> bool:
    # An unknown account takes as long as a known one.
    hashed = (found.password_hash if found else None) or _of_nobody()
    try:
        HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed != _of_nobody()


@cache
def _of_nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

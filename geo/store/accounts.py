"""Accounts, sessions and failed sign-ins in the database; what they mean is for services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from geo.access import Account, Organisation, Role
from geo.errors import DataError, NotFoundError
from geo.store.tables import accounts, failed_attempts, sessions
from geo.store.transactions import reading, writing
from geo.wording import say


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account, and what is kept about it.

    Attributes
    ----------
    password_hash
        As argon2 writes it; None where somebody else vouches for the account.
    known_as
        Who it is at the identity provider, ``issuer subject``.
    generation
        Sessions of an earlier one are over.
    """

    account: Account
    active: bool
    generation: int
    made_at: datetime
    password_hash: str | None = None
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session with its account as that is now."""

    of: StoredAccount
    generation: int
    begun_at: datetime
    seen_at: datetime


class Accounts:
    """Accounts in one database; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The database they are in, for what else is kept there."""
        return self._engine

    def any_active(self) -> bool:
        """Tell whether anybody has to sign in."""
        with reading(self._engine) as connection:
            found = connection.scalar(select(accounts.c.account_id).where(accounts.c.active))
        return found is not None

    def all(self) -> list[StoredAccount]:
        """Give every account, in the order of their ids."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(accounts)).all()
        return sorted(map(_account, rows), key=lambda one: one.account.account_id)

    def find(self, account_id: str) -> StoredAccount | None:
        """Find an account by its id."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(accounts).where(accounts.c.account_id == account_id)
            ).one_or_none()
        return None if row is None else _account(row)

    def find_known_as(self, known_as: str) -> StoredAccount | None:
        """Find an account by who it is at the identity provider."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(accounts).where(accounts.c.known_as == known_as)
            ).one_or_none()
        return None if row is None else _account(row)

    def add(self, new: StoredAccount) -> None:
        """Add an account.

        Raises
        ------
        DataError
            Where there is one of that name, or somebody else is known as the same.
        """
        taken = DataError(
            say("Det finns redan ett konto {account_id}.", account_id=new.account.account_id)
        )
        with writing(self._engine) as connection:
            same = accounts.c.account_id == new.account.account_id
            if new.known_as is not None:
                same |= accounts.c.known_as == new.known_as
            if connection.execute(select(accounts.c.account_id).where(same)).first():
                raise taken
            try:
                connection.execute(insert(accounts).values(**_values(new)))
            except IntegrityError as exc:
                raise taken from exc

    def change(self, account_id: str, *, ends_sessions: bool = True, **values: Any) -> None:
        """Change an account; unless told otherwise its sessions are over.

        Raises
        ------
        NotFoundError
            Where there is none of that id.
        """
        if ends_sessions:
            values["generation"] = accounts.c.generation + 1
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(accounts).where(accounts.c.account_id == account_id).values(**values)
            )
            if not changed.rowcount:
                raise NotFoundError(
                    say("Kontot {account_id} finns inte.", account_id=account_id[:50])
                )
            if ends_sessions:
                connection.execute(delete(sessions).where(sessions.c.account_id == account_id))

    def begin_session(self, token_digest: str, of: StoredAccount, *, at: datetime) -> None:
        """Remember that an account is signed in."""
        with writing(self._engine) as connection:
            connection.execute(
                insert(sessions).values(
                    token_digest=token_digest,
                    account_id=of.account.account_id,
                    generation=of.generation,
                    begun_at=at,
                    seen_at=at,
                )
            )

    def session(self, token_digest: str) -> Session | None:
        """Find a session, whether it still holds or not."""
        query = select(
            accounts,
            sessions.c.generation.label("session_generation"),
            sessions.c.begun_at,
            sessions.c.seen_at,
        ).join(sessions, sessions.c.account_id == accounts.c.account_id)
        with reading(self._engine) as connection:
            row = connection.execute(
                query.where(sessions.c.token_digest == token_digest)
            ).one_or_none()
        if row is None:
            return None
        return Session(_account(row), row.session_generation, row.begun_at, row.seen_at)

    def seen(self, token_digest: str, *, at: datetime) -> None:
        """Remember that somebody did something in a session."""
        with writing(self._engine) as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_digest == token_digest).values(seen_at=at)
            )

    def end_session(self, token_digest: str) -> None:
        """Forget a session."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_digest == token_digest))

    def forget_sessions_begun_before(self, moment: datetime) -> None:
        """Forget sessions that are too old to hold."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.begun_at < moment))

    def note_failure(self, account_digest: str, address_digest: str, *, at: datetime) -> None:
        """Remember a failed sign-in."""
        with writing(self._engine) as connection:
            connection.execute(
                insert(failed_attempts).values(
                    account_digest=account_digest, address_digest=address_digest, tried_at=at
                )
            )

    def failures(
        self, account_digest: str, address_digest: str, *, since: datetime
    ) -> tuple[int, int, int]:
        """Count failed sign-ins: of this account from here, of this account, from here."""
        of_account = failed_attempts.c.account_digest == account_digest
        from_here = failed_attempts.c.address_digest == address_digest
        query = select(
            func.count().filter(of_account & from_here),
            func.count().filter(of_account),
            func.count().filter(from_here),
        ).where(failed_attempts.c.tried_at > since)
        with reading(self._engine) as connection:
            both, account, address = connection.execute(query).one()
        return both, account, address

    def forget_failures(self, *, before: datetime, account_digest: str | None = None) -> None:
        """Forget old failures, and all of an account that has signed in."""
        old = failed_attempts.c.tried_at < before
        if account_digest is not None:
            old |= failed_attempts.c.account_digest == account_digest
        with writing(self._engine) as connection:
            connection.execute(delete(failed_attempts).where(old))


def _account(row: Row[Any]) -> StoredAccount:
    return StoredAccount(
        account=Account(
            row.account_id, cast("Organisation", row.organisation), cast("Role", row.role)
        ),
        active=row.active,
        generation=row.generation,
        made_at=row.made_at,
        password_hash=row.password_hash,
        known_as=row.known_as,
    )


def _values(new: StoredAccount) -> dict[str, Any]:
    return {
        "account_id": new.account.account_id,
        "organisation": new.account.organisation,
        "role": new.account.role,
        "password_hash": new.password_hash,
        "known_as": new.known_as,
        "active": new.active,
        "generation": new.generation,
        "made_at": new.made_at,
    }

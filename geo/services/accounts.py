"""Make accounts, change what they may do, and close them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from argon2 import PasswordHasher

from geo.access import Account, Organisation, Role, can_be
from geo.errors import DataError
from geo.model.personal import personal_hints
from geo.store.accounts import Accounts, StoredAccount
from geo.wording import say

ACCOUNT_ID: Final = re.compile(r"[a-zåäö0-9][a-zåäö0-9._-]{1,39}")
PASSWORD_LENGTHS: Final = range(12, 257)
"""Long beats complicated (NIST SP 800-63B §3.1.1); the end keeps hashing cheap."""

HASHER: Final = PasswordHasher()
"""argon2id with the library's own measures (RFC 9106, low memory)."""


def new_account(
    accounts: Accounts,
    account: Account,
    *,
    password: str | None = None,
    known_as: str | None = None,
    now: datetime,
) -> None:
    """Make an account, with a password or vouched for by an identity provider or proxy.

    Raises
    ------
    DataError
        Where its name, role or password cannot be used, or its name is taken.
    """
    _check_id(account.account_id)
    _check_role(account.organisation, account.role)
    accounts.add(
        StoredAccount(
            account=account,
            active=True,
            generation=1,
            made_at=now,
            password_hash=None if password is None else password_hash(password, account),
            known_as=known_as,
        )
    )


def change_role(accounts: Accounts, account_id: str, role: Role) -> None:
    """Give an account another role; whoever is signed in as it must do so again.

    Raises
    ------
    DataError
        Where its organisation has no such role.
    NotFoundError
        Where there is no such account.
    """
    found = accounts.find(account_id)
    if found is not None:
        _check_role(found.account.organisation, role)
    accounts.change(account_id, role=role)


def change_password(accounts: Accounts, account_id: str, password: str) -> None:
    """Give an account another password; whoever is signed in as it must do so again."""
    found = accounts.find(account_id)
    hashed = None if found is None else password_hash(password, found.account)
    accounts.change(account_id, password_hash=hashed)


def set_active(accounts: Accounts, account_id: str, *, active: bool) -> None:
    """Close an account, or open it again; it stays, since the trace speaks of it."""
    accounts.change(account_id, active=active)


def sign_out_everywhere(accounts: Accounts, account_id: str) -> None:
    """End every session of an account."""
    accounts.change(account_id)


def password_hash(password: str, account: Account) -> str:
    """Hash a password that can be used.

    Raises
    ------
    DataError
        Where it is too short, too long or too easy to guess.
    """
    if len(password) not in PASSWORD_LENGTHS:
        raise DataError(
            say(
                "Lösenordet ska ha {least}–{most} tecken; flera ord efter varandra går bra.",
                least=PASSWORD_LENGTHS.start,
                most=PASSWORD_LENGTHS.stop - 1,
            )
        )
    if len(set(password)) < 5 or account.account_id in password.lower():
        raise DataError(say("Lösenordet är för lätt att gissa; välj ett annat."))
    return HASHER.hash(password)


def _check_id(account_id: str) -> None:
    if not ACCOUNT_ID.fullmatch(account_id) or personal_hints(account_id):
        raise DataError(
            say(
                "Ett konto heter 2–40 små bokstäver, siffror, punkt, streck, "
                "till exempel polis-3; inget som pekar ut en person."
            )
        )


def _check_role(organisation: Organisation, role: Role) -> None:
    if not can_be(organisation, role):
        raise DataError(
            say(
                "{organisation} har inga konton med rollen {role}.",
                organisation=organisation,
                role=role,
            )
        )

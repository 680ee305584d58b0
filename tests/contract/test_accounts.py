"""Accounts and sessions, on every database; the clock is given, and so are the waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from geo.access import Account
from geo.errors import DataError, NotFoundError, PermissionDeniedError
from geo.services import accounts as account_services
from geo.services import signing_in
from geo.services.accounts import (
    change_password,
    change_role,
    new_account,
    set_active,
    sign_out_everywhere,
)
from geo.services.signing_in import (
    FAILURES_WITHIN,
    MOST_FAILURES,
    Limits,
    begin,
    sign_in,
    sign_out,
    signed_in,
)
from geo.store.accounts import Accounts
from geo.store.open import open_store

NOW = datetime(2021, 5, 1, 12, tzinfo=UTC)
OFFICER = Account("polis-1", "polisen", "officer")
PASSWORD = "tre gula bussar"
LIMITS = Limits(idle=timedelta(minutes=60), absolute=timedelta(hours=12))
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2id, with less work: what is tested is who gets in."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    for module in (account_services, signing_in):
        monkeypatch.setattr(module, "HASHER", cheap)
    signing_in._of_nobody.cache_clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Accounts]:
    url = (
        f"sqlite:///{tmp_path / 'accounts_test.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("new_database")()
    )
    store = open_store(url)
    yield Accounts(store.engine)
    store.close()


@pytest.fixture
def manned(accounts: Accounts) -> Accounts:
    new_account(accounts, OFFICER, password=PASSWORD, now=NOW)
    return accounts


def test_a_new_installation_has_no_accounts(accounts: Accounts) -> None:
    assert not accounts.any_active()
    assert accounts.all() == []


def test_whoever_knows_the_password_gets_in(manned: Accounts) -> None:
    token = sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
    assert signed_in(manned, token, limits=LIMITS, now=NOW) == OFFICER


def test_the_database_holds_neither_password_nor_token(manned: Accounts) -> None:
    token = sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
    found = manned.find("polis-1")
    assert found is not None
    assert str(found.password_hash).startswith("$argon2id$")
    assert PASSWORD not in str(found.password_hash)
    assert manned.session(token) is None  # it is kept by its digest


@pytest.mark.parametrize(
    ("account_id", "password"),
    [
        ("polis-1", "tre gula bussa"),
        ("polis-1", ""),
        ("polis-9", PASSWORD),
        ("", PASSWORD),
        ("polis-1" + "x" * 1_000_000, PASSWORD),
        ("polis-1", "x" * 1_000_000),
        ("polis-1' OR '1'='1", PASSWORD),
        ("polis-1\x00", PASSWORD),
    ],
    ids=["wrong", "empty", "unknown", "nobody", "1 MB of name", "1 MB of password", "SQL", "NUL"],
)
def test_all_who_are_wrong_are_told_the_same(
    manned: Accounts, account_id: str, password: str
) -> None:
    with pytest.raises(PermissionDeniedError, match=r"^Kontot och lösenordet stämmer inte\.$"):
        sign_in(manned, account_id, password, address=HERE, now=NOW)


def test_a_guesser_is_stopped_and_the_owner_is_not(manned: Accounts) -> None:
    for _ in range(MOST_FAILURES[0]):
        with pytest.raises(PermissionDeniedError, match="stämmer inte"):
            sign_in(manned, "polis-1", "gissning nummer x", address=HERE, now=NOW)

    with pytest.raises(PermissionDeniedError, match="För många försök"):
        sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
    assert sign_in(manned, "polis-1", PASSWORD, address="192.0.2.8", now=NOW)


def test_the_guesser_may_try_again_after_a_while(manned: Accounts) -> None:
    for _ in range(MOST_FAILURES[0]):
        with pytest.raises(PermissionDeniedError):
            sign_in(manned, "polis-1", "gissning nummer x", address=HERE, now=NOW)
    later = NOW + FAILURES_WITHIN
    assert sign_in(manned, "polis-1", PASSWORD, address=HERE, now=later)


def test_a_list_of_passwords_against_many_accounts_is_stopped(accounts: Accounts) -> None:
    for number in range(MOST_FAILURES[2]):
        accounts.note_failure(f"account {number}", _address_digest(HERE), at=NOW)
    new_account(accounts, OFFICER, password=PASSWORD, now=NOW)
    with pytest.raises(PermissionDeniedError, match="För många försök"):
        sign_in(accounts, "polis-1", PASSWORD, address=HERE, now=NOW)


def _address_digest(address: str) -> str:
    import hashlib

    return hashlib.sha256(address.encode()).hexdigest()


class TestASession:
    def test_ends_when_nobody_does_anything(self, manned: Accounts) -> None:
        token = sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
        assert signed_in(manned, token, limits=LIMITS, now=NOW + LIMITS.idle)
        idle_from = NOW + LIMITS.idle
        late = idle_from + LIMITS.idle + timedelta(seconds=1)
        assert signed_in(manned, token, limits=LIMITS, now=late) is None

    def test_is_not_kept_alive_by_looking_on(self, manned: Accounts) -> None:
        token = sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
        for minutes in range(10, 61, 10):
            at = NOW + timedelta(minutes=minutes)
            assert signed_in(manned, token, limits=LIMITS, now=at, is_active=False)
        at = NOW + timedelta(minutes=61)
        assert signed_in(manned, token, limits=LIMITS, now=at, is_active=False) is None

    def test_ends_at_last_however_busy_it_is(self, manned: Accounts) -> None:
        token = sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
        for half_hours in range(1, 25):
            at = NOW + half_hours * timedelta(minutes=30)
            assert signed_in(manned, token, limits=LIMITS, now=at) == OFFICER
        at = NOW + timedelta(hours=12, seconds=1)
        assert signed_in(manned, token, limits=LIMITS, now=at) is None

    def test_does_not_become_young_when_the_clock_is_set_back(self, manned: Accounts) -> None:
        token = sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
        assert signed_in(manned, token, limits=LIMITS, now=NOW - timedelta(days=30)) is None
        assert signed_in(manned, token, limits=LIMITS, now=NOW - timedelta(minutes=4))

    def test_ends_where_one_signs_out(self, manned: Accounts) -> None:
        here, there = (
            sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW) for _ in range(2)
        )
        sign_out(manned, here)
        assert signed_in(manned, here, limits=LIMITS, now=NOW) is None
        assert signed_in(manned, there, limits=LIMITS, now=NOW) == OFFICER

    @pytest.mark.parametrize("how", ["everywhere", "closed", "role", "password"])
    def test_all_end_when_the_account_is_touched(self, manned: Accounts, how: str) -> None:
        tokens = [sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW) for _ in range(2)]
        match how:
            case "everywhere":
                sign_out_everywhere(manned, "polis-1")
            case "closed":
                set_active(manned, "polis-1", active=False)
            case "role":
                change_role(manned, "polis-1", "viewer")
            case _:
                change_password(manned, "polis-1", "fyra röda bilar")
        assert [signed_in(manned, token, limits=LIMITS, now=NOW) for token in tokens] == [None] * 2

    def test_of_a_made_up_token_is_nobodys(self, manned: Accounts) -> None:
        for forged in ("", "x", "a" * 43, "å", "\ud800"):
            assert signed_in(manned, forged, limits=LIMITS, now=NOW) is None


class TestAnAccount:
    def test_that_is_closed_does_not_get_in(self, manned: Accounts) -> None:
        set_active(manned, "polis-1", active=False)
        with pytest.raises(PermissionDeniedError, match="stämmer inte"):
            sign_in(manned, "polis-1", PASSWORD, address=HERE, now=NOW)
        assert not manned.any_active()

    def test_somebody_else_vouches_for_has_no_password(self, accounts: Accounts) -> None:
        new_account(accounts, OFFICER, known_as="https://idp.example 42", now=NOW)
        for tried in ("", "None", PASSWORD):
            with pytest.raises(PermissionDeniedError):
                sign_in(accounts, "polis-1", tried, address=HERE, now=NOW)
        found = accounts.find_known_as("https://idp.example 42")
        assert found is not None
        token = begin(accounts, found, now=NOW)
        assert signed_in(accounts, token, limits=LIMITS, now=NOW) == OFFICER

    def test_is_made_once(self, manned: Accounts) -> None:
        with pytest.raises(DataError, match="finns redan"):
            new_account(manned, OFFICER, password=PASSWORD, now=NOW)

    def test_is_known_as_one(self, accounts: Accounts) -> None:
        new_account(accounts, OFFICER, known_as="https://idp.example 42", now=NOW)
        with pytest.raises(DataError, match="finns redan"):
            new_account(
                accounts,
                Account("polis-2", "polisen", "officer"),
                known_as="https://idp.example 42",
                now=NOW,
            )

    def test_two_without_a_provider_are_two(self, manned: Accounts) -> None:
        new_account(manned, Account("polis-2", "polisen", "officer"), password=PASSWORD, now=NOW)
        assert [one.account.account_id for one in manned.all()] == ["polis-1", "polis-2"]

    @pytest.mark.parametrize(
        "name",
        ["", "x", "Polis-1", "polis 1", "19900101-1234", "a@b.se", "p" * 41, "<b>", "070-1234567"],
    )
    def test_has_a_name_that_is_no_persons(self, accounts: Accounts, name: str) -> None:
        with pytest.raises(DataError, match="Ett konto heter"):
            new_account(accounts, Account(name, "polisen", "officer"), password=PASSWORD, now=NOW)

    @pytest.mark.parametrize("weak", ["elva tecken", "a" * 20, "polis-1polis-1", "x" * 257])
    def test_has_a_password_that_is_hard_to_guess(self, accounts: Accounts, weak: str) -> None:
        with pytest.raises(DataError, match="Lösenordet"):
            new_account(accounts, OFFICER, password=weak, now=NOW)
        assert not accounts.any_active()

    def test_has_a_role_its_organisation_knows(self, manned: Accounts) -> None:
        with pytest.raises(DataError, match="inga konton med rollen"):
            change_role(manned, "polis-1", "caretaker")

    def test_that_is_not_there_is_named(self, accounts: Accounts) -> None:
        with pytest.raises(NotFoundError, match="polis-9 finns inte"):
            set_active(accounts, "polis-9", active=False)

"""Accounts: who may sign in, and as what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.table import Table

from geo.access import Account, Organisation, Role
from geo.cli.edge import AsJson, Db, note, now_of, opened_store, print_json, print_table
from geo.cli.program import program

group = typer.Typer(help="Konton: vilka som får logga in, och som vad.", no_args_is_help=True)
program.add_typer(group, name="accounts")

AccountId = Annotated[str, typer.Argument(help="Kontots namn, till exempel polis-3.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Läs lösenordet från standard in.")
]


@contextmanager
def _accounts(db: str | None) -> Iterator[tuple[Any, Any]]:
    from geo.store.accounts import Accounts

    with opened_store(db) as (store, settings):
        yield Accounts(store.engine), settings


def _traced(accounts: Any, settings: Any, account_id: str, what: str) -> None:
    """Note a change of an account in the trace."""
    from geo.store.trace import NOBODY_NAMED, Trace

    about = {"account": account_id, "what": what}
    trace = Trace(accounts.engine)
    trace.note("account", account=NOBODY_NAMED, about=about, at=now_of(settings))


@group.command()
def add(
    account_id: AccountId,
    organisation: Annotated[Organisation, typer.Option(help="Vems konto det är.")],
    role: Annotated[Role, typer.Option(help="Vad kontot får göra.")],
    known_as: Annotated[
        str | None,
        typer.Option("--known-as", help="Vem det är hos identitetsleverantören: ”utfärdare ämne”."),
    ] = None,
    by_proxy: Annotated[
        bool, typer.Option("--by-proxy", help="En proxy går i god för kontot; inget lösenord.")
    ] = False,
    password_stdin: FromStdin = False,
    db: Db = None,
) -> None:
    """Lägg till ett konto. När det första finns måste alla logga in."""
    from geo.services.accounts import new_account

    password = None if known_as or by_proxy else _password(is_piped=password_stdin)
    with _accounts(db) as (accounts, settings):
        new_account(
            accounts,
            Account(account_id, organisation, role),
            password=password,
            known_as=known_as,
            now=now_of(settings),
        )
        _traced(accounts, settings, account_id, f"added {organisation} {role}")
    note(f"Kontot {account_id} är tillagt.")


@group.command("list")
def list_(as_json: AsJson = False, db: Db = None) -> None:
    """Visa alla konton."""
    with _accounts(db) as (accounts, _settings):
        found = accounts.all()
    rows = [
        {
            "account_id": one.account.account_id,
            "organisation": one.account.organisation,
            "role": one.account.role,
            "active": one.active,
            "signs_in_with": _way_in(one),
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    table = Table("konto", "organisation", "roll", "öppet", "loggar in med")
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    print_table(table)


@group.command()
def role(
    account_id: AccountId,
    role: Annotated[Role, typer.Argument(help="Vad kontot får göra från och med nu.")],
    db: Db = None,
) -> None:
    """Ge ett konto en annan roll; den som är inloggad får logga in igen."""
    from geo.services.accounts import change_role

    with _accounts(db) as (accounts, settings):
        change_role(accounts, account_id, role)
        _traced(accounts, settings, account_id, f"role {role}")
    note(f"Kontot {account_id} har rollen {role}.")


@group.command()
def password(account_id: AccountId, password_stdin: FromStdin = False, db: Db = None) -> None:
    """Ge ett konto ett nytt lösenord; den som är inloggad får logga in igen."""
    from geo.services.accounts import change_password

    chosen = _password(is_piped=password_stdin)
    with _accounts(db) as (accounts, settings):
        change_password(accounts, account_id, chosen)
        _traced(accounts, settings, account_id, "password")
    note(f"Kontot {account_id} har ett nytt lösenord.")


@group.command()
def close(account_id: AccountId, db: Db = None) -> None:
    """Stäng ett konto; den som är inloggad är ute inom några sekunder."""
    from geo.services.accounts import set_active

    with _accounts(db) as (accounts, settings):
        set_active(accounts, account_id, active=False)
        _traced(accounts, settings, account_id, "closed")
        is_last = not accounts.any_active()
    note(f"Kontot {account_id} är stängt.")
    if is_last:
        note("Inga konton är öppna: kartan visas nu bara på den dator där den körs.")


@group.command("open")
def open_(account_id: AccountId, db: Db = None) -> None:
    """Öppna ett stängt konto igen."""
    from geo.services.accounts import set_active

    with _accounts(db) as (accounts, settings):
        set_active(accounts, account_id, active=True)
        _traced(accounts, settings, account_id, "opened")
    note(f"Kontot {account_id} är öppet.")


@group.command("sign-out")
def sign_out(account_id: AccountId, db: Db = None) -> None:
    """Logga ut ett konto på alla enheter."""
    from geo.services.accounts import sign_out_everywhere

    with _accounts(db) as (accounts, settings):
        sign_out_everywhere(accounts, account_id)
        _traced(accounts, settings, account_id, "signed out")
    note(f"Kontot {account_id} är utloggat överallt.")


def _password(*, is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt(
        "Lösenord", hide_input=True, confirmation_prompt="Samma igen", err=True
    )
    return typed


def _way_in(one: Any) -> str:
    if one.password_hash is not None:
        return "lösenord"
    return "identitetsleverantör" if one.known_as is not None else "proxy"


def _shown(value: object) -> str:
    return (
        {True: "ja", False: "nej"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )

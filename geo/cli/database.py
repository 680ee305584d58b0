"""The database as a whole: copied, backed up, restored."""

from __future__ import annotations

from typing import Annotated

import typer

from geo.cli.edge import AsJson, print_json, progress_bar
from geo.cli.program import program
from geo.errors import GeoError

db = typer.Typer(
    help="Databasen som helhet.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
program.add_typer(db, name="db")


@db.callback()
def _together() -> None:
    """Databasen som helhet: flytta allt till en annan."""


@db.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Databasens adress.")],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="Adress till en som är tom, eller inte finns än.")
    ],
    as_json: AsJson = False,
) -> None:
    """Kopiera allt till en annan databas, av samma eller annat slag, och jämför rad för rad."""
    from geo.services.copying import copy_database
    from geo.store.address import without_password

    about = {"from": without_password(source), "to": without_password(target)}
    try:
        with progress_bar() as progress:
            copied = copy_database(source, target, progress=progress)
    except GeoError as exc:
        if as_json:
            print_json({**about, "copied": False, "reason": str(exc)})
        raise
    if as_json:
        print_json(
            {
                **about,
                "copied": True,
                "revision": copied.revision,
                "rows": copied.rows,
                "tables": dict(copied.tables),
            }
        )
        return
    typer.echo(f"Kopierat och jämfört: {copied.rows} rader till {about['to']}.")
    for name, rows in copied.tables.items():
        typer.echo(f"  {name}: {rows}")

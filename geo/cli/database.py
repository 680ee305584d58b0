"""The database as a whole: copied, backed up, restored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.cli.edge import AsJson, Db, now_of, print_json, progress_bar, settings_with
from geo.cli.program import EXIT_SOME, program
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

    about: dict[str, Any] = {"from": without_password(source), "to": without_password(target)}
    with _told_as_json(about, as_json=as_json), progress_bar() as progress:
        copied = copy_database(source, target, progress=progress)
    if as_json:
        print_json(
            {
                **about,
                "done": True,
                "revision": copied.revision,
                "rows": copied.rows,
                "tables": dict(copied.tables),
            }
        )
        return
    typer.echo(f"Kopierat och jämfört: {copied.rows} rader till {about['to']}.")
    for name, rows in copied.tables.items():
        typer.echo(f"  {name}: {rows}")


@program.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Filen som ska skrivas, .zip.")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Mapp för flera, med tiden som namn.")
    ] = None,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Så många hela sparas i mappen.")] = 14,
    verify: Annotated[
        bool, typer.Option("--verify", help="Se bara efter om filen är hel.")
    ] = False,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Säkerhetskopiera hela databasen, också medan programmet används."""
    if (file is None) == (into is None) or (verify and file is None):
        raise typer.BadParameter("Ange en fil, eller --into och en mapp.")
    from geo.services.backup import back_up, back_up_into
    from geo.store.archive import read_archive

    settings = settings_with(db)
    about: dict[str, Any] = {"file": str(file or into)}
    damaged: tuple[str, ...] = ()
    with _told_as_json(about, as_json=as_json):
        if verify and file is not None:
            manifest = read_archive(file)
        elif file is not None:
            manifest = back_up(settings.db, file, now=now_of(settings))
        elif into is not None:
            kept = back_up_into(settings.db, into, keep=keep, now=now_of(settings))
            manifest, damaged = kept.manifest, kept.damaged
            about |= {"file": str(kept.file), "removed": kept.removed, "damaged": kept.damaged}
    _print_manifest(manifest, about, heading="Hel" if verify else "Sparad", as_json=as_json)
    if damaged:
        raise typer.Exit(EXIT_SOME)


@program.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Säkerhetskopian.")],
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Lägg tillbaka en säkerhetskopia i en databas som är tom eller inte finns än."""
    from geo.services.restoring import restore
    from geo.store.address import without_password

    settings = settings_with(db)
    url = settings.db
    about: dict[str, Any] = {"file": str(file), "to": without_password(url)}
    with _told_as_json(about, as_json=as_json):
        manifest = restore(file, url, now=now_of(settings))
    _print_manifest(manifest, about, heading=f"Återställd till {about['to']}", as_json=as_json)


@contextmanager
def _told_as_json(about: dict[str, Any], *, as_json: bool) -> Iterator[None]:
    """Say on standard output too that nothing was done, where a program reads it."""
    try:
        yield
    except GeoError as exc:
        if as_json:
            print_json({**about, "done": False, "reason": str(exc)})
        raise


def _print_manifest(manifest: Any, about: dict[str, Any], *, heading: str, as_json: bool) -> None:
    if as_json:
        said = manifest.model_dump(mode="json", exclude={"form", "tables"})
        tables = {name: table.rows for name, table in manifest.tables.items()}
        print_json({**about, "done": True, **said, "rows": manifest.rows, "tables": tables})
        return
    typer.echo(
        f"{heading}: {about['file']}, ändring {manifest.revision}, {manifest.rows} rader, "
        f"av {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    for title, names in (("Borttagen", "removed"), ("Skadad, lämnad", "damaged")):
        for name in about.get(names, ()):
            typer.echo(f"{title}: {name}")

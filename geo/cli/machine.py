"""The installation itself: its background map, and whether all is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.edge import Db, note, progress_bar, settings_with
from geo.cli.program import EXIT_SOME, program


@program.command()
def basemap(
    source: Annotated[Path, typer.Argument(help="OSM-utdrag (.osm.pbf) eller GeoPackage.")],
    out: Annotated[Path, typer.Option("--out", help="Filen som ska göras, .pmtiles.")],
) -> None:
    """Gör en egen bakgrundskarta, som programmet kan visa utan internet."""
    from geo.maps.basemap import build_basemap

    with progress_bar() as progress:
        # The bar counts whole things, the maker of the map tells a share.
        build_basemap(source, out, progress=lambda share: progress(round(share * 100), 100))
    note(f"{out} är klar. Visa den med TRYGG_BASEMAP={out}")


@program.command()
def doctor(db: Db = None) -> None:
    """Se efter om allt som behövs finns, och säg vad som saknas."""
    from geo.services.doctor import checkups

    found = list(checkups(settings_with(db)))
    for one in found:
        typer.echo(f"{'✓' if one.is_well else '✗'} {one.subject}: {one.finding}")
    if not all(one.is_well for one in found):
        raise typer.Exit(EXIT_SOME)

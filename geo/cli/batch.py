"""Visits of very many fixes, here or on a cluster."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from geo.cli.days import period_of
from geo.cli.edge import AsJson, note, now_of, print_json, progress_bar, settings_with
from geo.cli.program import EXIT_SOME, program


@program.command("coverage-batch")
def coverage_batch(
    *,
    fixes: Annotated[Path, typer.Option(help="Mapp med GPS-punkter (.parquet).")],
    locations: Annotated[Path, typer.Option(help="Fil med platser, som vid import.")],
    out: Annotated[Path, typer.Option(help="Fil för besöken, .parquet eller .csv.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Så många processer på den här datorn, med Dask.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Adress till ett Dask-kluster, till exempel tcp://dator:8786."),
    ] = None,
    by: Annotated[
        Literal["fixes", "lines"],
        typer.Option(help="Räkna från punkterna, eller från linjerna mellan dem."),
    ] = "fixes",
    max_gap_s: Annotated[
        float, typer.Option("--max-gap", min=0, help="Längsta uppehåll i ett besök, sekunder.")
    ] = 300.0,
    min_dwell_s: Annotated[
        float, typer.Option("--min-dwell", min=0, help="Kortaste besök att behålla, sekunder.")
    ] = 0.0,
    first: Annotated[
        str | None, typer.Option("--from", help="Täckning per dag från, ÅÅÅÅ-MM-DD.")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--to", help="Dagen efter den sista, ÅÅÅÅ-MM-DD.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Räkna besök ur en mapp med GPS-punkter, här eller på ett kluster."""
    from geo.coverage.engine.visits import Rules
    from geo.services.batch.partition import Question
    from geo.services.batch.run import coverage_batch as run
    from geo.services.batch.workers import in_threads, on_dask

    if workers is not None and scheduler is not None:
        raise typer.BadParameter("Ange --workers eller --scheduler, inte båda.")
    period = period_of(first, after, needed=bool(first or after))
    where = (
        nullcontext(in_threads(os.cpu_count() or 1))
        if workers is None and scheduler is None
        else on_dask(workers=workers, scheduler=scheduler)
    )
    rules = Rules(max_gap_s=max_gap_s, max_away_s=max_gap_s, min_dwell_s=min_dwell_s)
    with where as work, progress_bar() as progress:
        result = run(
            fixes,
            locations,
            out,
            work=work,
            now=now_of(settings_with(None)),
            question=Question(by=by, rules=rules),
            period=period,
            progress=progress,
        )
    told = [{"file": one.file, "reason": str(one.reason)} for one in result.left_out]
    if as_json:
        print_json({**asdict(result), "left_out": told, "out": str(out)})
    else:
        note(
            f"{out}: {result.visits} besök på {result.locations} platser, ur {result.fixes} "
            f"punkter i {result.used} filer (färdiga sedan tidigare: {result.reused})"
        )
        for one in told:
            note(f"{one['file']}: {one['reason']}")
    if result.failed or result.doubles or told:
        raise typer.Exit(EXIT_SOME)

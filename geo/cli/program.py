"""The program all commands hang on, its exit codes, and what becomes of errors."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import typer

from geo.cli.edge import note
from geo.errors import GeoError

EXIT_OK, EXIT_SOME, EXIT_NOTHING, EXIT_USAGE = 0, 1, 2, 64

program = typer.Typer(
    name="geo",
    help="Otrygga platser, genomgångna byggnader och patrullbesök i Mark.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    command = typer.main.get_command(program)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Swedish letters, also where the shell was set up for another encoding.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        result = command.main(
            args=None if arguments is None else list(arguments),
            prog_name="python -m geo",
            standalone_mode=False,
        )
    except typer.Abort:
        return EXIT_USAGE
    except typer.TyperException as exc:
        said = exc.format_message()
        note(said if said.startswith("Usage") else f"Fel: {said}")
        return EXIT_USAGE
    except GeoError as exc:
        note(str(exc))
        return EXIT_NOTHING
    except BrokenPipeError:
        # Whoever read us has seen enough; what is left to flush goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as exc:
        note(f"Det gick inte att läsa eller skriva: {exc.strerror or exc}")
        return EXIT_NOTHING
    return result if isinstance(result, int) else EXIT_OK

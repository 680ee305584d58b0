"""Functions that numba turns into machine code, kept on disk and run without Python's lock.

Only modules of kernels import this one, and only ``compiling`` imports those: numba takes a
second to load.

numba keeps code on disk for as long as the *file* of a function is unchanged, and does not look
at what that function takes from other files.  So that no stale code is ever run, the stamp it
compares is widened to all sources of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba

from geo.coverage.engine.sources import SOURCES

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: Final[dict[str, Any]] = {"error_model": "numpy", "fastmath": False, "_nrt": False}


def compiled(function: Function) -> Function:
    """Compile a function when it is first called with a kind of arguments, or load it from disk.

    Divisions follow IEEE 754, not Python: nothing is raised in a kernel.  Sums are not
    reordered, so every machine and every number of threads gives the same bits.  A kernel makes
    no arrays of its own: without numba's memory management none of the arrays it is given is
    counted in and out on every use, which would cost ten times the work itself.
    """
    kernel = numba.njit(nogil=True, cache=True, **_OPTIONS)(function)
    on_disk = cast(Any, kernel)._cache._cache_file
    on_disk._source_stamp = (on_disk._source_stamp, SOURCES)
    return cast(Function, kernel)


def inlined(function: Function) -> Function:
    """Compile a function into those that call it: passing on an index costs more than its work."""
    return cast(Function, numba.njit(forceinline=True, **_OPTIONS)(function))

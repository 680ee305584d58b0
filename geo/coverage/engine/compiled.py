"""Functions that numba turns into machine code, kept on disk and run without Python's lock.

Only modules of kernels import this one, and only ``compiling`` imports those: numba takes a
second to load.

numba keeps code on disk for as long as the *file* of a function is unchanged, and does not look
at what that function takes from other files.  So that no stale code is ever run, the stamp it
compares is widened to all sources of the engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources
from typing import Any, Final, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def _digest() -> str:
    sources = (each for each in resources.files(__package__).iterdir() if each.name[-3:] == ".py")
    texts = [each.read_bytes() for each in sorted(sources, key=lambda each: each.name)]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


SOURCES: Final = _digest()
"""Changes when any source of the engine does."""


def compiled(function: Function) -> Function:
    """Compile a function when it is first called with a kind of arguments, or load it from disk.

    Divisions follow IEEE 754, not Python: nothing is raised in a kernel.  Sums are not
    reordered, so every machine and every number of threads gives the same bits.
    """
    jit = numba.njit(nogil=True, cache=True, error_model="numpy", fastmath=False)
    kernel = jit(function)
    on_disk = cast(Any, kernel)._cache._cache_file
    on_disk._source_stamp = (on_disk._source_stamp, SOURCES)
    return cast(Function, kernel)

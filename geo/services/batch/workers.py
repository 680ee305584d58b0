"""Where partitions are worked on: threads of this process, or the workers of a Dask cluster.

Dask keeps track of its workers, gives the work of one that died to the others, and on this
machine starts a new one in its place.  Nothing of that is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geo.coverage.engine.index import PlaceIndex
from geo.errors import FileError, GeoError, SettingError
from geo.services.batch.partition import Question, partition_visits
from geo.wording import say

Answer = tuple[Path, Any]
"""A partition, and the table of its visits or the GeoError that says why there is none."""

Work = Callable[[Sequence[Path], PlaceIndex, Question], Iterator[Answer]]
"""Works on some partitions, and gives each answer as soon as it is there, in any order."""


def in_threads(threads: int) -> Work:
    """Work in this process, on so many partitions at a time."""

    def work(paths: Sequence[Path], index: PlaceIndex, question: Question) -> Iterator[Answer]:
        pool = ThreadPoolExecutor(threads)
        try:
            waiting = {pool.submit(partition_visits, path, index, question): path for path in paths}
            for done in as_completed(list(waiting)):
                error = done.exception()
                if error is not None and not isinstance(error, GeoError):
                    raise error
                yield waiting.pop(done), done.result() if error is None else error
        finally:
            pool.shutdown(cancel_futures=True)

    return work


@contextmanager
def on_dask(*, workers: int | None = None, scheduler: str | None = None) -> Iterator[Work]:
    """Work on a cluster.

    Parameters
    ----------
    workers
        Start so many processes on this machine, reachable from it alone, and stop them after.
    scheduler
        Or use the cluster whose scheduler has this address.

    Raises
    ------
    SettingError
        Where Dask is not installed, or the scheduler does not answer.
    """
    try:
        import dask
        import distributed
    except ImportError as exc:
        raise SettingError(
            say("Dask är inte installerat. Kör: pip install -r requirements-batch.txt")
        ) from exc
    # Dask says of few of its functions what they take.
    make_client: Any = distributed.Client
    make_cluster: Any = distributed.LocalCluster
    # The index of places travels once, inside a task of its own, and is some megabytes.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        if scheduler is None:
            with (
                make_cluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    # No page to watch; its server stays, on this machine's own address.
                    scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                    silence_logs="ERROR",
                ) as cluster,
                make_client(cluster) as client,
            ):
                yield _on(client)
            return
        try:
            client = make_client(scheduler)
        except (OSError, ValueError) as exc:
            raise SettingError(
                say("Schemaläggaren {address} svarar inte.", address=scheduler)
            ) from exc
        with client:
            yield _on(client)


def _on(client: Any) -> Work:
    import distributed

    as_answered: Any = distributed.as_completed

    def work(paths: Sequence[Path], index: PlaceIndex, question: Question) -> Iterator[Answer]:
        if not paths:
            return
        # A task like any other, so that it is run again if all who have the index die.
        shared = client.submit(_as_given, index, pure=False)
        futures = client.map(
            partition_visits, list(paths), index=shared, question=question, pure=False
        )
        waiting = {future.key: path for future, path in zip(futures, paths, strict=True)}
        answers = as_answered(futures, with_results=True, raise_errors=False)
        # What is answered is let go on the cluster, too.
        del futures
        for future, result in answers:
            path = waiting.pop(future.key)
            if future.status == "finished":
                yield path, result
                continue
            error = future.exception()
            if isinstance(error, distributed.KilledWorker):
                yield path, FileError(say("Arbetarna stannade, en efter en, när de fick filen."))
            elif isinstance(error, GeoError):
                yield path, error
            else:
                raise error

    return work


def _as_given(index: PlaceIndex) -> PlaceIndex:
    return index

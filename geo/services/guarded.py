"""The store as one account may use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar, cast

import pandas as pd
from typing_extensions import override

from geo.access import Account, Action, Subject, audience_of, is_own_only, may, needed_for
from geo.errors import PermissionDeniedError
from geo.model.record import Record
from geo.services.audience import seen
from geo.store.store import Change, Put, Store, Stored
from geo.wording import Message, mark, say

R = TypeVar("R", bound=Record)

_BY_IMPORT = ("import:", "undo:")
_NOT_YOURS = mark("Du får bara ändra och ta bort det som du själv har loggat.")
_SAYINGS: dict[Action, str] = {
    "add": mark("Din roll får inte lägga till det här."),
    "change": mark("Din roll får inte ändra det här."),
    "delete": mark("Din roll får inte ta bort det här."),
    "plan": mark("Din roll får inte ändra platser, mål och löften."),
    "import": mark("Din roll får inte läsa in det här."),
    "export": mark("Din roll får inte exportera det här."),
    "administer": mark("Det här är bara för administratörer."),
    "view": mark("Din roll får inte se det här."),
}


def refusal(action: Action) -> PermissionDeniedError:
    """Say that a role may not do something."""
    return PermissionDeniedError(Message(_SAYINGS[action]))


def require(account: Account, action: Action, subject: Subject) -> None:
    """Go on if an account may do something.

    Raises
    ------
    PermissionDeniedError
        If not.
    """
    if not may(account, action, subject):
        raise refusal(action)


class GuardedStore(Store):
    """Writes what `account` may write, and reads what it may see on the day `today`."""

    def __init__(self, behind: Store, account: Account, *, today: date) -> None:
        self._behind = behind
        self._account = account
        self._today = today

    @override
    def write(
        self, changes: Iterable[Change], *, origin: str, at: datetime, account: str | None = None
    ) -> int:
        """Write as the store behind does.

        Raises
        ------
        PermissionDeniedError
            Where one of the changes is not for this account; then nothing is written.
        """
        wanted = list(changes)
        for change in wanted:
            self._require(change, is_import=origin.startswith(_BY_IMPORT))
        return self._behind.write(
            wanted, origin=origin, at=at, account=account or self._account.account_id
        )

    def _require(self, change: Change, *, is_import: bool) -> None:
        subject = change.record_type.kind_of_record
        action: Action
        if is_import:
            action = "import"
        elif not isinstance(change, Put):
            action = needed_for(subject, "delete")
        else:
            action = needed_for(subject, "change" if self._is_known(change) else "add")
        require(self._account, action, subject)
        if action in {"change", "delete"} and is_own_only(self._account):
            first = self._behind.history(change.record_type, change.record_id)
            if first and first[0].origin != f"account:{self._account.account_id}":
                raise PermissionDeniedError(say(_NOT_YOURS))

    def _is_known(self, change: Put) -> bool:
        # Putting back what was taken back is a change too, though none stands.
        return bool(change.expects or self._behind.history(change.record_type, change.record_id))

    @override
    def revision(self) -> int:
        return self._behind.revision()

    @override
    def standing(self, record_type: type[R], ids: Sequence[str] | None = None) -> list[Stored[R]]:
        return self._seen(self._behind.standing(record_type, ids))

    @override
    def history(self, record_type: type[R], record_id: str) -> list[Stored[R]]:
        return self._seen(self._behind.history(record_type, record_id))

    @override
    def written_by(self, record_type: type[R], origin: str) -> list[Stored[R]]:
        return self._seen(self._behind.written_by(record_type, origin))

    @override
    def frame(self, record_type: type[Record], columns: Sequence[str]) -> pd.DataFrame:
        return self._whole().frame(record_type, columns)

    @override
    def at_one_revision(self) -> AbstractContextManager[Store]:
        return self._whole().at_one_revision()

    @override
    def close(self) -> None:
        self._behind.close()

    def _seen(self, found: list[Stored[R]]) -> list[Stored[R]]:
        shown = ((one, seen(one.record, self._account, today=self._today)) for one in found)
        return [
            replace(one, record=cast("R", record)) for one, record in shown if record is not None
        ]

    def _whole(self) -> Store:
        # Columns are read by snapshots, which are made of everything and narrowed afterwards.
        if audience_of(self._account) != "intern":
            raise refusal("view")
        return self._behind

"""Who may do what: roles × organisations × actions, in one table.

The gate, the pages, the services and the tests all read this table, and nothing else decides.
What a reader is *shown* follows from the organisation (`audience_of`), what he may *do* from the
role.  Nobody here is a person: an account is a login at an organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

Organisation = Literal["polisen", "kommunen", "mbab", "allmänheten"]
"""Who an account belongs to; *allmänheten* is a screen that anybody may look at."""

Role = Literal[
    "officer",
    "police_coordinator",
    "municipal_coordinator",
    "housing_manager",
    "caretaker",
    "viewer",
    "administrator",
]

Action = Literal["view", "add", "change", "delete", "export", "plan", "import", "administer"]
"""*plan* is to say what shall be done (places with targets and hours, promises); *add*, *change*
and *delete* are about what was done, and about the register of buildings."""

Subject = Literal[
    "locations",
    "buildings",
    "inspections",
    "visits",
    "tracks",
    "activities",
    "promises",
    "promise_items",
    "boundaries",
    "imports",
]
"""What is acted upon: the kinds of record."""

Audience = Literal["intern", "samverkan", "offentlig"]

ORGANISATIONS: Final = get_args(Organisation)
ROLES: Final = get_args(Role)
ACTIONS: Final = get_args(Action)
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)

_ALL: Final = frozenset(SUBJECTS)
_PLANNED: Final = frozenset[Subject]({"locations", "promises", "promise_items"})
_PATROLLED: Final = frozenset[Subject]({"visits", "activities", "tracks"})
_HOUSING: Final = frozenset[Subject]({"buildings", "inspections"})
_MUNICIPAL: Final = frozenset[Subject]({"activities", "boundaries"})
# Who imports writes the receipt, and takes it back with all that came with it.
_RECEIPT: Final = frozenset[Subject]({"imports"})


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role may do.

    Attributes
    ----------
    organisations
        Where there can be such an account.
    actions
        Each action with what it may be done to; one that is not there may not be done.
    own_only
        Whether it may change and delete only what the same account has logged.
    """

    organisations: frozenset[Organisation]
    actions: Mapping[Action, frozenset[Subject]]
    own_only: bool = False


def _of(*organisations: Organisation) -> frozenset[Organisation]:
    return frozenset(organisations)


def _on(*subjects: Subject) -> frozenset[Subject]:
    return frozenset(subjects)


GRANTS: Final[Mapping[Role, Grant]] = MappingProxyType(
    {
        "officer": Grant(
            _of("polisen"),
            {
                "view": _ALL,
                "add": _on("visits", "activities"),
                "change": _on("visits", "activities"),
                "delete": _on("visits", "activities"),
            },
            own_only=True,
        ),
        "police_coordinator": Grant(
            _of("polisen"),
            {
                "view": _ALL,
                "add": _PATROLLED,
                "change": _PATROLLED,
                "delete": _PATROLLED,
                "export": _ALL,
                "plan": _PLANNED,
                "import": _PATROLLED | _PLANNED | _RECEIPT,
            },
        ),
        "municipal_coordinator": Grant(
            _of("kommunen"),
            {
                "view": _ALL,
                "add": _MUNICIPAL,
                "change": _MUNICIPAL,
                "delete": _MUNICIPAL,
                "export": _ALL,
                "import": _MUNICIPAL | _RECEIPT,
            },
        ),
        "housing_manager": Grant(
            _of("mbab"),
            {
                "view": _ALL,
                "add": _HOUSING,
                "change": _HOUSING,
                "delete": _HOUSING,
                "export": _ALL,
                "import": _HOUSING | _RECEIPT,
            },
        ),
        "caretaker": Grant(
            _of("mbab"),
            {
                "view": _ALL,
                "add": _on("inspections"),
                "change": _on("inspections"),
                "delete": _on("inspections"),
            },
            own_only=True,
        ),
        "viewer": Grant(_of("polisen", "kommunen", "mbab", "allmänheten"), {"view": _ALL}),
        "administrator": Grant(_of("polisen", "kommunen", "mbab"), dict.fromkeys(ACTIONS, _ALL)),
    }
)
"""The table."""

_AUDIENCES: Final[Mapping[Organisation, Audience]] = MappingProxyType(
    {
        "polisen": "intern",
        "kommunen": "samverkan",
        "mbab": "samverkan",
        "allmänheten": "offentlig",
    }
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in: a login at an organisation with a role, never a person's name."""

    account_id: str
    organisation: Organisation
    role: Role


LOCAL: Final = Account("lokal", "polisen", "administrator")
"""Whoever sits at the machine, as long as there are no accounts."""


def can_be(organisation: Organisation, role: Role) -> bool:
    """Tell whether an organisation can have accounts of a role."""
    return organisation in GRANTS[role].organisations


def may(account: Account, action: Action, subject: Subject) -> bool:
    """Tell whether an account may do something to a kind of record.

    *change* and *delete* of a role that is ``own_only`` hold for its own records alone; whoever
    lets it happen asks `is_own_only` too.
    """
    grant = GRANTS[account.role]
    return account.organisation in grant.organisations and subject in grant.actions.get(
        action, frozenset()
    )


def may_at_all(account: Account, action: Action) -> bool:
    """Tell whether there is anything an account may do this to."""
    return any(may(account, action, subject) for subject in SUBJECTS)


def is_own_only(account: Account) -> bool:
    """Tell whether an account may change and delete only what it has logged itself."""
    return GRANTS[account.role].own_only


def needed_for(subject: Subject, action: Literal["add", "change", "delete"]) -> Action:
    """Name the action that a change to a record is: for what is planned, *plan*."""
    return "plan" if subject in _PLANNED else action


def audience_of(account: Account) -> Audience:
    """Say what an account is shown."""
    return _AUDIENCES[account.organisation]

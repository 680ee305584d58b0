"""The table of who may do what, read as the promises it makes."""

from __future__ import annotations

from itertools import product

import pytest

from geo.access import (
    ACTIONS,
    GRANTS,
    LOCAL,
    ORGANISATIONS,
    ROLES,
    SUBJECTS,
    Account,
    Action,
    Organisation,
    Role,
    Subject,
    audience_of,
    can_be,
    is_own_only,
    may,
    may_at_all,
    needed_for,
)
from geo.model.record import Kind
from geo.store.tables import RECORD_TYPES

EVERYBODY = [
    Account("x", organisation, role)
    for organisation, role in product(ORGANISATIONS, ROLES)
    if can_be(organisation, role)
]


def test_the_subjects_are_the_kinds_of_record() -> None:
    from typing import get_args

    assert set(SUBJECTS) == {t.kind_of_record for t in RECORD_TYPES} == set(get_args(Kind))


def test_every_role_is_somebodys_and_sees_something() -> None:
    assert set(GRANTS) == set(ROLES)
    assert {account.role for account in EVERYBODY} == set(ROLES)
    assert all(may_at_all(account, "view") for account in EVERYBODY)


@pytest.mark.parametrize(
    ("role", "action", "subjects"),
    [
        ("officer", "add", {"visits", "activities"}),
        ("officer", "plan", set()),
        ("officer", "export", set()),
        ("police_coordinator", "plan", {"locations", "promises", "promise_items"}),
        ("police_coordinator", "add", {"visits", "activities", "tracks"}),
        ("municipal_coordinator", "add", {"activities", "boundaries"}),
        ("municipal_coordinator", "plan", set()),
        ("housing_manager", "add", {"buildings", "inspections"}),
        ("caretaker", "add", {"inspections"}),
        ("caretaker", "export", set()),
        ("viewer", "add", set()),
        ("viewer", "export", set()),
        ("administrator", "administer", set(SUBJECTS)),
    ],
)
def test_what_a_role_may(role: Role, action: Action, subjects: set[Subject]) -> None:
    for organisation in GRANTS[role].organisations:
        account = Account("x", organisation, role)
        assert {s for s in SUBJECTS if may(account, action, s)} == subjects


def test_only_administrators_administer() -> None:
    assert {a.role for a in EVERYBODY if may_at_all(a, "administer")} == {"administrator"}


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_at_the_wrong_organisation_may_nothing(
    organisation: Organisation, role: Role
) -> None:
    if not can_be(organisation, role):
        account = Account("x", organisation, role)
        assert not any(may(account, a, s) for a, s in product(ACTIONS, SUBJECTS))


def test_only_police_see_what_is_internal() -> None:
    assert {a.organisation for a in EVERYBODY if audience_of(a) == "intern"} == {"polisen"}
    assert audience_of(Account("skärm", "allmänheten", "viewer")) == "offentlig"


def test_the_public_only_looks() -> None:
    public = [a for a in EVERYBODY if a.organisation == "allmänheten"]
    assert [a.role for a in public] == ["viewer"]
    assert [a for a in ACTIONS if may_at_all(public[0], a)] == ["view"]


def test_whoever_logs_alone_changes_only_the_own() -> None:
    assert {a.role for a in EVERYBODY if is_own_only(a)} == {"officer", "caretaker"}


def test_what_is_planned_is_planned_however_it_is_written() -> None:
    assert needed_for("locations", "add") == needed_for("promises", "delete") == "plan"
    assert needed_for("visits", "change") == "change"


def test_whoever_sits_at_the_machine_may_everything() -> None:
    assert all(may(LOCAL, a, s) for a, s in product(ACTIONS, SUBJECTS))

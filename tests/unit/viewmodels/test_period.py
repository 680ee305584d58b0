"""Which days a view is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from geo.model.period import Period
from geo.model.promise import Promise
from geo.services.selection import Selection
from tests.unit.viewmodels.world import EN, SV, building, inspection, local, place, visit, world
from ui.viewmodels.link import View
from ui.viewmodels.period import (
    asked_on,
    choices,
    data_age,
    filter_sentences,
    newest_on,
    preset_of,
    presets,
    selection_of,
)

LATER = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_default_is_thirteen_iso_weeks_that_end_with_the_newest_visit() -> None:
    # 2021-05-28 is the Friday of v. 21; v. 9 begins on 1 March.
    snapshot = world(place(), visit("2021-05-28 20:00"))
    asked = selection_of(View(), snapshot, choices(snapshot), now=LATER)
    assert asked == Selection(Period(date(2021, 3, 1), date(2021, 5, 29)))


def test_a_visit_past_midnight_is_of_the_day_it_began() -> None:
    # Otherwise *the year* after New Year's Eve would be one day long.
    snapshot = world(place(), visit("2021-12-31 23:50", 30))
    assert newest_on(snapshot, now=LATER) == date(2021, 12, 31)
    assert presets(snapshot, now=LATER)["year"] == Period(date(2021, 1, 1), date(2022, 1, 1))


def test_nothing_newer_than_today_is_newest() -> None:
    snapshot = world(place(), visit("2021-05-28 20:00"))
    assert newest_on(snapshot, now=local("2021-04-01 00:30")) == date(2021, 4, 1)


def test_without_visits_the_inspections_say_and_without_both_it_is_today() -> None:
    only_buildings = world(building("a"), inspection("a", "vind", "2021-02-03"))
    assert newest_on(only_buildings, now=LATER) == date(2021, 2, 3)
    assert newest_on(world(), now=local("2021-06-01 12:00")) == date(2021, 6, 1)


def test_the_promise_year_stops_at_the_newest_data() -> None:
    # A promise of the store goes before the one that ships with the program.
    promise = Promise(
        promise_id="p", title="Löfte", from_on=date(2021, 2, 1), to_on=date(2021, 9, 1)
    )
    early = world(place(), visit("2021-03-10 20:00"), promise)
    assert presets(early, now=LATER)["promise"] == Period(date(2021, 2, 1), date(2021, 3, 11))
    late = world(place(), visit("2022-03-10 20:00"), promise)
    assert presets(late, now=LATER)["promise"] == Period(date(2021, 2, 1), date(2021, 9, 1))


def test_a_period_knows_its_short_cut() -> None:
    snapshot = world(place(), visit("2021-05-28 20:00"))
    among = presets(snapshot, now=LATER)
    assert preset_of(among["4v"], among) == "4v"
    assert preset_of(Period(date(2021, 5, 1), date(2021, 5, 2)), among) is None


def test_kinds_and_areas_that_do_not_exist_filter_nothing() -> None:
    snapshot = world(place(), visit("2021-05-28 20:00"), building("a"))
    view = View(
        visit_kinds=("ufo",), location_kinds=("torg", "ö"), priorities=(1,), areas=("Hedbo",)
    )
    asked = selection_of(view, snapshot, choices(snapshot), now=LATER)
    assert (asked.visit_kinds, asked.location_kinds) == ((), ("torg",))
    # No place has a priority, so none can be asked for.
    assert (asked.priorities, asked.areas) == ((), ("Hedbo",))


def test_states_are_asked_of_the_last_day_but_never_of_the_future() -> None:
    asked = Selection(Period(date(2021, 3, 1), date(2021, 3, 29)))
    assert asked_on(asked, world(), now=LATER) == date(2021, 3, 28)
    assert asked_on(asked, world(), now=local("2021-03-05 23:30")) == date(2021, 3, 5)


def test_what_was_done_after_the_newest_visit_belongs_to_how_things_stand() -> None:
    """Somebody logs an inspection today; the newest visit, where the period ends, is older."""
    snapshot = world(
        place(), visit("2021-03-20 20:00"), building("a"), inspection("a", "vind", "2021-04-02")
    )
    as_it_is = selection_of(View(), snapshot, choices(snapshot), now=LATER)
    assert as_it_is.period.last_on == date(2021, 3, 20)
    assert asked_on(as_it_is, snapshot, now=LATER) == date(2021, 4, 2)
    assert asked_on(as_it_is, snapshot, now=local("2021-03-25 12:00")) == date(2021, 3, 25)
    # Who asks for an earlier or a later period gets the state at its end.
    for last_on in (date(2021, 3, 19), date(2021, 3, 31)):
        chosen = Selection(Period(date(2021, 3, 1), last_on + timedelta(days=1)))
        assert asked_on(chosen, snapshot, now=LATER) == last_on


def test_the_age_of_the_data_has_years_only_where_they_differ() -> None:
    same = world(
        place(), visit("2021-05-30 20:00"), building("a"), inspection("a", "vind", "2021-03-12")
    )
    assert data_age(same, SV) == "Besök t.o.m. 30 maj · MBAB t.o.m. 12 mars"
    apart = world(
        place(), visit("2021-05-30 20:00"), building("a"), inspection("a", "vind", "2020-03-12")
    )
    assert data_age(apart, SV) == "Besök t.o.m. 30 maj 2021 · MBAB t.o.m. 12 mars 2020"
    assert data_age(world(), SV) == "Inga uppgifter än"
    assert data_age(world(), EN)


def test_filters_are_said_one_sentence_each() -> None:
    asked = Selection(
        Period(date(2021, 3, 1), date(2021, 3, 29)), visit_kinds=("bil", "fot"), priorities=(1,)
    )
    assert filter_sentences(asked, SV) == ("Besök: bil, fot", "Prioritet: 1")

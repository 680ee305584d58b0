"""Logging as a person does it: what they tap and type, and what they then read."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from geo.model.building import Inspection
from geo.model.period import Period
from geo.model.visit import Visit
from geo.services.coverage import coverage
from geo.services.recording import save, take_back
from geo.services.snapshot import read_snapshot
from geo.store.open import open_store
from geo.store.sql import SqlStore

OpenPage = Callable[..., AppTest]

NOW = datetime(2022, 1, 3, 8, tzinfo=UTC)
PLACE, PLACE_NAME = "snickaren-gangtunneln", "Snickaren, gångtunneln"
BUILDING = "exempel-assberg-01"


def records() -> SqlStore:
    """Open the very database the page works on, as another session would."""
    return open_store(os.environ["TRYGG_DB"])


def logged() -> list[Visit]:
    return [
        stored.record
        for stored in records().standing(Visit)
        if stored.origin.startswith("account:")
    ]


def read(app: AppTest) -> str:
    """Everything a person can read on the page."""
    assert not app.exception, app.exception[0].message
    texts = [app.subheader, app.markdown, app.caption]
    boxes = [app.warning, app.error, app.info, app.success]
    # The escapes of user text are not seen on screen.
    return "\n".join(one.value for part in (*texts, *boxes) for one in part).replace("\\", "")


def choose(app: AppTest, label: str, value: object) -> AppTest:
    found = next(one for one in app.button_group if one.label == label)
    return found.set_value(value).run()


def type_in(app: AppTest, label: str, text: str) -> AppTest:
    fields = [*app.text_input, *app.text_area]
    return next(one for one in fields if one.label == label).set_value(text).run()


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def days_since_last(at: datetime) -> float:
    on = at.date()
    rows = coverage(read_snapshot(records()), Period(on, on + timedelta(days=1)))
    return float(rows.set_index("location_id").loc[PLACE, "days_since_last"])


def test_a_visit_in_two_taps_brings_the_days_since_the_last_one_to_zero(
    open_page: OpenPage,
) -> None:
    # The day asked about ends 15 hours after the visit: 0.6 days, which reads as 0 whole days.
    before = days_since_last(NOW)
    assert before > 3
    app = open_page("logga", query={"plats": PLACE})
    assert app.selectbox(key="visits_location_id").value == PLACE
    app = choose(app, "Hur många minuter? Besöket slutar nu.", 15)
    app = press(app, "Spara besöket")
    text = read(app)
    assert "Sparat" in text
    assert PLACE_NAME in text
    assert "i dag 08:45–09:00 · 15 min · 1 polis" in text
    assert "dagar sedan förra besöket där" in text
    (visit,) = logged()
    assert (visit.location_id, visit.end_at) == (PLACE, NOW)
    assert int(days_since_last(NOW)) == 0


def test_the_map_s_panel_reads_zero_days_after_a_visit(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = press(app, "Spara besöket")
    app = app.switch_page("pages/karta.py").run()
    assert PLACE_NAME in read(app)
    figures = "".join(one.value for one in app.get("html"))
    assert "<dd>0</dd><dt>dagar sedan senaste besök</dt>" in figures


def test_a_retry_is_no_duplicate(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    form = app.session_state["visits_id"]
    # The first answer was lost: the visit is stored already, under the form's own key.
    lost = Visit(
        visit_id=form,
        location_id=PLACE,
        start_at=NOW - timedelta(minutes=10),
        end_at=NOW,
    )
    save(records(), lost, account="lokal", now=NOW)
    app = choose(app, "Antal poliser", 3)
    app = press(app, "Spara besöket")
    assert "Sparat" in read(app)
    (visit,) = logged()
    assert (visit.visit_id, visit.officers) == (form, 3)
    # The next form is another visit.
    app = press(app, "Logga mer")
    app = press(app, "Spara besöket")
    assert len(logged()) == 2


def test_nothing_typed_is_lost_on_an_error_or_on_another_page(open_page: OpenPage) -> None:
    app = open_page("logga")
    app = choose(app, "Hur många minuter? Besöket slutar nu.", 0)
    app = type_in(app, "Från", "8.3x")
    app = type_in(app, "Till", "0840")
    app = type_in(app, "Anteckning om platsen, inte om personer", "Lyset är trasigt")
    app = press(app, "Spara besöket")
    text = read(app)
    assert "Välj plats." in text
    assert "”8.3x” är inte ett klockslag" in text
    assert "Inte sparat än." in text
    assert logged() == []
    app = app.switch_page("pages/om.py").run()
    app = app.switch_page("pages/logga.py").run()
    assert app.text_input(key="visits_start").value == "8.3x"
    assert app.text_area(key="visits_note").value == "Lyset är trasigt"
    app = app.selectbox(key="visits_location_id").set_value(PLACE).run()
    app = type_in(app, "Från", "830")
    app = press(app, "Spara besöket")
    assert "i dag 08:30–08:40 · 10 min" in read(app)
    assert logged()[0].note == "Lyset är trasigt"


def test_text_about_a_person_is_asked_about_once_and_never_blocked(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = type_in(app, "Anteckning om platsen, inte om personer", "Ring 070-123 45 67")
    app = press(app, "Spara besöket")
    assert "ser ut att innehålla telefonnummer" in read(app)
    assert logged() == []
    # Another text with a hint is asked about anew.
    app = type_in(app, "Anteckning om platsen, inte om personer", "Mejla a@b.se")
    app = press(app, "Spara ändå")
    assert "ser ut att innehålla e-postadress" in read(app)
    app = press(app, "Spara ändå")
    assert "Sparat" in read(app)
    assert [visit.note for visit in logged()] == ["Mejla a@b.se"]


def test_a_harmless_text_after_the_warning_is_saved_at_once(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = type_in(app, "Anteckning om platsen, inte om personer", "Ring 070-123 45 67")
    app = press(app, "Spara besöket")
    app = type_in(app, "Anteckning om platsen, inte om personer", "Lugnt")
    app = press(app, "Spara ändå")
    assert "Sparat" in read(app)
    assert [visit.note for visit in logged()] == ["Lugnt"]


def test_what_was_logged_is_corrected_and_its_history_told(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = press(app, "Spara besöket")
    app = press(app, "Ändra")
    assert "Ändra besöket" in read(app)
    app = choose(app, "Antal poliser", 2)
    app = type_in(app, "Från", "8:40")
    app = press(app, "Spara ändringen")
    text = read(app)
    assert "Ändringen är sparad" in text
    assert "i dag 08:40–09:00 · 20 min · 2 poliser" in text
    app = press(app, "Historik")
    assert "antal poliser: 1 → 2" in read(app)
    # Undoing a correction brings back what it replaced.
    app = press(app, "Ångra")
    assert "i dag 08:50–09:00 · 10 min · 1 polis" in read(app)
    assert logged()[0].officers == 1


def test_what_was_logged_is_taken_back_and_put_back(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = press(app, "Spara besöket")
    app = press(app, "Ångra")
    assert "Borttaget" in read(app)
    assert logged() == []
    assert int(days_since_last(NOW)) > 3
    app = press(app, "Lägg tillbaka")
    assert len(logged()) == 1
    app = press(app, "Ta bort")
    assert logged() == []
    assert "Inget är loggat härifrån än" in read(app)


def test_a_conflict_is_told_with_what_changed_and_the_next_try_replaces_it(
    open_page: OpenPage,
) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = press(app, "Spara besöket")
    app = press(app, "Ändra")
    app = type_in(app, "Anteckning om platsen, inte om personer", "Min text")
    (seen,) = logged()
    theirs = seen.model_copy(update={"officers": 4})
    save(records(), theirs, expects=1, account="anna", now=NOW)
    app = press(app, "Spara ändringen")
    assert "Någon annan hann ändra (antal poliser: 1 → 4)." in read(app)
    assert app.text_area(key="edit_note").value == "Min text"
    app = press(app, "Spara ändringen")
    assert "Ändringen är sparad" in read(app)
    assert (logged()[0].officers, logged()[0].note) == (1, "Min text")


def test_a_record_somebody_took_back_meanwhile_is_told(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = press(app, "Spara besöket")
    app = press(app, "Ändra")
    (seen,) = logged()
    take_back(records(), Visit, seen.visit_id, expects=1, account="anna", now=NOW)
    app = choose(app, "Antal poliser", 2)
    app = press(app, "Spara ändringen")
    assert "Någon annan hann ta bort uppgiften." in read(app)
    app = press(app, "Spara ändringen")
    assert logged()[0].officers == 2


def test_a_visit_that_did_not_happen_needs_a_reason_and_is_no_presence(
    open_page: OpenPage,
) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = choose(app, "Blev besöket av?", False)
    app = press(app, "Spara besöket")
    assert "varför besöket inte blev av" in read(app)
    app = app.selectbox(key="visits_reason").set_value("Hann inte").run()
    app = press(app, "Spara besöket")
    assert "blev inte av: Hann inte" in read(app)
    assert int(days_since_last(NOW)) > 3


def test_a_reason_chosen_in_english_is_stored_as_the_same_reason(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE, "sprak": "en"})
    app = choose(app, "Did the visit take place?", False)
    reason = app.selectbox(key="visits_reason")
    assert "No time" in reason.options
    app = reason.set_value("No time").run()
    app = press(app, "Save visit")
    assert "did not take place: No time" in read(app)
    assert [visit.not_done_reason for visit in logged()] == ["Hann inte"]


def test_the_double_hour_is_asked_about(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    app = choose(app, "Hur många minuter? Besöket slutar nu.", 0)
    app = choose(app, "Dag", "other")
    app = app.date_input(key="visits_on").set_value(date(2021, 10, 31)).run()
    app = type_in(app, "Från", "02:30")
    app = type_in(app, "Till", "03:10")
    asked = app.button_group(key="visits_start_fold")
    assert "två gånger den natten" in asked.label
    app = asked.set_value("second").run()
    app = press(app, "Spara besöket")
    (visit,) = logged()
    # The second 02:30 is winter time, UTC+1.
    assert visit.start_at == datetime(2021, 10, 31, 1, 30, tzinfo=UTC)
    assert visit.end_at - visit.start_at == timedelta(minutes=40)


def test_a_walk_through_a_building_and_a_deficiency_put_right(open_page: OpenPage) -> None:
    app = open_page("logga", query={"byggnad": BUILDING})
    app = choose(app, "Vilka utrymmen?", ["källare", "vind"])
    app = press(app, "Spara genomgången")
    assert read(app).count("Välj hur det såg ut.") == 3  # at both spaces, and by the button
    app = choose(app, "Källare: hur såg det ut?", "utan_anmarkning")
    app = choose(app, "Vind: hur såg det ut?", "brist")
    app = type_in(app, "Vad är fel? Om huset, inte om personer", "Trasigt lås")
    app = press(app, "Spara genomgången")
    text = read(app)
    assert "Exempelvägen 1, källare" in text
    # 30 days after 3 January.
    assert "brist · Trasigt lås · klart senast 2 februari 2022" in text
    app = press(app, "Logga mer")
    assert "Öppna brister" in read(app)
    app = press(app, "Åtgärdad i dag")
    assert "åtgärdad 3 januari 2022" in read(app)
    fixed = [s.record for s in records().standing(Inspection) if s.record.deficiencies]
    assert date(2022, 1, 3) in {record.fixed_on for record in fixed}
    app = press(app, "Ångra")
    assert date(2022, 1, 3) not in {s.record.fixed_on for s in records().standing(Inspection)}


def test_an_activity_over_several_days(open_page: OpenPage) -> None:
    app = open_page("logga")
    app = choose(app, "Vad vill du logga?", "activities")
    app = press(app, "Spara aktiviteten")
    assert "vad som gjordes" in read(app)
    app = app.selectbox(key="activities_kind").set_value("trygghetsvandring").run()
    app = app.date_input(key="activities_from_on").set_value(date(2021, 12, 2)).run()
    app = app.date_input(key="activities_to_on").set_value(date(2021, 12, 3)).run()
    app = type_in(app, "Var, om det inte är en utpekad plats", "Assberg")
    app = press(app, "Spara aktiviteten")
    text = read(app)
    assert "Trygghetsvandring" in text
    assert "2 december – 3 december 2021 · Assberg" in text


def test_typed_text_stays_text(open_page: OpenPage) -> None:
    app = open_page("logga", query={"plats": PLACE})
    hostile = "<b>x</b> **y** $z$ :red[q] {{ 7*7 }}"
    app = type_in(app, "Anteckning om platsen, inte om personer", hostile)
    app = press(app, "Spara besöket")
    shown = next(one.value for one in app.markdown if "polis" in one.value)
    assert "<b>" not in shown
    assert "**y**" not in shown
    assert logged()[0].note == hostile


def test_without_places_and_buildings_the_page_says_what_to_do(
    open_empty_page: OpenPage,
) -> None:
    app = open_empty_page("logga")
    assert "Det finns inga platser än." in read(app)
    app = choose(app, "Vad vill du logga?", "inspections")
    assert "Det finns inga byggnader än." in read(app)
    # An activity needs neither.
    app = choose(app, "Vad vill du logga?", "activities")
    assert [one.label for one in app.button if one.label.startswith("Spara")] == [
        "Spara aktiviteten"
    ]


@pytest.mark.parametrize("query", [{"plats": "finns-inte"}, {"byggnad": "<script>"}])
def test_a_link_to_what_is_not_there_is_an_empty_form(
    query: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("logga", query=query)
    read(app)
    assert all(one.value is None for one in app.selectbox if one.label in {"Plats", "Byggnad"})

"""A place's history: every day keeps what was said of it last, and no day is said twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.model.location import Location
from geo.services.designating import place_changes
from geo.store.store import Put

FIRST = date(2021, 1, 1)


def day(number: int | None) -> date | None:
    return None if number is None else FIRST + timedelta(days=number)


def a_piece(start: int | None, end: int | None, target: float) -> Location:
    return Location(
        location_id="p",
        name="P",
        kind="torg",
        geometry=Point(12.69, 57.5),
        visits_per_week=target,
        designated_from=day(start),
        designated_to=day(end),
    )


@st.composite
def spans(draw: st.DrawFn) -> tuple[int | None, int | None]:
    start = draw(st.none() | st.integers(1, 30))
    end = draw(st.none() | st.integers((start or 0) + 1, 40))
    return start, end


def target_on(pieces: list[Location], number: int) -> float | None:
    found = [piece.visits_per_week for piece in pieces if piece.is_designated(day(number) or FIRST)]
    assert len(found) <= 1, "designated twice"
    return found[0] if found else None


@given(st.lists(spans(), min_size=1, max_size=8))
def test_each_day_has_the_target_that_was_said_last(
    said: list[tuple[int | None, int | None]],
) -> None:
    history: dict[str, Location] = {}
    expected: list[float | None] = [None] * 50
    for order, (start, end) in enumerate(said):
        new = a_piece(start, end, float(order))
        same_key = history.get(new.record_id)
        changes = place_changes(
            new, [(piece, 1) for piece in history.values()], expects=int(new.record_id in history)
        )
        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, Location):
                history[change.record_id] = change.record
            else:
                del history[change.record_id]
        for number in range(50):
            mine = new.is_designated(day(number) or FIRST)
            # New content of a piece that begins the same day is all there is of it.
            if same_key is not None and same_key.is_designated(day(number) or FIRST):
                expected[number] = None
            if mine:
                expected[number] = float(order)
    assert [target_on(list(history.values()), n) for n in range(50)] == expected


def test_a_passing_target_gives_way_to_the_old_one() -> None:
    always, summer = a_piece(None, None, 3), a_piece(10, 20, 7)
    pieces = [
        c.record for c in place_changes(summer, [(always, 1)], expects=0) if isinstance(c, Put)
    ]
    found = {p.record_id: p.visits_per_week for p in pieces if isinstance(p, Location)}
    assert found == {"p@2021-01-11": 7, "p@": 3, "p@2021-01-21": 3}


def test_the_same_said_of_other_days_corrects_them() -> None:
    wrong, right = a_piece(10, None, 3), a_piece(5, None, 3)
    kinds = [type(change).__name__ for change in place_changes(right, [(wrong, 1)], expects=0)]
    assert kinds == ["Put", "Withdraw"]
    later = a_piece(15, None, 3)
    kinds = [type(change).__name__ for change in place_changes(later, [(wrong, 1)], expects=0)]
    assert kinds == ["Put", "Withdraw"]

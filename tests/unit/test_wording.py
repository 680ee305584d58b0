"""Sentences, numbers and dates in the reader's language."""

import math
from datetime import UTC, date, datetime

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from geo.wording import (
    LANGUAGES,
    Amount,
    Language,
    Message,
    Wording,
    parts_of_a_whole,
    quote,
    say,
    whole_percent,
)

sv, en = Wording("sv"), Wording("en")
NBSP = "\N{NO-BREAK SPACE}"


class TestMessages:
    def test_a_sentence_and_its_values(self) -> None:
        assert str(say("Filen {file} är tom.", file="a.csv")) == "Filen a.csv är tom."

    def test_what_a_user_typed_is_never_a_template(self) -> None:
        hostile = "{0.__class__} {{ 7*7 }} %s"
        assert str(say("Filen {file} är tom.", file=hostile)) == f"Filen {hostile} är tom."
        assert str(Message(hostile)) == hostile
        assert sv.message(hostile) == hostile

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_inside_a_message_are_messages(self, language: Language) -> None:
        inner = say("Värde saknas.")
        said = Wording(language).message(say("Rad {line}: {what}", line=3, what=inner))
        assert Wording(language)("Värde saknas.") in said

    def test_a_number_is_written_in_the_reader_s_language(self) -> None:
        limit = say("Filen {file} har fler än {most} delar.", file="a.zip", most=Amount(1_000))
        assert str(limit) == f"Filen a.zip har fler än 1{NBSP}000 delar."
        assert en.message(limit) == "The file a.zip has more than 1,000 parts."

    def test_quotation_marks_and_lists_are_the_reader_s(self) -> None:
        said = say(
            "”{value}” är inget utrymme; välj bland {choices}.",
            value="x",
            choices=(say("källare"), say("vind")),
        )
        assert str(said) == "”x” är inget utrymme; välj bland källare, vind."
        assert en.message(said) == "“x” is not a space; choose among basement, attic."
        assert (str(quote("x")), en.message(quote("x"))) == ("”x”", "“x”")

    def test_an_unknown_sentence_is_said_in_swedish(self) -> None:
        assert en("Denna mening finns inte i någon katalog {n}", n=1).endswith("katalog 1")


class TestNumbers:
    def test_are_written_as_swedes_write_them(self) -> None:
        assert sv.number(1234.5, digits=1) == f"1{NBSP}234,5"
        assert en.number(1234.5, digits=1) == "1,234.5"

    def test_have_the_decimals_asked_for(self) -> None:
        assert (sv.number(2), sv.number(2, digits=2)) == ("2", "2,00")

    def test_shares(self) -> None:
        assert sv.percent(0.18) == f"18{NBSP}%"
        assert en.percent(0.18) == "18%"

    @pytest.mark.parametrize("share", [0.995, 0.9999])
    def test_nearly_all_never_reads_as_all(self, share: float) -> None:
        assert sv.percent(share) == f"99{NBSP}%"
        assert sv.percent(share, digits=1) == f"99,{'5' if share < 0.999 else '9'}{NBSP}%"

    @pytest.mark.parametrize("share", [1e-12, 0.001, 0.0099])
    def test_hardly_anything_never_reads_as_nothing(self, share: float) -> None:
        assert sv.percent(share) == f"<1{NBSP}%"
        assert en.percent(share) == "<1%"

    def test_nothing_and_all_are_themselves(self) -> None:
        assert (sv.percent(0), sv.percent(1)) == (f"0{NBSP}%", f"100{NBSP}%")

    def test_less_than_half_never_reads_as_half(self) -> None:
        # From half of the target on a place is behind, below it far behind.
        assert (sv.percent(0.499), sv.percent(0.5)) == (f"49{NBSP}%", f"50{NBSP}%")

    @pytest.mark.parametrize(("share", "percent"), [(1 - 0.9, 10), (0.29, 29), (0.1 + 0.2, 30)])
    def test_what_a_computer_cannot_write_exactly_is_not_cut(
        self, share: float, percent: int
    ) -> None:
        assert whole_percent(share) == percent
        assert sv.percent(share) == f"{percent}{NBSP}%"

    @given(share=st.floats(min_value=0, max_value=1))
    def test_a_share_never_reads_as_more_than_it_is(self, share: float) -> None:
        written = sv.percent(share)
        assert (written == f"100{NBSP}%") == (share == 1)
        assert (written == f"0{NBSP}%") == (share == 0)
        if share > 0 and not written.startswith("<"):
            # 1e-9 percentage points are forgiven.
            assert int(written.split(NBSP)[0]) / 100 <= share + 1e-11

    def test_halves_go_up_as_taught_in_school(self) -> None:
        # 2.25 and 0.35 are exactly half way, on paper; a computer would give 2.2 and 0.3.
        assert [sv.number(n, digits=1) for n in (2.25, 0.35, -2.25)] == ["2,3", "0,4", "−2,3"]
        assert sv.number(0.5) == "1"
        assert sv.number(-0.04, digits=1) == "0,0"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_signs_are_those_of_the_language(self, language: Language) -> None:
        wording = Wording(language)
        # babel rounds otherwise, so nothing here is half way.
        for number in (0, 7, 1234.5, 1_234_567.89):
            written = format_decimal(number, format="#,##0.00", locale=wording.locale)
            assert wording.number(number, digits=2) == written


class TestDates:
    def test_days(self) -> None:
        assert sv.day(date(2021, 3, 12)) == "12 mars 2021"
        assert en.day(date(2021, 3, 12)) == "12 March 2021"

    def test_spans_do_not_repeat_the_year(self) -> None:
        assert sv.days(date(2021, 3, 1), date(2021, 5, 30)) == "1 mars – 30 maj 2021"
        assert sv.days(date(2020, 12, 28), date(2021, 1, 3)) == (
            "28 december 2020 – 3 januari 2021"
        )
        assert sv.days(date(2021, 3, 1), date(2021, 3, 1)) == "1 mars 2021"

    def test_the_first_days_of_2021_are_week_53(self) -> None:
        assert sv.week(date(2021, 1, 3)) == "v. 53"
        assert sv.week(date(2021, 1, 4)) == "v. 1"

    def test_moments_are_told_in_swedish_time(self) -> None:
        assert sv.clock(datetime(2021, 7, 1, 20, tzinfo=UTC)) == "22:00"
        assert sv.moment(datetime(2021, 12, 31, 23, 30, tzinfo=UTC)).endswith("2022 00:30")

    def test_weekdays_begin_with_monday(self) -> None:
        assert [sv.weekday(n) for n in range(7)] == ["Må", "Ti", "On", "To", "Fr", "Lö", "Sö"]


def test_counted_sentences_follow_the_number() -> None:
    assert sv.plural("{n} besök", "{n} besök", 1234) == f"1{NBSP}234 besök"
    assert sv.plural("{n} plats", "{n} platser", 1) == "1 plats"
    assert sv.plural("{n} plats", "{n} platser", 2) == "2 platser"
    assert sv.plural("{n} plats", "{n} platser", 0) == "0 platser"


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8))
def test_parts_of_a_whole_add_up_as_they_are_written(counts: list[int]) -> None:
    """By Hamilton's method: no part is off by a percent, and together they are the whole."""
    whole = sum(counts)
    parts = parts_of_a_whole(counts)
    if not whole:
        assert all(math.isnan(part) for part in parts)
        return
    written = [sv.percent(part) for part in parts]
    read = [0 if text.startswith("<") else int(text.split(NBSP)[0]) for text in written]
    assert sum(read) == (99 if 99 in read and 1 not in read else 100)
    for count, percent, text in zip(counts, read, written, strict=True):
        assert abs(100 * count / whole - percent) < 1
        assert (text == f"0{NBSP}%") == (count == 0)


def test_a_figure_has_the_decimals_it_needs() -> None:
    texts = [sv.figure(value, digits=2) for value in (300.0, 2.5, 1.976, 0.001, 1999.999)]
    assert texts == ["300", "2,5", "1,98", "0", f"2{NBSP}000"]

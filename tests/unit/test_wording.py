"""Sentences, numbers and dates in the reader's language."""

from datetime import UTC, date, datetime

import pytest

from geo.wording import LANGUAGES, Language, Message, Wording, say

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

    @pytest.mark.parametrize("share", [0.001, 0.0049])
    def test_hardly_anything_never_reads_as_nothing(self, share: float) -> None:
        assert sv.percent(share) == f"1{NBSP}%"


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

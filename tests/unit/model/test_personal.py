"""Hints that a text is about a person: they must be right often enough to be read."""

import pytest

from geo.model.personal import personal_hints


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("född 900101-1234", "personnummer"),
        ("19900101 1234", "personnummer"),
        ("samordning 900161-1234", "personnummer"),
        ("ring 070-123 45 67", "telefonnummer"),
        ("ring +46 70 123 45 67", "telefonnummer"),
        ("bil ABC 123 på gården", "registreringsnummer"),
        ("bil abc12d på gården", "registreringsnummer"),
        ("skriv till anna.b@exempel.se", "e-postadress"),
        ("skriv till " + "a" * 64 + "@exempel.se", "e-postadress"),
        ("(anna+mark@mark.exempel.se)", "e-postadress"),
    ],
)
def test_what_points_at_a_person(text: str, hint: str) -> None:
    assert personal_hints(text) == (hint,)


@pytest.mark.parametrize(
    "text",
    [
        "vid hus 112",
        "med 200 ungdomar",
        "rum 101 är låst",
        "den 120 meter långa gången",
        "2021-03-05 2000",
        "2021-03-05 20:00–20:15",
        "källare 3, 12 cyklar, port 4A",
        "SWEREF 6319636 363331",
        None,
        "",
    ],
)
def test_what_does_not(text: str | None) -> None:
    assert personal_hints(text) == ()


@pytest.mark.parametrize("part", ["A", "a@", "a.", "0", "07", "-", "1 ", "ABC", "@a.", "+46 "])
def test_a_very_long_text_is_looked_through_once(part: str) -> None:
    # Looked through once per letter, half a million letters take hours: this test would not end.
    assert isinstance(personal_hints(part * (500_000 // len(part))), tuple)

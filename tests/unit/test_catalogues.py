"""Every sentence of the code is in both catalogues, whole."""

import pytest

from checks.catalogues import LANGUAGES, faults, sentences


def test_the_sentences_of_the_code_are_found() -> None:
    found = {message.id for message in sentences()}
    assert "Filen {file} är tom." in found
    assert ("{n} dag för sent", "{n} dagar för sent") in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(language: str) -> None:
    assert list(faults(language)) == []

"""What somebody typed reads as it was typed, whatever Streamlit's markdown makes of such signs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.viewmodels.plain import plain

JOINER = "\u2060"


def read(markdown: str) -> str:
    """What is read once the escapes are gone: CommonMark takes them before punctuation."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@given(st.text(st.characters(exclude_characters=JOINER), max_size=80))
def test_it_reads_as_it_was_typed_on_one_line(text: str) -> None:
    # A backslash somebody typed is itself escaped, so taking the escapes away gives it back.
    assert read(plain(text)) == " ".join(re.split(r"\s+", text)).strip()


@pytest.mark.parametrize(
    "text",
    [
        "*fet*",
        "_kursiv_",
        "`kod`",
        "[länk](http://x)",
        "<b>",
        "$x^2$",
        "~~struken~~",
        "a|b",
        "&copy;",
    ],
)
def test_no_sign_of_markdown_stands_bare(text: str) -> None:
    bare = re.sub(r"\\.", "", plain(text))
    assert not re.search(r"[*_`\[\]<>$~|&]", bare)


@pytest.mark.parametrize(
    "text", ["# rubrik", "- punkt", "+ punkt", "1. först", "12) tolfte", "=== linje"]
)
def test_no_line_begins_a_block(text: str) -> None:
    assert not re.match(r"(#|[-+=]|\d+[.)])", plain(text))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        # The patterns Streamlit looks for after the escapes are gone (remark-emoji, its icons,
        # its arrows, GitHub's bare links); a sign in the middle keeps them from matching.
        (":smile:", r":\+1:|:-1:|:[\w-]+:"),
        (":material/delete:", r":material[/_]\w+:"),
        (":streamlit:", r":streamlit:"),
        ("a -> b", r"(^|\s)->(\s|$)"),
        ("a <- b", r"(^|\s)<-(\s|$)"),
        ("a -- b", r"(^|\s)--(\s|$)"),
        ("a >= b", r"(^|\s)>=(\s|$)"),
        ("http://evil.example/x", r"https?://\S+"),
        ("www.evil.example", r"www(?=\.)[-.\w]+"),
        ("nagon@example.com", r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+"),
    ],
)
def test_what_is_recognised_later_is_taken_apart(text: str, pattern: str) -> None:
    assert re.search(pattern, text)
    unescaped = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain(text))
    assert not re.search(pattern, unescaped)


def test_a_colour_directive_has_no_name_to_begin_with() -> None:
    assert plain(":red[fara]") == r"\:red\[fara\]"


def test_clock_times_are_left_alone() -> None:
    assert plain("Fr 20:00, Snickaren") == "Fr 20:00, Snickaren"

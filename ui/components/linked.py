"""Controls of one page whose choice stands in the link to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

import streamlit as st

T = TypeVar("T", bound=str)


def segments(
    label: str,
    options: Sequence[T],
    *,
    name: str,
    shown: Callable[[T], str],
    label_visibility: str = "collapsed",
) -> T:
    """Ask for one of a few; the first is the default and needs no place in the link.

    Parameters
    ----------
    label
        What is asked, for a screen reader at least.
    options
        Codes, which also stand in the link.
    name
        Of the query parameter; a wrong value in a link is ignored.
    shown
        What an option is called.
    label_visibility
        As Streamlit means it.
    """
    key = f"linked_{name}"
    _take_over(key, options, name)
    chosen: T | None = st.segmented_control(
        label,
        options,
        key=key,
        format_func=shown,
        required=True,
        label_visibility="visible" if label_visibility == "visible" else "collapsed",
        persist_state="session",
        wrap=True,
    )
    value = options[0] if chosen is None or chosen not in options else chosen
    _write(key, name, value, default=options[0])
    return value


def choice(
    label: str,
    options: Sequence[T],
    *,
    name: str,
    shown: Callable[[T], str],
    width: int | Literal["stretch"] = "stretch",
) -> T:
    """Ask for one of many, in a list that can be searched; otherwise as `segments`."""
    key = f"linked_{name}"
    _take_over(key, options, name)
    chosen: T | None = st.selectbox(
        label, options, key=key, format_func=shown, persist_state="session", width=width
    )
    value = options[0] if chosen is None or chosen not in options else chosen
    _write(key, name, value, default=options[0])
    return value


def several(
    label: str, options: Sequence[T], *, name: str, shown: Callable[[T], str]
) -> tuple[T, ...]:
    """Ask for any of a few, in the order of `options`; none needs no place in the link."""
    key, seen_key = f"linked_{name}", f"linked_{name}_seen"
    known = set(options)
    asked = [one for one in st.query_params.get_all(name) if one in known]
    if asked and asked != st.session_state.get(seen_key):
        st.session_state[key] = asked
    found = st.pills(
        label,
        options,
        selection_mode="multi",
        key=key,
        format_func=shown,
        persist_state="session",
    )
    chosen = [one for one in options if one in found]
    st.session_state[seen_key] = chosen
    if chosen and chosen != st.query_params.get_all(name):
        st.query_params[name] = chosen
    if not chosen and name in st.query_params:
        del st.query_params[name]
    return tuple(chosen)


def day(label: str, default: date, *, name: str, latest: date) -> date:
    """Ask for a day; the default, which may follow other controls, needs no place in the link."""
    # Another default is another question: the day chosen before belongs to the old one.
    key = f"linked_{name}_{default.isoformat()}"
    asked = _day(st.query_params.get(name))
    if key not in st.session_state:
        st.session_state[key] = default if asked is None or asked > latest else asked
    found: Any = st.date_input(label, key=key, format="YYYY-MM-DD", max_value=latest, width=180)
    chosen: date = found if isinstance(found, date) else default
    if chosen == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != chosen.isoformat():
        st.query_params[name] = chosen.isoformat()
    return chosen


def days(
    label: str, default: tuple[date, date], *, names: tuple[str, str]
) -> tuple[date | None, date | None]:
    """Ask for a first and a last day; None for one that is not chosen yet."""
    key = f"linked_{names[0]}"
    asked = tuple(_day(st.query_params.get(name)) for name in names)
    if key not in st.session_state:
        first, last = asked
        both = first is not None and last is not None and first <= last
        st.session_state[key] = asked if both else default
    # Between the two clicks there is only a first day.
    found: Any = st.date_input(label, key=key, format="YYYY-MM-DD", width=260)
    first = found[0] if found else None
    last = found[1] if len(found) > 1 else None
    for name, day in zip(names, (first, last), strict=True):
        if day is not None and st.query_params.get(name) != day.isoformat():
            st.query_params[name] = day.isoformat()
    return first, last


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _take_over(key: str, options: Sequence[str], name: str) -> None:
    """Obey a link that says something new, and forget a choice that is no longer there."""
    asked = st.query_params.get(name)
    seen_key = f"{key}_seen"
    if asked in options and asked != st.session_state.get(seen_key):
        st.session_state[key] = asked
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]


def _write(key: str, name: str, value: str, *, default: str) -> None:
    """Let the address say what was chosen, without a rerun."""
    st.session_state[f"{key}_seen"] = value
    if value == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != value:
        st.query_params[name] = value

"""The map answers to its name too."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette

from tests.unit.web.asking import ask
from web.first_page import FIRST_PAGE_ROUTE


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("/karta", "./"),
        ("/karta?fran=2021-03-01&besok=till%20fots", "./?fran=2021-03-01&besok=till%20fots"),
        ("/karta?//elsewhere.example", "./?//elsewhere.example"),
    ],
)
def test_its_name_leads_to_the_bare_address(asked: str, sent_to: str) -> None:
    answer = ask(Starlette(routes=[FIRST_PAGE_ROUTE]), asked)
    assert answer.status == 307
    assert answer.headers["location"] == sent_to

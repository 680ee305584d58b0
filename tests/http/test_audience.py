"""What partners and the public get over the wire, byte by byte.

Every text in the records is marked, every plan is a number nobody would meet by chance; then each
page is run over a real WebSocket as each kind of reader, and its bytes are searched.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from geo.access import Account, audience_of
from geo.model.activity import Activity
from geo.model.building import Inspection
from geo.model.hours import UnsafeHours
from geo.model.location import Location
from geo.model.visit import Visit
from geo.store.open import open_store
from geo.store.store import Put
from tests.example_year import write_example_year
from tests.http.conftest import EVERYBODY, Program
from ui.viewmodels.rights import PAGES

PLACE, NOTE, REASON = "HEMLIG-PLATSKALLA", "HEMLIG-BESOKSNOT", "HEMLIG-ORSAK"
ACTIVITY, DEFICIENCY, LATER = "HEMLIG-INSATSNOT", "HEMLIG-BRIST", "HEMLIG-FRAMTID"
SOURCE = "HEMLIG-BESOKSKALLA"
ALL = (PLACE, NOTE, REASON, ACTIVITY, DEFICIENCY, LATER, SOURCE)
HOURS = "20:17"
"""A minute no example has: on the clock of visits and of unsafe hours."""


@pytest.fixture(scope="module")
def program(serve: Callable[[Path], Program], tmp_path_factory: pytest.TempPathFactory) -> Program:
    db = write_example_year(tmp_path_factory.mktemp("audience") / "audience_test.db")
    store = open_store(f"sqlite:///{db}")
    at = datetime(2022, 1, 3, tzinfo=UTC)

    def marked(record_type: type, **update: object) -> list[Put]:
        return [
            Put(one.record.model_copy(update=update), expects=one.version)
            for one in store.standing(record_type)
        ]

    places = store.standing(Location)
    begins = datetime(2021, 12, 30, 19, 17, tzinfo=UTC)  # 20:17 in Mark
    changes = [
        *marked(
            Location,
            source=PLACE,
            visits_per_week=7.319,
            minutes_per_visit=13.571,
            unsafe_hours=UnsafeHours.parse(f"Fr {HOURS}-23:59"),
        ),
        *marked(Visit, note=NOTE, source=SOURCE, officers=7),
        *marked(Activity, note=ACTIVITY, place_text=ACTIVITY),
        *marked(Inspection, deficiencies=DEFICIENCY),
        Put(
            Visit(
                visit_id="not-done",
                location_id=places[0].record.location_id,
                start_at=begins,
                end_at=begins,
                done=False,
                not_done_reason=REASON,
            )
        ),
        Put(
            places[0].record.model_copy(
                update={
                    "location_id": "later",
                    "name": LATER,
                    "designated_from": datetime(2022, 6, 1, tzinfo=UTC).date(),
                    "designated_to": None,
                }
            )
        ),
    ]
    store.write(changes, origin="demo:2021", at=at)
    store.close()
    return serve(db)


def run_page(program: Program, cookie: str, page: str, query: str = "") -> bytes:
    """Run a page as the browser asks for it; give all that came until it was done."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = page
    got = b""
    with program.socket(cookie) as opened:
        opened.send(asked.SerializeToString())
        while True:
            part = opened.recv(timeout=60)
            assert isinstance(part, bytes)
            got += part
            message = ForwardMsg.FromString(part)
            if message.WhichOneof("type") == "script_finished":
                return got


def readers(audience: str) -> list[Account]:
    """Give of each organisation the account that may do most: all of one are shown the same."""
    shown = [account for account in EVERYBODY if audience_of(account) == audience]
    return list({account.organisation: account for account in shown}.values())


@pytest.fixture(scope="module")
def everything(program: Program) -> Callable[[Account], bytes]:
    """Give all bytes an account gets from every page, with places and buildings opened."""
    known: dict[str, bytes] = {}

    def ask(account: Account) -> bytes:
        if account.account_id not in known:
            cookie = str(program.sign_in(account))
            pages = [*PAGES["intern"], "oversikt"]
            parts = [run_page(program, cookie, page if page != "karta" else "") for page in pages]
            parts += [
                run_page(program, cookie, "", chosen)
                for chosen in ("plats=kinna-torget", "plats=later", "byggnad=exempel-hedbo-03")
            ]
            known[account.account_id] = b"".join(parts)
        return known[account.account_id]

    return ask


def test_police_are_shown_what_the_others_are_not(everything: Callable[[Account], bytes]) -> None:
    # What is searched for must be there to be found: otherwise the rest would show nothing.
    chief = next(a for a in EVERYBODY if a.role == "police_coordinator")
    got = everything(chief)
    for secret in (DEFICIENCY, LATER, ACTIVITY, "7,3 "):
        assert secret.encode() in got, secret


@pytest.mark.parametrize("account", readers("samverkan"), ids=lambda a: a.account_id)
def test_partners_get_none_of_it(everything: Callable[[Account], bytes], account: Account) -> None:
    got = everything(account)
    assert len(got) > 100_000, "the pages did not run"
    own = {"mbab": {DEFICIENCY}, "kommunen": {ACTIVITY}}[account.organisation]
    for secret in ALL:
        assert (secret.encode() in got) == (secret in own and secret.encode() in got), secret
    for plan in (b"7.319", b"7,319", b"7,3 ", b"13.571", b"13,6", HOURS.encode()):
        assert plan not in got, plan
    assert b"Samverkan" in got


@pytest.mark.parametrize("account", readers("offentlig"), ids=lambda a: a.account_id)
def test_the_public_gets_weeks_and_areas(
    everything: Callable[[Account], bytes], account: Account
) -> None:
    got = everything(account)
    for secret in ALL:
        assert secret.encode() not in got, secret
    assert "Närvaro per område och vecka".encode() in got
    assert b"Kinna" in got
    assert b"Exempeldata" in got


@pytest.mark.parametrize("account", EVERYBODY, ids=lambda a: a.account_id)
def test_where_patrols_were_is_for_police_alone(program: Program, account: Account) -> None:
    cookie = program.sign_in(account)
    for kind in ("presence", "fixes", "ground"):
        path = f"/tiles/{kind}/1/20210101-20220101/12/2192/1246.png"
        expected = 200 if audience_of(account) == "intern" else 404
        assert program.ask(path, cookie=cookie).status == expected, kind

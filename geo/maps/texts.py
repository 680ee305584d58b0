"""The map's own words, translated here and handed to the browser as data."""

from __future__ import annotations

from collections.abc import Mapping

from geo.wording import Wording


def map_texts(wording: Wording) -> Mapping[str, str]:
    """Every word the map can show by itself, in the reader's language."""
    _ = wording
    return {
        "map": _("Karta över Mark. Samma uppgifter finns i tabellen under kartan."),
        "zoom_in": _("Zooma in"),
        "zoom_out": _("Zooma ut"),
        "whole": _("Visa hela kommunen"),
        "fullscreen": _("Helskärm"),
        "fullscreen_off": _("Stäng helskärm"),
        "locate": _("Visa var jag är"),
        "locate_failed": _("Din plats kunde inte hämtas."),
        "measure": _("Mät avstånd"),
        "measure_off": _("Sluta mäta"),
        "measure_start": _("Klicka för att börja mäta, dubbelklicka för att sluta."),
        "layers": _("Lager"),
        "layer_base": _("Bakgrundskarta"),
        "layer_places": _("Otrygga platser"),
        "layer_buildings": _("Källare och vindar"),
        "layer_visits": _("Besök"),
        "layer_presence": _("Närvaro"),
        "layer_ground": _("Täckt mark"),
        "presence_caption": _(
            "Närvaro: mörkare där fler tjänsteminuter är loggade. "
            "Där inget är skuggat är inget känt."
        ),
        "ground_caption": _("Där inget är skuggat finns inget spår."),
        "layer_fixes": _("GPS-spår"),
        "fixes_caption": _(
            "GPS-spår: mörkare där de har stannat längre. Där inget är skuggat finns inget spår."
        ),
        "layer_names": _("Ortnamn"),
        "layer_grid": _("Gradnät"),
        "simplified": _("förenklad gräns"),
        "base_lost": _("Bakgrundskartan kan inte nås just nu"),
        "two_fingers": _("Använd två fingrar för att flytta kartan."),
        "state_met": _("når målet"),
        "state_behind": _("efter målet"),
        "state_far": _("långt efter målet"),
        "state_unmeasured": _("ej mätbart"),
        "state_absent": _("inte utpekad denna vecka"),
        "space_clear": _("klar"),
        "space_due": _("ska ses över"),
        "space_deficiency": _("brist"),
        "space_unseen": _("aldrig sedd"),
        "space_none": _("finns inte"),
        "basement": _("källare"),
        "attic": _("vind"),
        "basement_letter": _("K"),
        "attic_letter": _("V"),
        "area_share": _("källare och vindar klara"),
        "many": _("platser"),
        "many_areas": _("områden"),
        "play": _("Spela veckorna"),
        "pause": _("Pausa"),
        "period": _("Hela perioden"),
        "weeks": _("Täckning vecka för vecka"),
        "not_reported": _("inget rapporterat"),
        "draw": _("Rita ny plats"),
        "draw_point": _("Rita en punkt"),
        "draw_polygon": _("Rita ett område"),
        "draw_line": _("Rita ett stråk"),
        "draw_point_tip": _("Klicka på kartan där platsen ligger."),
        "draw_first_tip": _("Klicka för att sätta första hörnet."),
        "draw_next_tip": _("Klicka för att fortsätta, dubbelklicka för att avsluta."),
        "draw_undo": _("Ångra punkt"),
        "draw_done": _("Klar"),
        "draw_cancel": _("Avbryt"),
    }

"""The little that only the browser itself can do: its language, printing, listening to news.

Two components with constant code; what they are given is shown as text or set as an
attribute, never read as code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from geo.wording import Wording

_NEWS_JS: Final = Path(__file__).with_name("news.js").read_text("utf-8")

_DOCUMENT_JS: Final = """
export default function ({ data, setTriggerValue }) {
  const root = document.documentElement;
  root.lang = data.language;
  root.dataset.theme = data.theme; // what the server has drawn for
  // At dusk a phone turns dark: the map, the charts and the signs are drawn anew with the page.
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const turned = () => isPrinting() || setTriggerValue("theme", night.matches ? "dark" : "light");
  night.addEventListener("change", turned);
  // The links may be drawn after this; their names are set again whenever they change.
  const mark = () => {
    const nav = document.querySelector(".st-key-nav");
    if (!nav) return;
    if (nav.getAttribute("role") !== "navigation") {
      nav.setAttribute("role", "navigation");
      nav.setAttribute("aria-label", data.nav);
    }
    for (const link of nav.querySelectorAll("a")) {
      const here = link.textContent.trim() === data.current;
      if (here === link.hasAttribute("aria-current")) continue;
      if (here) {
        link.setAttribute("aria-current", "page");
        // On a phone not all fit beside each other, and where one is must be seen. Only the bar
        // moves: scrollIntoView would take a reader at the foot of the page back to its top.
        nav.scrollLeft += link.getBoundingClientRect().right - nav.getBoundingClientRect().right;
      } else link.removeAttribute("aria-current");
    }
  };
  mark();
  const watcher = new MutationObserver(mark);
  watcher.observe(document.body, { childList: true, subtree: true });

  // Paper: one A4 page.  The less room there is, the wider the page is laid out and the smaller
  // it is drawn, so that it always fills the sheet from edge to edge.
  const paperWide = 718, paperHigh = 1030, mapHigh = 480, largest = 0.74, smallest = 0.2;
  const page = () => document.querySelector('[data-testid="stMainBlockContainer"]');
  const mapOf = () => document.querySelector(".st-key-map iframe")?.contentWindow?.trygg;
  const isPrinting = () => root.classList.contains("tk-printing");
  const fit = () => {
    if (!page() || isPrinting()) return;
    const isDark = getComputedStyle(document.querySelector(".stApp")).colorScheme === "dark";
    root.classList.add("tk-printing");
    root.classList.toggle("tk-from-dark", isDark);
    shrink();
  };
  const shrink = () => {
    if (!page() || !isPrinting()) return;
    // Smaller text breaks its lines elsewhere, so the right size is found by trying.
    let zoom = largest;
    layOut(zoom, mapHigh);
    while (document.body.scrollHeight > paperHigh && zoom > smallest)
      layOut((zoom *= 0.97), mapHigh);
    const left = paperHigh - document.body.scrollHeight;
    if (left > 0) layOut(zoom, mapHigh + left);
  };
  const layOut = (zoom, high) => {
    page().style.zoom = zoom;
    page().style.width = `${paperWide / zoom}px`;
    // The map is scaled as a picture: it could not fetch another one in time.
    const size = mapOf()?.paper?.(paperWide, high);
    if (!size) return;
    root.style.setProperty("--paper-zoom", zoom);
    root.style.setProperty("--map-wide", `${size.wide}px`);
    root.style.setProperty("--map-high", `${size.high}px`);
  };
  // Once more when the rules for print are in force: Streamlit has some of its own.
  const paper = window.matchMedia("print");
  const unfit = () => {
    root.classList.remove("tk-printing", "tk-from-dark");
    if (page()) page().style.width = page().style.zoom = "";
    mapOf()?.screen?.();
  };
  window.addEventListener("beforeprint", fit);
  window.addEventListener("afterprint", unfit);
  paper.addEventListener("change", shrink);
  tryggNews.shows(data.revision, (told) => setTriggerValue("news", told), isPrinting);
  return () => {
    tryggNews.leaves();
    watcher.disconnect();
    night.removeEventListener("change", turned);
    window.removeEventListener("beforeprint", fit);
    window.removeEventListener("afterprint", unfit);
    paper.removeEventListener("change", shrink);
  };
}
"""

_PRINT_JS: Final = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  // The menu the button lies in must close before the page is printed.
  button.onclick = () => {
    document.body.click();
    setTimeout(() => window.print(), 150);
  };
}
"""

_PRINT_CSS: Final = """
button { width: 100%; min-height: 2.5rem; padding: .25rem .75rem; font: inherit;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem);
  cursor: pointer; }
button:hover, button:focus-visible { border-color: var(--st-primary-color);
  color: var(--st-primary-color); }
"""


def document(wording: Wording, *, current: str, revision: int | None) -> None:
    """Tell the browser, and so a screen reader, which language and which page this is.

    When it hears of another revision than the page was drawn with, it lets the page run once more;
    without one it does not listen.
    """
    _document = st.components.v2.component("trygg_document", js=_NEWS_JS + _DOCUMENT_JS)
    with st.container(key="unseen"):
        _document(
            key="document",
            data={
                "language": wording.language,
                "nav": wording("Sidor"),
                "current": current,
                "theme": st.context.theme.type or "light",
                "revision": revision,
            },
            height=1,
            on_theme_change=_drawn_anew,
            on_news_change=_drawn_anew,
        )


def _drawn_anew() -> None:
    """Let the page run once more, which is all that is needed."""


def print_button(label: str) -> None:
    """Offer the browser's own printing."""
    _print = st.components.v2.component(
        "trygg_print", html="<button type='button'></button>", css=_PRINT_CSS, js=_PRINT_JS
    )
    _print(key="print", data={"label": label})

"""The little that only the browser itself can do: its language, and printing.

Two components with constant code; what they are given is shown as text or set as an
attribute, never read as code.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.wording import Wording

_DOCUMENT_JS: Final = """
export default function ({ data }) {
  const root = document.documentElement;
  root.lang = data.language;
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
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  mark();
  const watcher = new MutationObserver(mark);
  watcher.observe(document.body, { childList: true, subtree: true });

  // Paper: the page is laid out 1000 px wide and made small enough for one A4 page.
  const wide = 1000, paperWide = 718, paperHigh = 1030, mapHigh = 640;
  const fit = () => {
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (!main || root.classList.contains("tk-printing")) return;
    const map = document.querySelector(".st-key-map iframe");
    if (map) {
      // The map keeps its size and is scaled as a picture: it would not redraw itself in time.
      const { width, height: whole } = map.getBoundingClientRect();
      // The frame leaves its time strip out of the print.
      const strip = map.contentDocument?.querySelector(".trygg-strip");
      const height = whole - (strip ? strip.offsetHeight : 0);
      const scale = Math.min(wide / width, mapHigh / height);
      root.style.setProperty("--map-wide", `${width}px`);
      root.style.setProperty("--map-frame", `${whole}px`);
      root.style.setProperty("--map-high", `${height}px`);
      root.style.setProperty("--map-scale", scale);
    }
    root.classList.add("tk-printing");
    main.style.width = `${wide}px`;
    shrink();
  };
  const shrink = () => {
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (!main || !root.classList.contains("tk-printing")) return;
    // Smaller text breaks its lines elsewhere, so the right size is found by trying.
    let zoom = paperWide / wide;
    do {
      main.style.zoom = zoom;
      zoom *= 0.97;
    } while (document.body.scrollHeight > paperHigh && zoom > 0.2);
  };
  // Once more when the rules for print are in force: Streamlit has some of its own.
  const paper = window.matchMedia("print");
  const unfit = () => {
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    root.classList.remove("tk-printing");
    if (main) main.style.width = main.style.zoom = "";
  };
  window.addEventListener("beforeprint", fit);
  window.addEventListener("afterprint", unfit);
  paper.addEventListener("change", shrink);
  return () => {
    watcher.disconnect();
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


def document(wording: Wording, *, current: str) -> None:
    """Tell the browser, and so a screen reader, which language and which page this is."""
    _document = st.components.v2.component("trygg_document", js=_DOCUMENT_JS)
    with st.container(key="unseen"):
        _document(
            key="document",
            data={
                "language": wording.language,
                "nav": wording("Sidor"),
                "current": current,
            },
            height=1,
        )


def print_button(label: str) -> None:
    """Offer the browser's own printing."""
    _print = st.components.v2.component(
        "trygg_print", html="<button type='button'></button>", css=_PRINT_CSS, js=_PRINT_JS
    )
    _print(key="print", data={"label": label})

"""Name the files a page will ask for, so that the browser fetches them while the server thinks.

Streamlit's page asks for the code of a button or a component when the first one is drawn, and
the map's frame for its own after that.  Asked for early they are there by then.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.maps.assets import SCRIPTS, STYLES, asset_path

CHUNKS: Final = (
    "Html",
    "purify.es",
    "BidiComponent",
    "_arrayReduce",
    "serialization",
    "recordbatch",
    "PageLink",
    "Button",
    "Checkbox",
    "useFormValidation",
    "useFormReset",
    "useSlot",
    "WidgetLabelHelpIconInline",
    "styled-components",
    "useBasicWidgetState",
    "checkboxIndicatorStyles",
    "ButtonGroup",
    "WidgetLabel",
    "Selectbox",
    "useMenuTrigger",
    "Autocomplete",
    "useLoadMoreSentinel",
    "useCollator",
    "Input",
    "useSyncComboBoxEnterTargetFocus",
    "sortBy",
    "_baseMap",
    "useTextField",
    "useField",
    "useFilter",
    "ErrorOutline.esm",
    "Cancel.esm",
    "WidgetLabelHelpIcon",
    "requiredField",
    "ComponentInstance",
    "IFrameUtil",
    "urls",
    "withCalculatedWidth",
)
"""Streamlit's files beyond those its page names itself, as the map's page asks for them."""


SCRIPT_PATH: Final = "/assets/early.js"
SCRIPT_TAG: Final = b'<script async src=".' + SCRIPT_PATH.encode() + b'"></script>'

# After the page's own files, which must not wait for these.
_SCRIPT: Final = """\
(() => {
  const root = new URL("..", document.currentScript.src);
  const ask = () => {
    for (const [rel, path] of FILES) {
      const link = document.createElement("link");
      document.head.append(Object.assign(link, { rel, href: new URL(path, root) }));
    }
  };
  if (document.readyState === "complete") ask();
  else addEventListener("load", ask, { once: true });
})();
"""


def serve_script(_request: Request) -> Response:
    """Serve the script that asks for the files."""
    return Response(_script(), media_type="text/javascript", headers={"cache-control": "no-cache"})


EARLY_ROUTE = Route(SCRIPT_PATH, serve_script, methods=["GET"])


@cache
def _script() -> str:
    of_the_page = [("modulepreload", path) for path in chunk_paths()]
    of_the_frame = [
        ("prefetch", f"assets/{asset_path(*file)}")
        for file in (*SCRIPTS.values(), *STYLES.values())
    ]
    return _SCRIPT.replace("FILES", json.dumps([*of_the_page, *of_the_frame]))


def chunk_paths() -> tuple[str, ...]:
    """Find Streamlit's files by their names without the hash of their content.

    What the installed version does not have is left out: it is fetched when it is asked for.
    """
    installed = find_spec("streamlit")
    if installed is None or installed.origin is None:
        return ()
    folder = Path(installed.origin).parent / "static"
    return tuple(
        file.relative_to(folder).as_posix()
        for name in CHUNKS
        for file in sorted((folder / "static" / "js").glob(f"{name}.????????.js"))
    )

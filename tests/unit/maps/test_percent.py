"""The map writes shares by the same rule as every page, in the browser's own language."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geo.wording import LANGUAGES, Language, Wording

SYMBOLS = Path(__file__).resolve().parents[3] / "geo" / "maps" / "js" / "symbols.js"
SHARES = (0.0, 1e-12, 0.004, 0.0099, 0.01, 0.29, 0.498, 0.5, 0.996, 1 - 1e-13, 1.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_s_percent_is_that_of_the_pages(language: Language) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node to run the map's script with")
    script = (
        f"global.window = {{trygg: {{scene: {{locale: {json.dumps(language)}}}}}}};"
        f"eval(require('fs').readFileSync({json.dumps(str(SYMBOLS))}, 'utf8'));"
        f"console.log(JSON.stringify({json.dumps(SHARES)}.map(window.trygg.percent)));"
    )
    run = subprocess.run(
        [node, "-e", script], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert json.loads(run.stdout) == [Wording(language).percent(share) for share in SHARES]

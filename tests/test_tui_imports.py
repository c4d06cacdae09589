"""Nothing heavy is imported before the first frame."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = ["chromadb", "llama_index", "onnxruntime", "tantivy", "openai", "numpy", "pydantic", "httpx", "tokenizers"]
HEAVY += ["markdown_it", "pygments", "typer", "qa.explanations", "textual.widgets._text_area"]

FIRST_FRAME = """
import asyncio, json, sys, tempfile
from pathlib import Path
from tui.app import NewsdeskApp

seen = []

def settings():
    from qa.config import load
    return load()

class Watched(NewsdeskApp):
    def on_ready(self):
        seen.append(sorted(sys.modules))
    def on_mount(self):
        self.call_after_refresh(lambda: seen.append(sorted(sys.modules)))

async def main():
    app = Watched(config=settings, archive_path=Path(tempfile.mkdtemp(), "archive"))
    async with app.run_test(size=(80, 24)) as pilot:
        while not app.chat.ready:
            await pilot.pause(0.05)
    app.archive.close()

asyncio.run(main())
print(json.dumps([[name for name in HEAVY if name in modules] for modules in seen]))
"""


def _run(script: str) -> str:
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def test_importing_the_app_imports_nothing_heavy() -> None:
    found = _run(f"import sys, tui.app; print([name for name in {HEAVY!r} if name in sys.modules])")
    assert found.strip() == "[]"


def test_nothing_heavy_is_imported_before_the_first_frame() -> None:
    found = json.loads(_run(f"HEAVY = {HEAVY!r}\n{FIRST_FRAME}").splitlines()[-1])
    assert len(found) >= 2
    assert found[:2] == [[], []]

"""How quick the list of articles is with 100,000 of them: opened, filtered, at its end, sorted, its chart.

    python benchmarks/articles_table.py [--articles 100000] [--folder FOLDER]

An archive of invented articles is made first, rows alone: nothing is embedded. A FOLDER that holds one already is used
as it is. Prints JSON: the median of ten each in the app, in milliseconds, beside the plain SQL of the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


BATCH = 2000
SENTENCES = 20
"""Of an article: about 3 KB."""
OUTLETS = 60
SECTIONS = ("world", "business", "sport", "culture", "world/europe", "politics", "")
DAYS = 730
COPIED = 12
"""Every so manieth article is printed by three other outlets, too."""

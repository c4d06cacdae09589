"""How quick the list of articles is with 100,000 of them: opened, filtered, at its end, sorted, its chart.

    python benchmarks/articles_table.py [--articles 100000] [--folder FOLDER]

An archive of invented articles is made first, rows alone: nothing is embedded. A FOLDER that holds one already is used
as it is. Prints JSON: the median of ten each in the app, in milliseconds, beside the plain SQL of the same.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.terminal import sentence  # noqa: E402
from qa.archive import Archive  # noqa: E402
from qa.articles import Article, make_article  # noqa: E402
from qa.chunks import Chunk  # noqa: E402
from qa.config import load  # noqa: E402

BATCH = 2000
SENTENCES = 20
"""Of an article: about 3 KB."""
OUTLETS = 60
SECTIONS = ("world", "business", "sport", "culture", "world/europe", "politics", "")
DAYS = 730
COPIED = 12
"""Every so manieth article is printed by three other outlets, too."""

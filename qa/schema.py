"""The tables of the catalog, as the ordered steps that lead from each format of the file to the next."""

from __future__ import annotations

UNDATED = -1e11
"""``published_at`` of an article without a date: before any date that an article can have."""

MIGRATIONS = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE articles (
            id TEXT PRIMARY KEY, title TEXT NOT NULL, outlet TEXT NOT NULL, authors TEXT NOT NULL, published TEXT,
            published_at REAL NOT NULL, updated TEXT, language TEXT NOT NULL, url TEXT NOT NULL, place TEXT NOT NULL,
            source TEXT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL)""",
        "CREATE INDEX articles_by_date ON articles (published_at DESC)",
        """CREATE TABLE chunks (
            id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            words INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX chunks_by_article ON chunks (article_id, ordinal)",
        "CREATE INDEX chunks_without_words ON chunks (id) WHERE words = 0",
        "CREATE INDEX chunks_without_vectors ON chunks (id) WHERE vectors = 0",
        "CREATE TABLE discarded (id TEXT PRIMARY KEY, words INTEGER NOT NULL, vectors INTEGER NOT NULL)",
        """CREATE TABLE files (
            path TEXT PRIMARY KEY, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL, articles INTEGER NOT NULL
            ) WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE articles ADD COLUMN section TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE articles ADD COLUMN partial INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE articles ADD COLUMN origins TEXT NOT NULL DEFAULT '[]'",
        # when it was first seen to be gone from every place that it had been read from
        "ALTER TABLE articles ADD COLUMN gone TEXT",
        # the near-copies that it is one of, named by the id of the earliest; empty: it is alone, or not yet compared
        "ALTER TABLE articles ADD COLUMN cluster TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE articles ADD COLUMN compared INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX articles_to_compare ON articles (id) WHERE compared = 0",
        "CREATE INDEX articles_by_cluster ON articles (cluster) WHERE cluster <> ''",
        "CREATE INDEX articles_by_outlet ON articles (outlet)",
        "CREATE INDEX articles_by_digest ON articles (digest)",
        # a 64-bit hash of a passage's words, by which copies find the vector that they share
        "ALTER TABLE chunks ADD COLUMN content INTEGER",
        "CREATE INDEX chunks_by_content ON chunks (content) WHERE content IS NOT NULL",
        # canonical addresses, else sources, by which an article is known
        """CREATE TABLE keys (
            key TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE
            ) WITHOUT ROWID""",
        "CREATE INDEX keys_by_article ON keys (article_id)",
        "INSERT OR IGNORE INTO keys SELECT key_of(url, source), id FROM articles ORDER BY published_at DESC",
        # the files and pages that an article was read from, and in which run it was last seen there
        """CREATE TABLE locations (
            place TEXT NOT NULL, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            source TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (place, article_id)) WITHOUT ROWID""",
        "CREATE INDEX locations_by_article ON locations (article_id)",
        "CREATE INDEX locations_by_source ON locations (source, place)",
        "INSERT INTO locations SELECT file_of(source), id, '', 0 FROM articles",
        """CREATE TABLE revisions (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE, digest TEXT NOT NULL,
            replaced TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (article_id, digest))""",
        # what somebody removed: a sync does not bring it back
        "CREATE TABLE removed (key TEXT PRIMARY KEY) WITHOUT ROWID",
        """CREATE TABLE signatures (
            number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE,
            signature BLOB NOT NULL)""",
        """CREATE TABLE bands (
            band INTEGER NOT NULL, number INTEGER NOT NULL REFERENCES signatures (number) ON DELETE CASCADE,
            PRIMARY KEY (band, number)) WITHOUT ROWID""",
        "CREATE INDEX bands_by_number ON bands (number)",
        # what a server said of a page, for asking whether it has changed
        """CREATE TABLE pages (
            url TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE TABLE syncs (source TEXT PRIMARY KEY, ended TEXT NOT NULL, report TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        # all that a list of articles is filtered, sorted and counted by, in each of its orders: a scan of the table
        # itself would read their texts
        """CREATE INDEX listed_by_date ON articles (published_at DESC, title, id, outlet, section, cluster, gone)""",
        """CREATE INDEX listed_by_outlet ON articles (outlet, published_at DESC, title, id, section, cluster, gone)""",
        """CREATE INDEX listed_by_title ON articles (
            title COLLATE NOCASE, id, published_at, outlet, section, cluster, gone)""",
        """CREATE INDEX listed_by_cluster ON articles (cluster, published_at, id, title, outlet, section, gone)
            WHERE cluster <> ''""",
        "DROP INDEX articles_by_date",
        "DROP INDEX articles_by_outlet",
        "DROP INDEX articles_by_cluster",
    ),
    (
        # documents that could not be read when they were last tried
        """CREATE TABLE failures (
            document TEXT PRIMARY KEY, name TEXT NOT NULL, error TEXT NOT NULL, more INTEGER NOT NULL,
            source TEXT NOT NULL, tried TEXT NOT NULL, dismissed INTEGER NOT NULL) WITHOUT ROWID""",
    ),
)
"""See ``qa.database``. ``key_of`` and ``file_of`` are functions that the catalog lends to SQLite."""

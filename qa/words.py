"""The word index: tantivy's BM25 over the chunks, with English stemming.

A question is never parsed as query syntax: it is cut into terms by the index's own analyser, and the query is
built from those.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.catalog import Indexed
from qa.errors import IndexUnavailable
from qa.lock import check_writable
from qa.questions import Window

if TYPE_CHECKING:
    import tantivy

ANALYSER = "newsdesk_en"
HEAP_BYTES = 64_000_000
MAX_TERMS = 64
"""Terms of a question that are searched for; what is pasted in beyond them changes the ranking little."""


class WordIndex:
    """The tantivy index in one folder. One process may write at a time, any number may read."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.folder = folder
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for each in (
            tantivy.Filter.remove_long(60),
            tantivy.Filter.lowercase(),
            tantivy.Filter.ascii_fold(),
            tantivy.Filter.stemmer("english"),
        ):
            builder = builder.filter(each)
        self._analyser = builder.build()
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        schema.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
        schema.add_text_field("title", tokenizer_name=ANALYSER)
        schema.add_text_field("text", tokenizer_name=ANALYSER)
        schema.add_integer_field("published_at", indexed=True, fast=True)
        self._schema = schema.build()
        self._open()

    def _open(self) -> None:
        import tantivy

        with _wrapped(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(self.folder))
            self._index.register_tokenizer(ANALYSER, self._analyser)

    def write(self, added: Sequence[Indexed], removed: Sequence[str] = ()) -> None:
        """Add chunks and remove ids, then commit. An id that is already there is replaced."""
        import tantivy

        with _wrapped(self.folder):
            writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
            for name in (*removed, *(each.chunk.id for each in added)):
                writer.delete_documents_by_term("id", name)
            for each in added:
                writer.add_document(
                    tantivy.Document(
                        id=each.chunk.id,
                        outlet=each.article.outlet,
                        title=each.article.title,
                        text=each.text,
                        published_at=int(each.published_at),
                    )
                )
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def ids(self) -> list[str]:
        """Of every chunk there is, one that is there twice twice."""
        import tantivy

        with _wrapped(self.folder):
            searcher = self._index.searcher()
            if not searcher.num_docs:
                return []
            found = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False)
            return [str(searcher.doc(address).get_first("id")) for _, address in found.hits]

    def clear(self) -> None:
        """Remove everything."""
        with _wrapped(self.folder):
            shutil.rmtree(self.folder, ignore_errors=True)
        self._open()

    def reload(self) -> None:
        """See what another process has committed."""
        with _wrapped(self.folder):
            self._index.reload()

    def terms(self, text: str) -> list[str]:
        """``text`` as the index sees it: lower case, folded, stemmed, in order, with doubles."""
        return [str(term) for term in self._analyser.analyze(text.encode("utf-8", "ignore").decode("utf-8"))]

    def frequencies(self, terms: Sequence[str]) -> tuple[int, list[int]]:
        """How many chunks there are, and how many hold each term in their text.

        A removed chunk still counts for its terms until tantivy merges it away, though never beyond all there are.
        """
        with _wrapped(self.folder):
            searcher = self._index.searcher()
            return searcher.num_docs, [min(searcher.num_docs, searcher.doc_freq("text", term)) for term in terms]

    def search(
        self,
        text: str,
        limit: int,
        window: Window,
        *,
        title_boost: float,
        among: Sequence[str] | None = None,
        required: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """Ids of the best chunks with their BM25 score, best first; only those inside ``window``.

        ``among``: only these ids. ``required``: each of these runs of words stands in the chunk or its title.
        """
        import tantivy

        terms = list(dict.fromkeys(self.terms(text)))[:MAX_TERMS]
        if not terms:
            return []
        with _wrapped(self.folder):
            any_term = [(tantivy.Occur.Should, self._term("text", term)) for term in terms]
            if title_boost:
                any_term += [
                    (tantivy.Occur.Should, tantivy.Query.boost_query(self._term("title", term), title_boost))
                    for term in terms
                ]
            parts = [(tantivy.Occur.Must, tantivy.Query.boolean_query(any_term)), *self._filters(window)]
            parts += [(tantivy.Occur.Must, self._phrase(words)) for words in required]
            if among is not None:
                chosen = tantivy.Query.term_set_query(self._schema, "id", list(among))
                parts.append((tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)))
            searcher = self._index.searcher()
            found = searcher.search(tantivy.Query.boolean_query(parts), limit, count=False)
            return [(str(searcher.doc(address).get_first("id")), float(score)) for score, address in found.hits]

    def _term(self, field: str, term: str) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term)

    def holding(self, words: str, limit: int) -> list[str]:
        """Ids of chunks that hold a run of words in their text or title."""
        with _wrapped(self.folder):
            searcher = self._index.searcher()
            found = searcher.search(self._phrase(words), limit, count=False)
            return [str(searcher.doc(address).get_first("id")) for _, address in found.hits]

    def _phrase(self, words: str) -> tantivy.Query:
        import tantivy

        terms: list[str | tuple[int, str]] = [*self.terms(words)]
        fields = ("text", "title") if terms else ()
        if len(terms) == 1:
            held = [self._term(field, str(terms[0])) for field in fields]
        else:
            held = [tantivy.Query.phrase_query(self._schema, field, terms) for field in fields]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in held])

    def _filters(self, window: Window) -> Iterator[tuple[Any, tantivy.Query]]:
        import tantivy

        if window.earliest is not None or window.latest is not None:
            yield (
                tantivy.Occur.Must,
                tantivy.Query.const_score_query(
                    tantivy.Query.range_query(
                        self._schema,
                        "published_at",
                        tantivy.FieldType.Integer,
                        None if window.earliest is None else int(window.earliest),
                        None if window.latest is None else int(window.latest),
                    ),
                    0.0,
                ),
            )
        if window.outlets:
            chosen = tantivy.Query.term_set_query(self._schema, "outlet", list(window.outlets))
            yield tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)


@contextmanager
def _wrapped(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:  # what tantivy's binding raises
        check_writable(folder, error)
        raise IndexUnavailable(f"{folder}: the word index: {error}. 'newsdesk reindex' builds it again.") from error

"""Every error that Newsdesk raises on purpose, in one tree.

    NewsdeskError
    ├── UsageError              the call itself is wrong; exit status 2
    │   └── ConfigError         config.toml, an environment variable or an override
    ├── SourceError             one file or article cannot be read; the others can
    ├── ArchiveError
    │   ├── ArchiveMissing      nothing was ever stored there
    │   ├── ArchiveBusy         another process is writing              (try again)
    │   ├── ModelMismatch       made by another embedding model; reindex
    │   └── IndexUnavailable    Chroma, tantivy or SQLite refused
    │       └── ConversationsDamaged    their file is not what was written; it can be mended
    └── ModelError              an embedding model or a language model failed
        ├── ModelNotInstalled
        ├── ModelRefused        wrong key, no permission, unknown model, bad request
        ├── ModelBusy           rate limit, overload                    (try again)
        ├── ModelUnreachable    no connection, timeout                  (try again)
        └── ModelInterrupted    the stream broke off                    (try again)

A message says what failed, on what, and what to do next. Third-party exceptions are wrapped where they are
caught and stay reachable as ``__cause__``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from qa.answers import Answer
    from qa.intake import IngestReport


class NewsdeskError(Exception):
    """Base of the tree.

    ``retryable`` tells whether trying again can help without changing anything. ``answer`` keeps what there was
    before the failure (passages, perhaps sentences) where a question was asked, ``report`` what had come in where
    articles were taken in.
    """

    retryable: ClassVar[bool] = False
    exit_status: ClassVar[int] = 1
    answer: Answer | None = None
    report: IngestReport | None = None


class UsageError(NewsdeskError):
    """The call is wrong: an argument out of bounds, a date that is none."""

    exit_status = 2


class ConfigError(UsageError):
    """The configuration is wrong; the message names the file and the key."""


class SourceError(NewsdeskError):
    """One source of articles cannot be read."""


class ArchiveError(NewsdeskError):
    """The archive cannot do what was asked."""


class ArchiveMissing(ArchiveError):
    """There is no archive at the given path."""


class ArchiveBusy(ArchiveError):
    """Another process writes to the archive; the message names it."""

    retryable = True


class ModelMismatch(ArchiveError):
    """The archive's vectors were made by another embedding model than the configured one."""


class IndexUnavailable(ArchiveError):
    """An index cannot be opened, read or written."""


class ConversationsDamaged(IndexUnavailable):
    """The file of the conversations is damaged; ``Archive.mend_sessions`` puts another one in its place."""


class ModelError(NewsdeskError):
    """An embedding model or a language model failed."""


class ModelNotInstalled(ModelError):
    """The local model's files, or the class named in the configuration, are not there."""


class ModelRefused(ModelError):
    """The server answers, and will answer the same next time: key, permission, model name, request."""


class ModelBusy(ModelError):
    """The server asks to be left alone for a while."""

    retryable = True


class ModelUnreachable(ModelError):
    """No connection to the server, or no answer in time."""

    retryable = True


class ModelInterrupted(ModelError):
    """The connection broke while the answer was coming."""

    retryable = True

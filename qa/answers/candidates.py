"""Moved to qa.mentions; this goes."""

from qa.mentions import Form, Mention, mentions

__all__ = ["Form", "Mention", "mentions"]

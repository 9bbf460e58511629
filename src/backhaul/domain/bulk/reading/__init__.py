"""Files as rows of texts: encodings, delimiters and workbooks end here; what the rows mean does not begin here."""

from backhaul.domain.bulk.reading.source import Source, open_source

__all__ = ["Source", "open_source"]

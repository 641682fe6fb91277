"""Synthetic list and article pages with a known truth, composed and mutated from a seed.

Pure: the same seed gives the same bytes. What a page says is fixed before it is written down, so
its truth needs no reader. Every page is one that a person reads without doubt; where a person
could not tell, the truth is None and any day read from it is wrong.

    .venv/bin/python -m tests.crawler.mutations article 17      # shows page and truth of a seed
"""

from tests.crawler.mutations.articles import MadeArticle, make_article
from tests.crawler.mutations.layouts import MadeRow
from tests.crawler.mutations.lists import MadeList, make_list
from tests.crawler.mutations.words import TODAY

__all__ = ["TODAY", "MadeArticle", "MadeList", "MadeRow", "make_article", "make_list"]

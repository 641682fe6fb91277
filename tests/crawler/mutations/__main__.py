"""What does the page of a seed look like, and what is its truth?"""

import sys

from crawler.decode import decode
from tests.crawler.mutations import make_article, make_list

kind, seed = sys.argv[1], int(sys.argv[2])
made = make_article(seed) if kind == "article" else make_list(seed)
print(decode(made.page.body, made.page.content_type))
print(made.page.url, made.page.content_type or "no header", made, sep="\n")

"""What residents settle among themselves: the committee's own list (居委会组织法; handbook 2.1), no demand on an office."""

from .answering import Index
from .articles import Article, Case, List


def self_governed(index: Index, case: Case) -> tuple[Article, ...]:
    """Return the articles by which a case is the community's own affair, by number; none where it is not."""
    found = (article for article in index.covering(case) if article.list is List.SELF_GOVERNMENT)
    return tuple(sorted(found, key=lambda article: article.number))

"""Who may judge a matter: the one who brought it, and nobody who answers for it."""


def may_judge(*, requester: str, proved: str, staff: bool) -> bool:
    """
    Tell whether the reader of a matter's page may judge it, add to it, or go on with it.

    Whoever brought it with a telephone number proves that number; a matter that came without one is judged by
    whoever holds its tracking code. Staff see codes every day and so never judge, not even for a caller.

    :param requester: the blind index kept with the matter, '' where it came without a number
    :param proved: the blind index that the reader has proved, '' where none
    """
    return not staff and requester in ("", proved)

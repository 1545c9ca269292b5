"""Parts of a representation (RFC 9110, section 14): what the Range and If-Range fields ask for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

# One range only; whoever asks for several gets the whole (14.2: a server may ignore the field).
_RANGE: Final = re.compile(r"bytes[ \t]*=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.IGNORECASE)


def asked_range(field: str, size: int) -> range | None:
    """Return the bytes that a Range field asks of `size`: none of them where it asks beyond the end.

    Returns None where the field is none that is answered.
    """
    match = _RANGE.fullmatch(field.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def still_holds(if_range: str | None, tag: str, modified: datetime) -> bool:
    """Tell whether If-Range names the state that is there: its strong entity tag, or exactly its time (13.1.5)."""
    if if_range is None:
        return True
    if if_range.strip().startswith(('"', "W/")):
        return if_range.strip() == tag
    try:
        moment = parsedate_to_datetime(if_range)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment == modified.replace(microsecond=0)

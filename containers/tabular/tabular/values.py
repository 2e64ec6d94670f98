"""How the text of a cell becomes a number: as the containers that train read it."""

from __future__ import annotations

import math

# Models work in 32 bits: a larger number would silently become infinite.
LARGEST = 3.4028234663852886e38


def number(text: str) -> float | None:
    """Read a cell as a finite number: NaN for an empty or blank one, None for text, infinities and `nan`."""
    if not text or text.isspace():
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return None
    # Python reads 1_000 as a number; no CSV means it so.
    return value if abs(value) <= LARGEST and "_" not in text else None

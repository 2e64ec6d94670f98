"""How the text of a cell becomes a number: the same in training and in serving."""

import math

# Models work in 32 bits: a larger number would silently become infinite.
LARGEST = 3.4028234663852886e38
MISSING = math.nan


def is_numeric(text: str) -> bool:
    """Tell whether a cell is written as a number, be it a finite one or not."""
    if "_" in text:  # Python reads 1_000 as a number; no CSV means it so
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def number(text: str) -> float:
    """Read a cell as a finite number; an empty cell is `MISSING`.

    Raises:
        ValueError: it is text, infinite or NaN.
    """
    try:
        value = float(text)
    except ValueError:
        if not text or text.isspace():
            return MISSING
        raise
    return _refuse(text) if "_" in text else finite(value)


def finite(value: float) -> float:
    """Return the value if 32 bits can hold it.

    Raises:
        ValueError: it is infinite, NaN or larger.
    """
    return value if abs(value) <= LARGEST else _refuse(value)


def _refuse(value: object) -> float:
    raise ValueError(f"{value} is not a finite number")

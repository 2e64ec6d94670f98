"""A share of the requests, spread evenly over them."""

_ROUNDING = 1e-9


class Share:
    """Picks requests so that of any number of them it has picked the share, or less than one fewer: never more."""

    def __init__(self, share: float) -> None:
        """Pick none yet; `share` is from 0 to 1."""
        self.share = share
        self._credit = 0.0

    def next(self) -> bool:
        """Say whether the next request is one of those; the caller sees to it that one asks at a time."""
        self._credit += self.share
        if self._credit < 1 - _ROUNDING:
            return False
        self._credit -= 1
        return True

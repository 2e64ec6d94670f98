"""One table of medians, and what was promised beside what was found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Figures = Mapping[str, Mapping[str, Sequence[float]]]  # of each contestant, and of each measure one for each round


@dataclass(frozen=True)
class Measure:
    """What is measured; `show` writes a value with its unit."""

    name: str
    show: Callable[[float], str]


@dataclass(frozen=True)
class Target:
    """A promise: our figure as a multiple of a peer's in the same round, at least or at most so much."""

    measure: str
    peer: str
    limit: float
    at_least: bool = False

    def ratio(self, figures: Figures, ours: str) -> float:
        """Return the median of the rounds' ratios."""
        pairs = zip(figures[ours][self.measure], figures[self.peer][self.measure], strict=True)
        return median(own / other for own, other in pairs)

    def met(self, ratio: float) -> bool:
        """Is the promise kept?"""
        return ratio >= self.limit if self.at_least else ratio <= self.limit


def report(title: str, measures: Sequence[Measure], figures: Figures, targets: Sequence[Target], ours: str) -> bool:
    """Print it all, and return whether every promise is kept."""
    lines = [[title, *figures]]
    for measure in measures:
        found = (values.get(measure.name) for values in figures.values())
        lines.append([measure.name, *(measure.show(median(values)) if values else "" for values in found)])
    _print(lines)
    print()
    ratios = [target.ratio(figures, ours) for target in targets]
    lines = [["  as a multiple", "of", "found", "target"]]
    for target, ratio in zip(targets, ratios, strict=True):
        sign = "✓" if target.met(ratio) else "✗"
        limit = f"{'≥' if target.at_least else '≤'} {_short(target.limit)}"
        lines.append([f"{sign} {target.measure}", target.peer, _short(ratio), limit])
    _print(lines)
    print(flush=True)
    return all(target.met(ratio) for target, ratio in zip(targets, ratios, strict=True))


def _print(lines: Sequence[Sequence[str]]) -> None:
    """Print columns, the first one to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("   ".join([first.ljust(widths[0]), *cells]))


def _short(value: float) -> str:
    """Write a ratio with two significant digits or more: 131, 2.54, 0.031."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004

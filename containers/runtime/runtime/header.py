"""What is probably meant by a header that does not name the columns."""

from collections.abc import Iterable, Sequence

from runtime.errors import quoted

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def separated_by(cells: Sequence[str]) -> str:
    """Name what separates the columns where commas do not; nothing where they do, or where there is one column."""
    if len(cells) != 1:
        return ""
    return next((name for separator, name in SEPARATORS.items() if separator in cells[0]), "")


def fold(name: str) -> str:
    """Return what is left of a name without its case and the blanks around it."""
    return name.strip().casefold()


def did_you_mean(names: Iterable[str], known: Iterable[str]) -> str:
    """Ask about each name that is one of the known but for blanks or case; the answer begins with a blank, or is empty.

    A name that is known is not asked about.
    """
    exact = set(known)
    folded = {fold(name): name for name in exact}
    pairs = ((name, folded[fold(name)]) for name in names if name not in exact and fold(name) in folded)
    return "".join(f" Did you mean {quoted(meant)} by {quoted(name)}?" for name, meant in pairs)

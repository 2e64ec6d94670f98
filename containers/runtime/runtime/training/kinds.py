"""What kind of column each is, where the hyperparameters do not say."""

from collections.abc import Iterable, Sequence

from runtime.columns import Column
from runtime.training.table import Chunk
from runtime.values import is_numeric

# Above this share of numbers, the rest of a column is taken for mistakes, not for categories.
MOSTLY = 0.9


def infer_columns(chunks: Iterable[Chunk], names: Sequence[str], target: str) -> tuple[Column, ...]:
    """Read all rows, and return every column but the target with its kind."""
    places = [place for place, name in enumerate(names) if name != target]
    filled, numeric = dict.fromkeys(places, 0), dict.fromkeys(places, 0)
    for chunk in chunks:
        cells = list(zip(*chunk.rows, strict=True))
        for place in places:
            texts = [cell for cell in cells[place] if cell]
            filled[place] += len(texts)
            numeric[place] += sum(map(is_numeric, texts))
    kinds = {
        place: "number" if filled[place] and numeric[place] >= MOSTLY * filled[place] else "category"
        for place in places
    }
    return tuple(Column(names[place], kinds[place]) for place in places)

"""The rounds that were kept of a job, in pieces: an interruption costs those since the last one."""

import json
from dataclasses import dataclass, field

from boosting.library import Booster
from runtime.training import Checkpoints

FIRST_TREE, LAST_TREE, SIZES = "Tree=", "end of trees", "tree_sizes="


@dataclass
class Rounds:
    """The rounds so far: LightGBM's text of their trees, and how each judged the rows that early stopping looks at."""

    head: str = ""
    trees: str = ""
    number: int = 0
    losses: list[float] = field(default_factory=list)

    def booster(self) -> Booster | None:
        """Return the model of these rounds, if there are any."""
        return Booster(model_str=f"{self.head}\n{self.trees}{LAST_TREE}\n") if self.number else None


def save(checkpoints: Checkpoints, booster: Booster, number: int, saved: int, losses: list[float]) -> None:
    """Save the rounds after those that were saved before; `number` is how many there are."""
    text = booster.model_to_string(num_iteration=number - saved, start_iteration=saved)
    piece = {
        "head": text[: text.index(SIZES)],
        "trees": text[text.index(FIRST_TREE) : text.index(LAST_TREE)],
        "number": number,
        "losses": losses[saved:],
    }
    checkpoints.save(f"rounds-{saved:09}", json.dumps(piece).encode())


def kept(checkpoints: Checkpoints) -> Rounds:
    """Return the rounds of the checkpoints, up to the first that is missing."""
    rounds = Rounds()
    for name in checkpoints.names():
        content = checkpoints.load(name) if name == f"rounds-{rounds.number:09}" else None
        if content:
            piece = json.loads(content)
            rounds.head, rounds.number = piece["head"], piece["number"]
            rounds.trees += piece["trees"]
            rounds.losses += piece["losses"]
    return rounds

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Trainer

LEAN = """
import sys
import forest.trees
assert "scipy.stats" not in sys.modules, "it takes as long as all the rest"
import scipy, sklearn.neighbors
assert scipy.stats.norm.cdf(0) == 0.5
assert sklearn.neighbors.KDTree([[1.0]]).query([[2.0]])[0] == 1
"""


def test_what_is_left_out_of_an_import_can_be_imported_later(container: Trainer, tmp_path: Path) -> None:
    outcome = container.run(tmp_path, "python3", "-c", LEAN)
    assert outcome.code == 0, outcome.log

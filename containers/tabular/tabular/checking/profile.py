"""`profile.json`: statistics in SageMaker's data-quality format, with what was found to be wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tabular.checking.drift import stability
from tabular.checking.feature import Feature, empty_percent, value_counts
from tabular.checking.findings import Findings
from tabular.errors import TabularError

FILE = "profile.json"


def write_profile(folder: Path, rows: int, features: Sequence[Feature], findings: Findings) -> None:
    """Write the profile into a folder, which is made if need be."""
    document = {
        "version": 0.0,
        "dataset": {"item_count": rows},
        "features": features,
        "violations": [asdict(finding) for finding in findings.found],
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (folder / FILE).write_text(text, "utf-8", "backslashreplace")


def read_features(folder: Path | None) -> dict[str, Any]:
    """Return the features of a profile by name; none if there is no profile in the folder.

    Raises:
        TabularError: the file is no profile of ours.
    """
    if folder is None or not (folder / FILE).is_file():
        return {}
    try:
        features = json.loads((folder / FILE).read_text("utf-8"))["features"]
        return {feature["name"]: _whole(feature) for feature in features}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TabularError(
            f"The champion's {FILE} is not a profile: {type(error).__name__}: {error}. Delete it from its run's folder:"
            " the data are not compared with the champion's then."
        ) from error


def _whole(feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature that has what the rules read of it: in one that has not, this is what fails."""
    if "numerical_statistics" in feature:
        stability(feature, feature, np.zeros(0))
    else:
        value_counts(feature)
    empty_percent(feature)
    return feature

"""One column's statistics, in SageMaker's data-quality format, with what Penstock adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.checking.column import Column

BUCKETS = 10
Feature = Mapping[str, Any]


def feature(column: Column, values: NDArray[np.float64], correlation: float | None) -> dict[str, Any]:
    """Describe a column: `values` is the sample of its numbers, NaN for empty."""
    common = {"num_present": column.rows - column.missing, "num_missing": column.missing}
    present = values[~np.isnan(values)]
    if column.numeric and len(present):
        return _numbers(column, common, np.sort(present), correlation)
    buckets = sorted(column.counts.items(), key=lambda item: (-item[1], item[0]))
    statistics = {
        "common": common,
        "distinct_count": len(column.counts),
        "distribution": {"categorical": {"buckets": [{"value": value, "count": count} for value, count in buckets]}},
    }
    return {
        "name": column.name,
        "inferred_type": "String" if common["num_present"] else "Unknown",
        "string_statistics": statistics,
        "counts_truncated": column.truncated,
    }


def _numbers(
    column: Column, common: Mapping[str, int], present: NDArray[np.float64], correlation: float | None
) -> dict[str, Any]:
    possible = np.unique(np.linspace(present[0], present[-1], BUCKETS + 1))
    # Between long identifiers that are near each other, there are fewer floats than buckets.
    counts, edges = np.histogram(present, possible if 1 < len(possible) <= BUCKETS else BUCKETS)
    buckets = [
        {"lower_bound": float(low), "upper_bound": float(high), "count": int(count)}
        for low, high, count in zip(edges, edges[1:], counts)
    ]
    deciles = [float(value) for value in np.percentile(present, range(0, 101, 10), method="inverted_cdf")]
    return {
        "name": column.name,
        "inferred_type": "Integral" if column.integral else "Fractional",
        "numerical_statistics": {
            "common": dict(common),
            "mean": column.mean,
            "sum": column.mean * column.present,
            "std_dev": column.deviation,
            "min": column.low,
            "max": column.high,
            "distribution": {"kll": {"buckets": buckets}},
        },
        "distinct_count": int((np.diff(present) != 0).sum()) + 1,
        "deciles": deciles,
        "decile_counts": [int(count) for count in bin_counts(deciles, present)],
        "correlation_with_target": correlation,
    }


def bin_counts(deciles: list[float], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count values between the deciles' inner edges, each of which belongs to the bin above; equal edges are one."""
    edges = np.unique(deciles[1:-1])
    return np.bincount(np.searchsorted(edges, values, "right"), minlength=len(edges) + 1)


def empty_percent(one: Feature) -> float:
    """Return the share of a described column's cells that are empty, in per cent."""
    common = (one.get("numerical_statistics") or one["string_statistics"])["common"]
    rows = common["num_present"] + common["num_missing"]
    return 100 * common["num_missing"] / rows if rows else 0.0


def value_counts(one: Feature) -> dict[str, int]:
    """Return how often each category is in a described column of text."""
    buckets = one["string_statistics"]["distribution"]["categorical"]["buckets"]
    return {bucket["value"]: bucket["count"] for bucket in buckets}

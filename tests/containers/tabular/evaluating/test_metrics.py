"""Every metric against scikit-learn, on random rows; the two run in one process of scikit-learn's environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Tabular

COMMON = """
import json
import numpy as np
from sklearn import metrics
from tabular.evaluating.measured import once
random = np.random.default_rng(3)
pairs = []
def same(name, ours, theirs):
    pairs.append([name, float(ours), float(theirs)])
"""
REGRESSION = """
from tabular.evaluating.regression import Regression
for rows in (2, 40, 3000):
    truth = 1e6 + 100 * random.normal(size=rows)
    said = truth + random.normal(size=rows) * 30
    ours = once(Regression(truth, said))
    same("rmse", ours["rmse"], metrics.root_mean_squared_error(truth, said))
    same("mae", ours["mae"], metrics.mean_absolute_error(truth, said))
    same("mape", ours["mape"], metrics.mean_absolute_percentage_error(truth, said))
    same("r2", ours["r2"], metrics.r2_score(truth, said))
    same("mse", ours["mse"], metrics.mean_squared_error(truth, said))
"""
BINARY = """
from tabular.evaluating import curves
from tabular.evaluating.binary import Binary
for rows in (50, 51, 2000):
    truth = random.random(rows) < 0.3
    scores = np.round(truth * 0.2 + random.random(rows), 2)
    said = scores > 0.7
    one = Binary(truth, said, scores, ("no", "yes"))
    ours = once(one)
    same("accuracy", ours["accuracy"], metrics.accuracy_score(truth, said))
    same("precision", ours["precision"], metrics.precision_score(truth, said))
    same("recall", ours["recall"], metrics.recall_score(truth, said))
    same("f1", ours["f1"], metrics.f1_score(truth, said))
    same("auc", ours["auc"], metrics.roc_auc_score(truth, scores))
    section = one.section({name: {"value": value} for name, value in ours.items()})[1]
    same("f2", section["f2"]["value"], metrics.fbeta_score(truth, said, beta=2))
    same("f0_5", section["f0_5"]["value"], metrics.fbeta_score(truth, said, beta=0.5))
    counts = [section["confusion_matrix"][a][b] for a in ("no", "yes") for b in ("no", "yes")]
    for mine, theirs in zip(counts, metrics.confusion_matrix(truth, said).ravel()):
        same("confusion", mine, theirs)
    roc = section["receiver_operating_characteristic_curve"]
    area = np.trapezoid(roc["true_positive_rates"], roc["false_positive_rates"])
    same("area of the curve", area, metrics.roc_auc_score(truth, scores))
    precision, recall, _ = metrics.precision_recall_curve(truth, scores)
    curve = section["precision_recall_curve"]
    for mine, theirs in ((curve["precisions"], precision[:-1][::-1]), (curve["recalls"], recall[:-1][::-1])):
        same("length of the curve", len(mine), len(theirs))
        same("curve", np.sum(mine), np.sum(theirs))
    weights = random.integers(0, 4, (5, rows)).astype(float)
    for row, area in zip(weights, curves.area(truth, scores, weights)):
        same("weighted auc", area, metrics.roc_auc_score(truth, scores, sample_weight=row))
nothing = Binary(np.array([True, False]), np.array([False, False]), None, ("no", "yes"))
same("no positive", once(nothing)["precision"], metrics.precision_score([1, 0], [0, 0], zero_division=0))
"""
MULTICLASS = """
from tabular.evaluating.multiclass import Multiclass
for labels in (3, 5):
    truth = random.integers(0, labels, 400)
    said = np.where(random.random(400) < 0.7, truth, random.integers(0, labels - 1, 400))
    truth[truth == labels - 1] = 0
    one = Multiclass(truth, said, tuple("abcde"[:labels]))
    ours = once(one)
    same("accuracy", ours["accuracy"], metrics.accuracy_score(truth, said))
    same("f1_macro", ours["f1_macro"], metrics.f1_score(truth, said, average="macro", zero_division=0))
    same("f1_weighted", ours["f1_weighted"], metrics.f1_score(truth, said, average="weighted", zero_division=0))
    section = one.section({name: {"value": value} for name, value in ours.items()})[1]
    options = {"average": "weighted", "zero_division": 0}
    same("precision", section["weighted_precision"]["value"], metrics.precision_score(truth, said, **options))
    same("recall", section["weighted_recall"]["value"], metrics.recall_score(truth, said, **options))
    same("f2", section["weighted_f2"]["value"], metrics.fbeta_score(truth, said, beta=2, **options))
"""
CLUSTERING = """
from tabular.evaluating.clustering import Clustering, davies_bouldin
for rows in (30, 400):
    labels = random.integers(0, 3, rows)
    points = random.normal(size=(rows, 4)) + labels[:, None]
    clusters = np.where(random.random(rows) < 0.8, labels, 3)
    clusters[0] = 9
    ours = once(Clustering(points, clusters, labels))
    same("silhouette", ours["silhouette"], metrics.silhouette_score(points, clusters))
    same("davies_bouldin", ours["davies_bouldin"], metrics.davies_bouldin_score(points, clusters))
    same("nmi", ours["nmi"], metrics.normalized_mutual_info_score(labels, clusters))
    table = metrics.cluster.contingency_matrix(labels, clusters)
    same("purity", ours["purity"], table.max(axis=0).sum() / rows)
    twice = np.repeat(np.arange(rows), 2)
    same("weighted", davies_bouldin(points, clusters, np.full(rows, 2.0)),
         metrics.davies_bouldin_score(points[twice], clusters[twice]))
large = Clustering(np.repeat([[0.0], [9.0]], 1500, axis=0), np.repeat([0, 1], 1500), None)
same("a sample", once(large)["silhouette"], 1)
"""
ANOMALY = """
from tabular.evaluating.anomaly import Anomaly, anomaly_threshold
scores = random.normal(size=1000)
truth = np.zeros(1000, bool)
truth[:20] = True
scores[:15] += 8
known = np.ones(1000, bool)
known[500:] = False
threshold = anomaly_threshold(scores, None)
ours = once(Anomaly(scores, threshold, known, truth))
flagged = scores > scores.mean() + 3 * scores.std()
same("anomaly_percent", ours["anomaly_percent"], 100 * flagged.mean())
same("auc", ours["auc"], metrics.roc_auc_score(truth[known], scores[known]))
same("precision", ours["precision"], metrics.precision_score(truth[known], flagged[known]))
same("recall", ours["recall"], metrics.recall_score(truth[known], flagged[known]))
same("f1", ours["f1"], metrics.f1_score(truth[known], flagged[known]))
same("no labels", len(once(Anomaly(scores, threshold, known & False, truth))), 1)
same("wanted share", once(Anomaly(scores, anomaly_threshold(scores, 0.05), known, truth))["anomaly_percent"], 5)
same("flags", anomaly_threshold(np.array([0.0, 1.0, 0.0]), None), 1)
"""


KINDS = {
    "regression": REGRESSION,
    "binary": BINARY,
    "multiclass": MULTICLASS,
    "clustering": CLUSTERING,
    "anomaly": ANOMALY,
}


@pytest.fixture(scope="module")
def pairs(tabular: Tabular, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, float, float]]]:
    """Ours and theirs for each kind of problem; scikit-learn takes longer to import than to count."""
    parts = [f"{code}\nfound[{kind!r}], pairs = pairs, []\n" for kind, code in KINDS.items()]
    code = "\n".join([COMMON, "found = {}", *parts, "print(json.dumps(found))"])
    found: dict[str, list[tuple[str, float, float]]] = tabular.python(tmp_path_factory.mktemp("metrics"), code)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_what_scikit_learn_says(pairs: dict[str, list[tuple[str, float, float]]], kind: str) -> None:
    assert pairs[kind]
    for name, ours, theirs in pairs[kind]:
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12), name

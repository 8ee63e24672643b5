"""Answers the cases of scikit-learn.test.ts with scikit-learn: JSON in on stdin, JSON out on stdout."""

import json
import sys

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    precision_recall_curve,
    roc_auc_score,
)


def answer(case):
    labels = np.array(case["labels"], dtype=float)
    scores = np.array(case["scores"], dtype=float)
    probabilities = np.array(case["probabilities"], dtype=float)
    weights = np.array(case["weights"], dtype=float)
    queries = np.array(case["queries"], dtype=float)
    result = {
        "areaUnderRoc": roc_auc_score(labels, scores),
        "averagePrecision": average_precision_score(labels, scores),
        "brierScore": brier_score_loss(labels, probabilities),
        "logLoss": log_loss(labels, np.clip(probabilities, 1e-15, 1 - 1e-15)),
    }
    precision, recall, _ = precision_recall_curve(labels, scores)
    result["precisionAtRecall"] = precision[recall >= case["recall"]].max()
    for name, sample_weight in (("isotonic", None), ("weightedIsotonic", weights)):
        fit = IsotonicRegression(out_of_bounds="clip").fit(scores, labels, sample_weight=sample_weight)
        result[name] = fit.predict(queries).tolist()
    return result


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)

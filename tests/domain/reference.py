"""Answers the cases of the tests beside it with Python's packages: JSON in on stdin, JSON out on stdout."""

import json
import sys
import warnings

import numpy as np
from empulse.metrics import empc_score
from scipy.optimize import minimize
from scipy.special import betainc
from scipy.stats import ks_2samp
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_recall_curve,
    roc_auc_score,
)

warnings.filterwarnings("ignore")


def newton_fit(columns, targets, offset=None):
    """Logistic regression without penalty on targets that may be fractions, by plain Newton steps."""
    design = np.column_stack([np.ones(len(targets)), *columns])
    beta = np.zeros(design.shape[1])
    offset = np.zeros(len(targets)) if offset is None else offset
    for _ in range(100):
        expected = 1 / (1 + np.exp(-(design @ beta + offset)))
        hessian = design.T @ (design * (expected * (1 - expected))[:, None])
        step = np.linalg.solve(hessian, design.T @ (targets - expected))
        beta = beta + step
        if np.abs(step).max() < 1e-13:
            break
    return beta


def exact_fit(columns, labels, weights=None):
    """scikit-learn's logistic regression, taken to its end."""
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    model.fit(np.column_stack(columns), labels, sample_weight=weights)
    return [float(model.intercept_[0]), *[float(value) for value in model.coef_[0]]]


def of_both_classes(case, labels, scores, probabilities):
    """Metrics that need both classes."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    base = labels.mean()
    result = {
        "auc_roc": roc_auc_score(labels, scores),
        "auc_pr": average_precision_score(labels, scores),
        "precision_at_recall_70": precision[recall >= 0.7].max(),
        "ks": ks_2samp(scores[labels == 1], scores[labels == 0]).statistic,
        "brier_skill": 1 - brier_score_loss(labels, probabilities) / (base * (1 - base)),
        "empc": empc_score(labels, scores),
    }
    if len(set(scores.tolist())) == len(scores) or len(set(scores.tolist())) == 1:
        for share in (1, 3, 5, 10, 20):
            count = int(np.ceil(share / 100 * len(scores) - 1e-9))
            top = np.argsort(-scores, kind="stable")[:count]
            hits = labels[top].sum() if len(set(scores.tolist())) > 1 else base * count
            result[f"precision_at_top_{share}pct"] = hits / count
            result[f"recall_at_top_{share}pct"] = hits / labels.sum()
            result[f"lift_at_top_{share}pct"] = hits / count / base
    if case["overlaps"]:
        logits = np.log(probabilities) - np.log1p(-probabilities)
        intercept, slope = exact_fit([logits], labels)
        result |= {
            "calibration_slope": slope,
            "calibration_intercept": intercept,
            "calibration_in_the_large": newton_fit([], labels, logits)[0],
        }
    return result


def calibration_error(labels, probabilities, bins=20):
    """Over cumulated sums, tied rows averaged, cut at equal distances."""
    bins = min(bins, len(labels))
    order = np.argsort(probabilities)
    p = probabilities[order]
    _, group = np.unique(p, return_inverse=True)
    y = (np.bincount(group, labels[order]) / np.bincount(group))[group]
    cuts = np.arange(bins + 1) * len(p) / bins
    cumulated = np.interp(cuts, np.arange(len(p) + 1), np.concatenate([[0], np.cumsum(p - y)]))
    return np.abs(np.diff(cumulated)).sum() / len(p)


def metrics(case):
    labels = np.array(case["labels"], dtype=float)
    scores = np.array(case["scores"], dtype=float)
    probabilities = np.array(case["probabilities"], dtype=float)
    predicted = probabilities >= case["threshold"]
    result = {
        "brier": brier_score_loss(labels, probabilities),
        "log_loss": log_loss(labels, np.clip(probabilities, 1e-15, 1 - 1e-15), labels=[0, 1]),
        "calibration_error": calibration_error(labels, probabilities),
    }
    if labels.any():
        result["f1"] = f1_score(labels, predicted)
    if 0 < labels.mean() < 1:
        result |= of_both_classes(case, labels, scores, probabilities)
    counts = confusion_matrix(labels, predicted, labels=[0, 1]).ravel().tolist()
    return {"metrics": result, "confusion": counts}


def isotonic(case):
    scores, labels, queries = (np.array(case[name], dtype=float) for name in ("scores", "labels", "queries"))
    answers = []
    for weights in (None, np.array(case["weights"], dtype=float)):
        fit = IsotonicRegression(out_of_bounds="clip").fit(scores, labels, sample_weight=weights)
        answers.append(fit.predict(queries).tolist())
    return answers


def calibrators(case):
    """Platt's and the beta calibration: each row as a positive and a negative with Platt's target as weights."""
    scores, labels = (np.array(case[name], dtype=float) for name in ("scores", "labels"))
    positives = labels.sum()
    targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (len(labels) - positives + 2))
    doubled = np.repeat([1, 0], len(labels))
    weights = np.concatenate([targets, 1 - targets])
    twice = lambda column: np.concatenate([column, column])
    columns = [-np.logaddexp(0, -scores), np.logaddexp(0, scores)]

    def loss(parameters):
        odds = parameters[0] + parameters[1] * columns[0] + parameters[2] * columns[1]
        return np.mean(np.logaddexp(0, odds) - targets * odds)

    bounded = minimize(loss, np.array([0, 1, 1]), method="trust-constr", bounds=[(None, None), (0, None), (0, None)], options={"gtol": 1e-10, "xtol": 1e-12, "maxiter": 3000})
    beta = newton_fit(columns, targets).tolist() if case["beta"] else None
    return {"platt": exact_fit([twice(scores)], doubled, weights), "beta": beta, "beta_loss": loss(bounded.x)}


def empc(case):
    terms = case["campaign"]
    return empc_score(
        case["labels"],
        case["scores"],
        alpha=terms["alpha"],
        beta=terms["beta"],
        clv=terms["clv"],
        incentive_cost=terms["offer"],
        contact_cost=terms["contact"],
    )


def paired(case):
    """Differences of two models on given resamples of entities, rows repeated as their entity was drawn."""
    labels, entities = np.array(case["labels"]), np.array(case["entities"])
    measures = {
        "auc_pr": lambda y, s, p, t: average_precision_score(y, s),
        "auc_roc": lambda y, s, p, t: roc_auc_score(y, s),
        "ks": lambda y, s, p, t: ks_2samp(s[y == 1], s[y == 0]).statistic,
        "f1": lambda y, s, p, t: f1_score(y, p >= t),
        "brier": lambda y, s, p, t: -brier_score_loss(y, p),
        "log_loss": lambda y, s, p, t: -log_loss(y, p, labels=[0, 1]),
        "calibration_error": lambda y, s, p, t: -calibration_error(y, p),
    }
    answer = {}
    for name, measure in measures.items():
        def difference(rows):
            one, other = (
                measure(labels[rows], np.array(model["scores"])[rows], np.array(model["probabilities"])[rows], model["threshold"])
                for model in case["models"]
            )
            return one - other

        drawn = [difference(np.repeat(np.arange(len(labels)), np.array(copies)[entities])) for copies in case["copies"]]
        low, high = np.quantile(drawn, [0.05, 0.95])
        answer[name] = {
            "value": difference(np.arange(len(labels))),
            "lower": low,
            "upper": high,
            "drawn": sorted(drawn),
        }
    return answer


def beta_distribution(case):
    return betainc(case["alpha"], case["beta"], np.array(case["x"])).tolist()


ANSWERS = {
    "metrics": metrics,
    "isotonic": isotonic,
    "calibrators": calibrators,
    "empc": empc,
    "beta_distribution": beta_distribution,
    "paired": paired,
}
questions = json.load(sys.stdin)
json.dump({ask: [ANSWERS[ask](case) for case in cases] for ask, cases in questions.items()}, sys.stdout)

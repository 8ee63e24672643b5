"""Loads a Holdfast model folder for MLflow and gives what Holdfast itself answers.

A folder of one version (`features.json`, `calibrator.json`, ...) answers with the columns `probability`, `raw_score`
and `risk_score`; a folder of a set (`set.json`, and a folder of a version for each horizon) with
`probability_30d`, ..., the probabilities of a row never falling from a shorter horizon to a longer one.

The input is a table of the features as people know them: numbers, and categories as text; None or NaN where a value
is missing. The order of its columns is of no matter; a column that is not there is refused.
"""

import json
import os
import re
from decimal import Decimal

import numpy
import pandas

# Probabilities nearer to 0 or 1 count as being so far away.
_PROBABILITY_FLOOR = 1e-15
_FLOAT32_MOST = 3.4028234663852886e38
# XGBoost counts categories in float32.
_CODE_MOST = 2**24 - 1
# No blanks, no hexadecimal, not the empty text.
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)


def _load_pyfunc(path, model_config=None):
    """What `mlflow.pyfunc.load_model` calls with the folder of a version or of a set."""
    if os.path.exists(os.path.join(path, "set.json")):
        return SetModel(path)
    return VersionModel(path)


class VersionModel:
    """One version: the calibrated probability of leaving within its horizon."""

    def __init__(self, folder):
        encoding = _read_json(folder, "features.json")
        settings = _read_json(folder, "settings.json")
        self.horizon_days = settings["horizonDays"]
        self.features = encoding["features"]
        self._calibrator = _read_json(folder, "calibrator.json")
        self._base_rate = _read_json(folder, "statistics.json")["baseRate"]
        self._learner = _open_learner(folder, settings["learner"]["name"], self.features)

    def predict(self, model_input, params=None):
        frame = _frame_of(model_input)
        raw = self.raw_scores(encode(self.features, frame))
        probability = self.calibrated(raw)
        return pandas.DataFrame(
            {
                "probability": probability,
                "raw_score": raw,
                "risk_score": self.risk_scores(probability),
            },
            index=frame.index,
        )

    def raw_scores(self, values):
        """The log-odds that rank, before calibration, of encoded rows."""
        if len(values) == 0:
            return numpy.zeros(0)
        return numpy.asarray(self._learner(values), dtype=numpy.float64)

    def calibrated(self, raw):
        return _calibrate(self._calibrator, raw)

    def risk_scores(self, probability):
        """The probability as it would be if leavers and stayers were equally many."""
        leaves = probability * (1 - self._base_rate)
        return leaves / (leaves + (1 - probability) * self._base_rate)


class SetModel:
    """The versions of a set, whose probabilities do not fall from one horizon to the next."""

    def __init__(self, folder):
        members = _read_json(folder, "set.json")["models"]
        self._models = [VersionModel(os.path.join(folder, member["folder"])) for member in members]

    def predict(self, model_input, params=None):
        frame = _frame_of(model_input)
        raw = [model.raw_scores(values) for model, values in zip(self._models, self._encoded(frame))]
        probabilities = _coherent([model.calibrated(scores) for model, scores in zip(self._models, raw)])
        columns = {}
        for model, scores, probability in zip(self._models, raw, probabilities):
            days = f"{model.horizon_days}d"
            columns[f"probability_{days}"] = probability
            columns[f"raw_score_{days}"] = scores
            columns[f"risk_score_{days}"] = model.risk_scores(probability)
        return pandas.DataFrame(columns, index=frame.index)

    def _encoded(self, frame):
        """A matrix for each version; versions that were trained together share one."""
        matrices = []
        for model in self._models:
            if matrices and model.features == self._models[len(matrices) - 1].features:
                matrices.append(matrices[-1])
            else:
                matrices.append(encode(model.features, frame))
        return matrices


def _read_json(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file)


def _frame_of(model_input):
    return model_input if isinstance(model_input, pandas.DataFrame) else pandas.DataFrame(model_input)


# What a learner sees of a row


def encode(features, frame):
    """The matrix of a table: a row each, a column a feature of the encoding, NaN for missing."""
    absent = [
        feature["name"]
        for feature in features
        if "outlierOf" not in feature and feature["name"] not in frame.columns
    ]
    if absent:
        raise ValueError(
            f"the input lacks {', '.join(absent)}: every feature of the model must be there, "
            "None or NaN where its value is not known"
        )
    values = numpy.empty((len(frame), len(features)))
    told = {}
    by_name = {feature["name"]: feature for feature in features}
    for index, feature in enumerate(features):
        flagged = feature.get("outlierOf")
        if flagged is not None:
            values[:, index] = _outlier_flags(by_name.get(flagged), told.get(flagged))
            continue
        cleaning = feature.get("cleaning", {})
        column = _told_values(cleaning, _plain_values(feature, frame[feature["name"]]))
        told[feature["name"]] = column
        values[:, index] = _cleaned_values(cleaning, column)
    return values


def _plain_values(feature, column):
    name = feature["name"]
    if feature["type"] == "numeric":
        if pandas.api.types.is_numeric_dtype(column.dtype):
            return column.to_numpy(dtype=numpy.float64, na_value=numpy.nan)
        return numpy.array([_number_of(name, value) for value in column.astype(object)], dtype=numpy.float64)
    codes = {category: code for code, category in enumerate(feature["categories"])}
    return numpy.array([_code_of(name, value, codes) for value in column.astype(object)], dtype=numpy.float64)


def _is_missing(value):
    return value is None or value is pandas.NA or value is pandas.NaT or value != value


def _number_of(name, value):
    if _is_missing(value):
        return numpy.nan
    if isinstance(value, (bool, int, float, numpy.number, numpy.bool_, Decimal)):
        return float(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value)
    raise ValueError(f"the feature {name} is a number, but the value is {value!r:.40}: give None where it is not known")


def _code_of(name, value, codes):
    """A category never seen in training has no code: it is missing."""
    if isinstance(value, str):
        return codes.get(value, numpy.nan)
    if _is_missing(value):
        return numpy.nan
    if isinstance(value, (bool, numpy.bool_)):
        return codes.get("true" if value else "false", numpy.nan)
    if isinstance(value, (int, float, numpy.number)):
        text = _number_text(value)
        # A column of doubles prints 18 as 18.0.
        return codes.get(text, codes.get(f"{text}.0", numpy.nan) if value % 1 == 0 else numpy.nan)
    raise ValueError(f"the feature {name} is a text, but the value is {value!r:.40}: give None where it is not known")


def _number_text(value):
    """A number as Holdfast writes it: 18.0 as 18, and an exponent from 1e21 and below 1e-6 only."""
    if isinstance(value, (int, numpy.integer)):
        return str(int(value))
    number = float(value)
    if numpy.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number % 1 == 0 and abs(number) < 1e21:
        return str(int(number))
    text = repr(number)
    if "e" not in text:
        return text
    if 1e-6 <= abs(number) < 1e21:
        return format(Decimal(text), "f")
    digits, exponent = text.split("e")
    return f"{digits}e{'-' if exponent.startswith('-') else '+'}{exponent.lstrip('+-0')}"


def _told_values(cleaning, values):
    """What the data say: an impossible number is missing."""
    if "possible" not in cleaning:
        return values
    smallest, largest = cleaning["possible"]
    is_possible = numpy.ones(len(values), dtype=bool)
    if smallest is not None:
        is_possible &= values >= smallest
    if largest is not None:
        is_possible &= values <= largest
    return numpy.where(is_possible, values, numpy.nan)


def _cleaned_values(cleaning, told):
    cleaned = told
    outliers = cleaning.get("outliers")
    if outliers is not None and outliers["action"] == "cap":
        lower, upper = outliers["lower"], outliers["upper"]
        cleaned = numpy.where(told < lower, lower, numpy.where(told > upper, upper, told))
    if "missing" in cleaning:
        cleaned = numpy.where(numpy.isnan(told), cleaning["missing"]["value"], cleaned)
    return cleaned


def _outlier_flags(flagged, told):
    outliers = (flagged or {}).get("cleaning", {}).get("outliers")
    if outliers is None or told is None:
        return 0
    return (told < outliers["lower"]) | (told > outliers["upper"])


# Learners: functions from a matrix to raw scores


def _open_learner(folder, name, features):
    if name in ("lightgbm", "random_forest"):
        return _open_lightgbm(os.path.join(folder, "model.txt"))
    if name == "xgboost":
        return _open_xgboost(os.path.join(folder, "model.json"), features)
    if name == "logistic_regression":
        return _open_logistic_regression(_read_json(folder, "model.json"))
    raise ValueError(f"this loader does not know the learner {name}")


def _open_lightgbm(file):
    import lightgbm

    booster = lightgbm.Booster(model_file=file)
    return lambda values: booster.predict(values, raw_score=True)


def _open_xgboost(file, features):
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(file)
    attribute = booster.attr("holdfast_categories")
    known = None if attribute is None else json.loads(attribute)
    categorical = [index for index, feature in enumerate(features) if feature["type"] == "categorical"]

    def predict(values):
        # XGBoost takes a code it has never seen for one that was not chosen; here it is missing.
        values = values.copy()
        for column in categorical:
            codes = values[:, column]
            ranges = [[0, _CODE_MOST - 1]] if known is None else known[str(column)]
            is_known = numpy.zeros(len(codes), dtype=bool)
            for first, last in ranges:
                is_known |= (codes >= first) & (codes <= last)
            values[:, column] = numpy.where(is_known, codes, numpy.nan)
        # The library computes in float32 and refuses infinities.
        finite = numpy.clip(values, -_FLOAT32_MOST, _FLOAT32_MOST).astype(numpy.float32)
        return booster.inplace_predict(finite, predict_type="margin")

    return predict


def _open_logistic_regression(model):
    if model["format"] != "holdfast-logistic-regression/1":
        raise ValueError(f"this loader does not know the format {model['format']}")

    def predict(values):
        scores = numpy.full(len(values), model["intercept"], dtype=numpy.float64)
        for term in model["terms"]:
            column, mean, scale = values[:, term["column"]], term["mean"], term["scale"]
            is_finite = numpy.isfinite(column)
            if term["reads"] == "value":
                standardised = numpy.where(is_finite, (numpy.where(is_finite, column, mean) - mean) * (1 / scale), 0)
            else:
                holds = column == term["code"] if term["reads"] == "code" else ~is_finite
                standardised = numpy.where(holds, (1 - mean) / scale, -mean / scale)
            scores += term["coefficient"] * standardised
        return scores

    return predict


# From raw scores to probabilities


def _calibrate(calibrator, raw):
    if numpy.isnan(raw).any() or (calibrator["method"] != "isotonic" and not numpy.isfinite(raw).all()):
        raise ValueError("a raw score is no finite number")
    if calibrator["method"] == "isotonic":
        return _inside(_interpolate(calibrator["knots"], raw))
    if calibrator["method"] == "platt":
        return _inside(_logistic(calibrator["slope"] * raw + calibrator["intercept"]))
    if calibrator["method"] == "beta":
        a, b, c = calibrator["a"], calibrator["b"], calibrator["c"]
        return _inside(_logistic(b * _soft_plus(raw) - a * _soft_plus(-raw) + c))
    raise ValueError(f"this loader does not know the calibrator {calibrator['method']}")


def _interpolate(knots, scores):
    """The isotonic function: linear between its knots, constant beyond them."""
    x = numpy.asarray(knots["x"], dtype=numpy.float64)
    y = numpy.asarray(knots["y"], dtype=numpy.float64)
    if len(x) == 1:
        return numpy.full(len(scores), y[0])
    inner = numpy.clip(scores, x[0], x[-1])
    low = numpy.clip(numpy.searchsorted(x, inner, side="right") - 1, 0, len(x) - 2)
    left, right, bottom, top = x[low], x[low + 1], y[low], y[low + 1]
    between = numpy.minimum(top, bottom + (top - bottom) * ((inner - left) / (right - left)))
    return numpy.where(scores <= x[0], y[0], numpy.where(scores >= x[-1], y[-1], between))


def _inside(probability):
    return numpy.minimum(numpy.maximum(probability, _PROBABILITY_FLOOR), 1 - _PROBABILITY_FLOOR)


def _logistic(log_odds):
    with numpy.errstate(over="ignore"):
        return 1 / (1 + numpy.exp(-log_odds))


def _soft_plus(log_odds):
    """ln(1 + e^x) without overflow."""
    return numpy.maximum(log_odds, 0) + numpy.log1p(numpy.exp(-numpy.abs(log_odds)))


def _coherent(columns):
    """The nearest rows that do not fall, in squared distance: adjacent violators are pooled."""
    rows = numpy.column_stack(columns)
    for row in numpy.flatnonzero((numpy.diff(rows, axis=1) < 0).any(axis=1)):
        blocks = []
        for value in rows[row]:
            size = 1
            while blocks and blocks[-1][0] > value:
                above, above_size = blocks.pop()
                value = (value * size + above * above_size) / (size + above_size)
                size += above_size
            blocks.append((value, size))
        rows[row] = numpy.concatenate([numpy.full(size, value) for value, size in blocks])
    return [rows[:, index] for index in range(rows.shape[1])]

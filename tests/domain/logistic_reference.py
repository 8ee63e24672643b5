"""scikit-learn's answer to logistic-regression.test.ts: JSON in on stdin, JSON out on stdout."""

import json
import sys

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def answer(case):
    columns = np.array(case["columns"], dtype=float).T
    labels = np.array(case["labels"])
    categorical = case["categorical"]
    numeric = [index for index in range(columns.shape[1]) if index not in categorical]
    encode = ColumnTransformer(
        [
            ("numbers", SimpleImputer(add_indicator=True), numeric),
            ("codes", OneHotEncoder(sparse_output=False), categorical),
        ]
    )
    model = LogisticRegression(C=1 / case["l2"], solver="newton-cholesky", tol=1e-12, max_iter=1000)
    pipeline = make_pipeline(encode, StandardScaler(), model).fit(columns, labels)
    return {
        "intercept": model.intercept_[0],
        "coefficients": sorted(model.coef_[0].tolist()),
        "predictions": pipeline.decision_function(columns).tolist(),
    }


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)

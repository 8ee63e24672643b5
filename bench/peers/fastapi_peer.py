"""The service that `npm run bench:serve` measures against: FastAPI, pydantic and LightGBM, as one would write it well.

It validates, scores three horizons, decides a tier, appends a line to a log and counts, as `holdfast serve` does; it asks
for no key, limits nobody and traces nothing. What it needs lies in the folder that PEER_FOLDER names: `contract.json`
and the model texts. Run by: uvicorn fastapi_peer:app --loop uvloop --http httptools --workers 1 --no-access-log
"""

import hashlib
import hmac
import json
import os
import time
import uuid
from bisect import bisect_left
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Literal, Optional

import lightgbm
import numpy
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from pydantic import BaseModel, ConfigDict, Field, create_model

FOLDER = Path(os.environ["PEER_FOLDER"])
CONTRACT = json.loads((FOLDER / "contract.json").read_text())
FEATURES = CONTRACT["features"]
NAMES = [feature["name"] for feature in FEATURES]
CATEGORIES = [{category: code for code, category in enumerate(feature["categories"])} for feature in FEATURES]
IS_CATEGORICAL = [feature["type"] == "categorical" for feature in FEATURES]


def field_of(feature):
    if feature["type"] == "categorical":
        kind = Annotated[str, Field(max_length=256)]
    else:
        kind = Annotated[float, Field(ge=feature["minimum"], le=feature["maximum"], allow_inf_nan=False)]
    return (Optional[kind] if feature["nullable"] else kind, ...)


Customer = create_model(
    "Customer",
    __config__=ConfigDict(strict=True, extra="forbid"),
    **{CONTRACT["id_field"]: (Annotated[str, Field(min_length=1, max_length=256)], ...)},
    **{feature["name"]: field_of(feature) for feature in FEATURES},
)


class Horizon(BaseModel):
    probability: float
    risk_decile: int
    risk_score: float


class Prediction(BaseModel):
    customer_id: str
    predictions: dict[str, Horizon]
    risk_tier: str
    action: str
    owner: str
    sla: str
    reasons: dict[str, list[str]]
    scored_at: str
    request_id: str


class Model:
    """One horizon: the booster, its calibrator and what its scores are compared with."""

    def __init__(self, stored):
        self.horizon = f"{stored['days']}d"
        self.booster = lightgbm.Booster(model_file=str(FOLDER / stored["file"]))
        self.x = numpy.array(stored["knots"]["x"])
        self.y = numpy.array(stored["knots"]["y"])
        self.base_rate = stored["base_rate"]
        self.edges = stored["decile_edges"]

    def raw(self, row):
        return float(self.booster.predict(row, raw_score=True, num_threads=1)[0])

    def probability(self, raw):
        return float(numpy.interp(raw, self.x, self.y))

    def decile(self, raw):
        return bisect_left(self.edges, raw) + 1

    def risk_score(self, probability):
        leaves = probability * (1 - self.base_rate)
        return leaves / (leaves + (1 - probability) * self.base_rate)

    def reasons(self, row):
        # shap.TreeExplainer asks LightGBM for the same numbers, and takes longer about it.
        contributions = self.booster.predict(row, pred_contrib=True, num_threads=1)[0][:-1]
        top = numpy.argsort(-contributions)[:3]
        return [NAMES[index] for index in top if contributions[index] > 0]


MODELS = [Model(stored) for stored in CONTRACT["models"]]
TIERS = CONTRACT["tiers"]
SECRET = os.urandom(32)

REQUESTS = Counter("churn_api_requests_total", "Requests answered", ["method", "endpoint", "status"]).labels(
    "POST", "/predict", "200"
)
BY_HORIZON = Counter("churn_api_predictions_total", "Predictions made", ["horizon"])
OF_HORIZON = [BY_HORIZON.labels(model.horizon) for model in MODELS]
BY_TIER = Counter("churn_api_risk_tier_total", "Rows scored, by tier", ["tier"])
OF_TIER = {tier["name"]: BY_TIER.labels(tier["name"]) for tier in TIERS}
LATENCY = Histogram("churn_prediction_latency_seconds", "Time to score one row")

app = FastAPI()
# Line by line: what was answered is in the system's hands.
log = open(FOLDER / "predictions.jsonl", "a", buffering=1, encoding="utf-8")


def encode(customer):
    row = numpy.empty((1, len(NAMES)))
    for index, name in enumerate(NAMES):
        value = customer[name]
        if value is None:
            row[0, index] = numpy.nan
        elif IS_CATEGORICAL[index]:
            row[0, index] = CATEGORIES[index].get(value, numpy.nan)
        else:
            row[0, index] = value
    return row


def tier_of(scores):
    for tier in TIERS:
        if tier["horizon"] is None or scores[tier["horizon"]].risk_score > tier["threshold"]:
            return tier


@app.get("/health")
async def health() -> dict[Literal["status"], str]:
    return {"status": "ok"}


@app.get("/metrics")
async def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@app.post("/predict")
async def predict(customer: Customer, reasons: bool = False) -> Prediction:
    begun = time.perf_counter()
    features = customer.model_dump()
    identity = features.pop(CONTRACT["id_field"])
    row = encode(features)
    raw = [model.raw(row) for model in MODELS]
    # A longer horizon is no less likely than a shorter one.
    probabilities = numpy.maximum.accumulate([model.probability(score) for model, score in zip(MODELS, raw)]).tolist()
    scores = {
        model.horizon: Horizon(
            probability=probability, risk_decile=model.decile(score), risk_score=model.risk_score(probability)
        )
        for model, score, probability in zip(MODELS, raw, probabilities)
    }
    tier = tier_of(scores)
    answer = Prediction(
        customer_id=identity,
        predictions=scores,
        risk_tier=tier["name"],
        action=tier["action"],
        owner=tier["owner"],
        sla=tier["sla"],
        reasons={model.horizon: model.reasons(row) for model in MODELS} if reasons else {},
        scored_at=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        request_id=str(uuid.uuid4()),
    )
    seconds = time.perf_counter() - begun
    record = {
        "request_id": answer.request_id,
        "answered_at": answer.scored_at,
        "entity_hash": hmac.new(SECRET, identity.encode(), hashlib.sha256).hexdigest(),
        "tier": answer.risk_tier,
        "probabilities": {horizon: score.probability for horizon, score in scores.items()},
        "features": features,
        "latency_ms": round(seconds * 1000, 3),
    }
    log.write(json.dumps(record) + "\n")
    REQUESTS.inc()
    for counter in OF_HORIZON:
        counter.inc()
    OF_TIER[answer.risk_tier].inc()
    LATENCY.observe(seconds)
    return answer

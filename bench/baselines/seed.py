"""(b) The idea that this service grew from: FastAPI, the stock in a dict under a lock, one process. Nothing durable."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

HOLD = timedelta(minutes=10)

app = FastAPI()
lock = threading.Lock()
stock = {"HOT": 1_000_000_000, "SOLD-OUT": 0}
reservations: dict[str, dict[str, Any]] = {}


class Reserve(BaseModel):
    """How many units."""

    quantity: int = Field(default=1, ge=1)


@app.post("/stock/{sku}/reserve")
def reserve(sku: str, asked: Reserve) -> dict[str, Any]:
    """Hold units of a SKU."""
    with lock:
        free = stock.get(sku)
        if free is None:
            raise HTTPException(404, "unknown SKU")
        if free < asked.quantity:
            raise HTTPException(409, "out of stock")
        stock[sku] = free - asked.quantity
        reservation_id = str(uuid4())
        reservations[reservation_id] = {
            "reservation_id": reservation_id,
            "sku": sku,
            "quantity": asked.quantity,
            "status": "active",
            "expires_at": datetime.now(UTC) + HOLD,
        }
        return reservations[reservation_id]

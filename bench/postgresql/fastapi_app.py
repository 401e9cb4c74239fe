"""What one would write by hand: FastAPI on asyncpg, each answer one statement. It has no credentials, no oplog and no
checks beyond the types of a body; run by uvicorn with two workers."""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import List, Optional
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, HTTPException
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel


class Flight(BaseModel):
    number: Optional[int] = None
    tail_number: Optional[str] = None
    flight_date: Optional[date] = None
    scheduled_departure: Optional[datetime] = None
    departure_delay: Optional[int] = None
    scheduled_arrival: Optional[datetime] = None
    arrival_delay: Optional[int] = None
    air_time: Optional[int] = None
    distance: Optional[float] = None
    status: Optional[str] = None
    diverted: Optional[bool] = None
    airline_id: Optional[UUID] = None
    plane_id: Optional[UUID] = None
    origin_id: Optional[UUID] = None
    destination_id: Optional[UUID] = None


class Create(BaseModel):
    flight: Flight


class Operation(BaseModel):
    method: str
    object: Flight


class Batch(BaseModel):
    operations: List[Operation]


COLUMNS = list(Flight.model_fields)
NAMES = ", ".join(COLUMNS)
MARKS = ", ".join(f"${n + 2}" for n in range(len(COLUMNS)))
INSERT = f"INSERT INTO flight (id, updated_at, {NAMES}) VALUES ($1, now(), {MARKS})"
# orjson does not know asyncpg's own kind of UUID.
SHOWN = ", ".join(f"f.{name}::text" if name.endswith("id") else f"f.{name}" for name in ["id", "updated_at", *COLUMNS])
WITH_DISPLAY = f"{SHOWN}, concat(a.carrier, ' ', f.number, ' ', o.faa, ' - ', d.faa) AS display"
RELATED = """
    LEFT JOIN airline a ON a.id = f.airline_id
    LEFT JOIN airport o ON o.id = f.origin_id LEFT JOIN airport d ON d.id = f.destination_id
"""
ONE = f"SELECT {WITH_DISPLAY} FROM flight f {RELATED} WHERE f.id = $1"
ALL = f"""
    SELECT {WITH_DISPLAY}, (SELECT count(*) FROM flight) AS total
    FROM (SELECT * FROM flight ORDER BY n LIMIT $1) f {RELATED} ORDER BY f.n
"""
OF_PLANE = f"""
    SELECT {WITH_DISPLAY}, (SELECT count(*) FROM flight WHERE plane_id = $2) AS total
    FROM (SELECT * FROM flight WHERE plane_id = $2 ORDER BY scheduled_departure DESC, n DESC LIMIT $1) f {RELATED}
    ORDER BY f.scheduled_departure DESC, f.n DESC
"""
CREATE = f"WITH f AS ({INSERT} RETURNING *) SELECT {WITH_DISPLAY} FROM f {RELATED}"


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(os.environ["BENCH_DATABASE"], min_size=8, max_size=16) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan, default_response_class=ORJSONResponse)


def values(flight):
    return [getattr(flight, name) for name in COLUMNS]


@app.get("/flight/{identifier}.json")
async def one(identifier: UUID):
    row = await app.state.pool.fetchrow(ONE, identifier)
    if row is None:
        raise HTTPException(404)
    return ORJSONResponse(dict(row))


@app.get("/flight.json")
async def several(limit: int = 100, plane_id: Optional[UUID] = None):
    if plane_id is None:
        rows = await app.state.pool.fetch(ALL, limit)
    else:
        rows = await app.state.pool.fetch(OF_PLANE, limit, plane_id)
    found = [dict(row) for row in rows]
    total = found[0]["total"] if found else 0
    for each in found:
        del each["total"]
    return ORJSONResponse({"objects": found, "count": len(found), "total": total})


@app.post("/flight.json", status_code=201)
async def create(body: Create):
    row = await app.state.pool.fetchrow(CREATE, uuid4(), *values(body.flight))
    return ORJSONResponse(dict(row), status_code=201)


@app.post("/batch.json")
async def batch(body: Batch):
    ids = [uuid4() for _ in body.operations]
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.executemany(INSERT, [[id, *values(each.object)] for id, each in zip(ids, body.operations)])
    return ORJSONResponse({"operations": [{"success": True, "id": each} for each in ids]})

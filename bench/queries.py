"""What readers of queries, the change feed and long lists ask for: each measured beside its like."""

import http.client
import json
import random
import time
from urllib.parse import quote

PAGE = 1000


def two_conditions(header, rows, planes):
    """Pairs of a busy plane and the airline that flies it."""
    plane, airline = header.index("plane_id"), header.index("airline_id")
    airlines = {row[plane]: row[airline] for row in rows}
    return [(each, airlines[each]) for each in planes]


def as_filters(pair):
    return (f"/objects/flight.json?q[plane_id]={pair[0]}&q[airline_id]={pair[1]}"
            "&sort[scheduled_departure]=-1&limit=100")


def as_expression(pair):
    return json.dumps({"expression": "plane = ? and airline = ?", "arguments": list(pair),
                       "sort": ["-scheduled_departure"], "limit": 100})


def cursor_after(server, count):
    """The cursor behind so many flights, in the order of creation."""
    after = ""
    for _ in range(count // PAGE):
        answer = json.loads(server.get(f"/objects/flight.json?limit={PAGE}&total=false&after={quote(after)}"))
        after = answer["next"]
    return after


def feed_rate(server, seconds):
    """Entries a second that one reader gets in pages of 1000, from the oldest on, for so many seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    start, entries, began = "0", 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        connection.request("GET", f"{server.base}/oplog.json?limit={PAGE}&start={start}", headers=server.headers)
        content = connection.getresponse().read()
        # Its tail says where to go on; reading all of the JSON would measure the reader.
        tail = json.loads("{" + content[content.rindex(b'],"has_more"') + 2:].decode())
        page = content.count(b'"sequence_id":')
        entries += page
        start = tail["next_request_start"] if tail["has_more"] else "0"
        if page == 0:
            raise RuntimeError("the oplog has no entries")
    connection.close()
    return entries / (time.perf_counter() - began)


def feed_pages(server):
    """The paths of the feed's full pages, from the oldest entry on. Nothing may be written while they are read."""
    paths, start = [], "0"
    while True:
        path = f"/oplog.json?limit={PAGE}&start={start}"
        answer = json.loads(server.get(path))
        if not answer["has_more"]:
            return paths
        paths.append(path)
        start = answer["next_request_start"]


def change_some(server, ids, value=None):
    """Changes a thousand flights, and returns a time that lies before.

    `value` is none that a flight has; without it, it is drawn, so that it is another one in each run on the same data.
    """
    time.sleep(1.1)
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    value = value or random.randrange(10_000, 1_000_000_000)
    operations = [{"method": "patch", "object": {"type": "flight", "id": each, "air_time": value + n}}
                  for n, each in enumerate(ids[:PAGE])]
    server.post("/batch.json", {"operations": operations})
    return before


def delta(before):
    return f"/objects/flight.json?q[_updated_at.gt]={before}&limit={PAGE}"

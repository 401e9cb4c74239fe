#!/usr/bin/env bash
# dlt's RESTClient: reads page one again and again where the next page's token is called `next`.
#
# Without a paginator of its own it finds `next` in the answer, takes it for a cursor, and sends it back as a
# parameter named `cursor`. A server that calls it `after`, and ignores parameters that it does not know, answers
# with page one each time, and every status is 200. (Ours takes `cursor` too, and sends a `Link` header, which
# dlt looks for first.) The server of this script ends that after five requests.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >"$folder/run.py" <<'PROGRAM'
import http.server, json, threading, urllib.parse
from dlt.sources.helpers.rest_client import RESTClient

PAGES = {None: ([1, 2], "a"), "a": ([3, 4], "b"), "b": ([5], None)}
asked = []

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        asked.append(query)
        objects, token = PAGES[query.get("after")]
        answer = {"objects": [{"id": each} for each in objects], "count": len(objects)}
        if token and len(asked) < 5:
            answer["next"] = token
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = RESTClient(base_url=f"http://127.0.0.1:{server.server_port}")
ids = [each["id"] for page in client.paginate("/things", data_selector="objects") for each in page]
names = sorted({name for query in asked for name in query})
print(f"asked with {names}, got {ids}")
PROGRAM

python_with dlt==1.31.0
tell 'dlt 1.31.0' "asked with ['after'], got [1, 2, 3, 4, 5], or an error that no paginator is known" \
  "$(RUNTIME__DLTHUB_TELEMETRY=false RUNTIME__LOG_LEVEL=ERROR DLT_DATA_DIR="$folder/dlt" \
    "$python" "$folder/run.py" 2>/dev/null)" \
  "asked with ['cursor'], got [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]"

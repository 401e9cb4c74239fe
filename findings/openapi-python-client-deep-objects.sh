#!/usr/bin/env bash
# openapi-python-client: writes a parameter of style deepObject without its name and brackets.
#
# OpenAPI has `deepObject` for q[status]=late. The generated client sends status=late, without a word while it is
# generated. A server that ignores parameters that it does not know then answers with everything, unfiltered.
#
# We refuse such parameters with an error that names q[status]=… (setting `lost_filters`).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >"$folder/document.json" <<'DOCUMENT'
{
  "openapi": "3.1.0", "info": {"title": "things", "version": "1"},
  "paths": {"/things": {"get": {
    "operationId": "things_list",
    "parameters": [{"name": "q", "in": "query", "style": "deepObject", "explode": true, "schema": {
      "type": "object", "additionalProperties": false, "properties": {"status": {"type": "string"}}
    }}],
    "responses": {"200": {"description": "Things."}}
  }}}
}
DOCUMENT

python_with openapi-python-client==0.29.1 ruff==0.17.6 httpx==0.28.1
PATH="$folder/python/bin:$PATH" "$folder/python/bin/openapi-python-client" generate \
  --path "$folder/document.json" --output-path "$folder/client" >"$folder/said"
real="$(
  cd "$folder/client"
  "$python" -c '
import httpx
from things_client.api.default import things_list
from things_client.models import ThingsListQ
call = things_list._get_kwargs(q=ThingsListQ(status="late"))
print(httpx.Request("GET", "http://localhost", params=call["params"]).url.query.decode())'
)"
tell 'openapi-python-client 0.29.1' 'q%5Bstatus%5D=late' "$real" 'status=late'

"""What an OpenAPI document cannot say about this API, and so what the checks are not to take for faults.

Each exception stands with its reason and is as narrow as it can be.
"""

import json
import random
import re
from urllib.parse import urlencode

import jsonschema
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData, UnsupportedMethodResponse

SEARCH = {"query", "limit", "skip", "total", "sort", "include", "after", "cursor"}
FORM = "application/x-www-form-urlencoded"

# Times of any zone. RFC 3339 knows seconds of 60, and zones that lead out of the years 1 to 9999: both
# are refused, as no calendar of the data has them.
schemathesis.openapi.format(
    "date-time",
    st.builds(
        lambda time, zone: time.replace(microsecond=0).isoformat() + (zone if 1 < time.year < 9999 else "Z"),
        st.datetimes(), st.sampled_from(["Z", "+02:00", "-05:00"])))

# An expression has a grammar, which the document's example shows; others match everything.
schemathesis.openapi.format("sojourn-expression", st.just(""))
# A cursor is what an answer gave, which the document's links follow; else there is none.
schemathesis.openapi.format("sojourn-cursor", st.just(""))


# Requests ------------------------------------------------------------------------------------------


@schemathesis.serializer(FORM)
def form(context, _):
    """Forms with nested brackets, which OpenAPI has no words for beyond one level."""
    body = context.case.body
    if not isinstance(body, dict):
        return body if isinstance(body, bytes) else json.dumps(body).encode()
    pairs = []

    def add(key, value, depth):
        if isinstance(value, dict) and (value or depth == 0):
            for name, inner in value.items():
                # A member that is ignored may be anything in JSON; brackets cannot nest like that.
                if depth == 0 and name in ("type", "updated_at", "display") and isinstance(inner, (dict, list)):
                    continue
                add(f"{key}[{name}]", inner, depth + 1)
        elif isinstance(value, list):
            # One empty element is the empty list.
            pairs.extend((f"{key}[]", text(each)) for each in value or [""])
        else:
            pairs.append((key, text(value)))

    def text(value):
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # 3.0 is 3 in JSON
        return value if isinstance(value, str) else json.dumps(value)

    for key, value in body.items():
        if value is None or (key == "sort" and not value):
            continue  # what is not said is left out
        if context.case.path.endswith("/search.json") and key not in SEARCH:
            continue  # a member that is not known may be anything in JSON; in a form it would nest
        count = len(pairs)
        add(key, value, 0)
        if len(pairs) == count:
            pairs.append((key, ""))  # the only way to write an empty object
    return urlencode(pairs, errors="replace").encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each request comes from an address of its own: credentials are left out on purpose again and again,
    and one address that does that is made to wait for its answers."""
    address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
    case.headers = {**(case.headers or {}), "X-Forwarded-For": address}


@schemathesis.hook
def map_case(context, case):
    """A body's `id` must equal the path's on PUT and PATCH, which no schema can say. Not all phases ask
    this hook: see is_another_id."""
    if case.method in ("PUT", "PATCH") and isinstance(case.body, dict):
        for fields in case.body.values():
            if isinstance(fields, dict) and isinstance(fields.get("id"), str):
                fields["id"] = case.path_parameters.get("id")
    return case


# Failures ------------------------------------------------------------------------------------------


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """False for what is no fault."""
    if isinstance(failure, UnsupportedMethodResponse):
        return not is_route_error(response)
    if isinstance(failure, RejectedPositiveData):
        return not (
            is_id_in_use(case, response) or is_another_id(case, response) or has_other_arguments(case, response)
            or is_cursor_of_another_query(response) or is_outside_the_feed(case, response)
            or is_one_enrolment_too_many(case, response) or is_refused_attachment(response)
            or is_another_state(response))
    if isinstance(failure, AcceptedNegativeData):
        return not (
            is_read_as_valid(case) or is_number_to_search(case) or has_empty_parameter(case) or has_other_spelling(case)
            or is_empty_upload(case) or is_empty_expression(case))
    return True


def is_route_error(response):
    """A method that a path does not have is answered with ROUTE_ERROR, as the hosted service does."""
    return response.status_code == 404 and response.json()["type"] == "ROUTE_ERROR"


def is_id_in_use(case, response):
    """A client may give a new object its id, but not twice."""
    return (
        case.method == "POST" and response.status_code == 422
        and re.search(r'^id: there is a \w+ with the id ".*" already\.$', response.json()["detail"]) is not None)


def is_another_id(case, response):
    """The body's id is not the path's."""
    return (
        case.method in ("PUT", "PATCH") and response.status_code == 422
        and re.search(r'^id: ".*" is refused: the path names ', response.json()["detail"]) is not None)


def is_refused_attachment(response):
    """What bytes are no schema can say, nor that they exclude an id; and a file name is not all dots."""
    return response.status_code == 422 and re.search(
        r'(the bytes are refused: |: "base64" takes standard base64|: it comes with base64, and |^X-Filename: )',
        response.json()["detail"]) is not None


def is_cursor_of_another_query(response):
    """A cursor continues the query that gave it, and not with a skip; links change the other parameters."""
    return response.status_code == 400 and response.json()["detail"].startswith(
        ("after: this cursor belongs to another query", "after and skip exclude each other"))


def is_outside_the_feed(case, response):
    """Which positions the feed has, and which models it had, changes with the data."""
    return (
        case.path.endswith("/oplog.json") and response.status_code == 400
        and re.search(
            r"^(start: \d+ (is older than the oldest entry|lies more than one hour ahead)|model: there is no model )",
            response.json()["detail"]) is not None)


def is_another_state(response):
    """Which objects there are, and which write was the last of each, changes with the data."""
    return response.status_code == 412


def is_one_enrolment_too_many(case, response):
    """Who enrols without credentials may try twenty times at once, and then once a second."""
    return case.path == "/enroll.json" and response.status_code == 429


def has_other_arguments(case, response):
    """An expression has as many places as there are arguments, each of a kind that its field takes."""
    if not case.path.endswith("/query.json"):
        return False
    detail = response.json()["detail"]
    return (
        response.status_code == 400 and re.search(r"^The expression has .* and arguments has ", detail) is not None
        or response.status_code == 422 and re.search(r"^\w+: .* is refused: ", detail, re.DOTALL) is not None)


def is_read_as_valid(case):
    """The server takes more than what clients should write: numbers and keys as strings, texts as
    numbers, choices as they were read, locations as arrays, an empty text of a form for null. A body that
    is valid once it is read like that was rightly accepted."""
    body, document = case.body, case.operation.schema.raw_schema
    schemas = document["components"]["schemas"]
    is_form = case.media_type == FORM
    if is_form and isinstance(body, dict):
        body = {name: value for name, value in body.items() if value is not None}  # what is not said
    if not isinstance(body, dict) or len(body) != 1:
        return False
    (model, fields), = body.items()
    schema = schemas.get(f"{model}.fields")
    if schema is None or not isinstance(fields, dict) or f"/objects/{model}" not in case.path:
        return False
    read = {
        name: canonical(value, plain(schema["properties"].get(name, {}), schemas), is_form)
        for name, value in fields.items()}
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{model}.fields", "components": document["components"]})
    return validator.is_valid(read)


def is_number_to_search(case):
    """A search takes a number for its text."""
    query = case.body.get("query") if isinstance(case.body, dict) else None
    return case.path.endswith("/search.json") and isinstance(query, (int, float)) and not isinstance(query, bool)


def is_empty_upload(case):
    """A file may be empty, and so may the body that brings it."""
    return case.path in ("/attachments.json", "/attachments") and case.method == "POST"


def is_empty_expression(case):
    """The empty expression matches everything; a format of our own cannot say that it is one."""
    return (
        case.path.endswith("/query.json") and isinstance(case.body, dict)
        and case.body.get("expression") in (None, ""))


DIRECTIONS = ("1", "-1", 1, -1, "ASC", "DESC")


def has_other_spelling(case):
    """The document has one spelling for a direction and for a flag; the server knows more."""
    said = case.body if case.path.endswith("/search.json") and isinstance(case.body, dict) else case.query or {}
    sort, total = said.get("sort"), said.get("total")
    return (
        isinstance(sort, dict) and any(direction in DIRECTIONS for direction in sort.values())
        or not isinstance(total, bool) and total in ("true", "false", "1", "0", 1, 0, ""))


EMPTY_MEANS_NONE = ("limit", "skip", "total", "include", "start", "end")


def has_empty_parameter(case):
    """Nothing behind `limit=`, `skip=`, `start=` and their like, or between the commas of `include`, means
    that none is given, as clients send it; and a null of `sort` is not written at all. An empty list or
    object becomes nothing, too."""
    said = case.query
    if case.path.endswith("/search.json") and case.media_type == FORM and isinstance(case.body, dict):
        said = case.body
    elif case.method != "GET":
        return False
    paths, sort = said.get("include"), said.get("sort")
    return (
        any(said.get(name, 0) in ("", [], {}, [""], [None], {"": ""}) for name in EMPTY_MEANS_NONE)
        or (isinstance(paths, list) and "" in ",".join(map(str, paths)).split(","))
        or (isinstance(sort, dict) and None in sort.values()))


LOCATION = ["latitude", "longitude", "altitude", "horizontal_accuracy", "vertical_accuracy", "timestamp"]
NUMBER = re.compile(r"[ \t-\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t-\r]*")


def plain(schema, schemas):
    """A schema with the keys that it refers to, for itself or for its items, in place."""
    for each in schema.get("anyOf", []):
        keys = schemas.get(each.get("$ref", "").split("/")[-1], {})
        if "enum" in keys:
            return {**schema, **keys}
    items = schema.get("items", {})
    return {**schema, "items": schemas[items["$ref"].split("/")[-1]]} if "$ref" in items else schema


def canonical(value, schema, is_form):
    """A member as the server reads it."""
    if is_form and value in ("", [], [""]):
        return None  # nothing is said, or nothing chosen
    if is_form and isinstance(value, (bool, int, float)):
        value = json.dumps(value)  # all of a form is text
    if is_form and isinstance(value, dict) and set(value) == {str(number) for number in range(len(value))}:
        value = [value[str(number)] for number in range(len(value))]  # a list as PHP writes it
    types = schema.get("type", [])
    keys = schema.get("enum", [])
    if keys and isinstance(value, dict) and "key" in value:
        value = value["key"]
    is_text = "string" in types and "format" not in schema or any(isinstance(key, str) for key in keys)
    if is_text and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)
    if isinstance(value, str):
        is_number = "integer" in types or "number" in types or any(type(key) is int for key in keys)
        if is_number and NUMBER.fullmatch(value):
            number = float(value)
            return int(number) if number.is_integer() else number
        if "boolean" in types and (value.lower() in ("true", "false") or is_form and value in ("1", "0")):
            return value.lower() in ("true", "1")
    if isinstance(value, list) and "items" in schema:
        return [canonical(each, schema["items"], is_form) for each in value]
    if {"$ref": "#/components/schemas/LocationInput"} in schema.get("anyOf", []):
        if isinstance(value, list):
            if len(value) > 1 and all(part is None for part in value[:6]):
                return None
            value = {
                name: 0 if part is None and name in LOCATION[:2] else part for name, part in zip(LOCATION, value)}
        if isinstance(value, dict):
            return {
                name: canonical(part, {"type": "string" if name == "timestamp" else "number"}, is_form)
                for name, part in value.items()
                if part is not None or name not in LOCATION[:2]}
    return value

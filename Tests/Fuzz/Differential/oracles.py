"""What another implementation makes of the texts that Sojourn reads, in the words of `sojourn-fuzz --answers=KIND`.

JSON is read by Python's json, numbers by float and Decimal and printed by repr, days and times by datetime, and forms by
the rules of Rack, which clients of the API were written against, where docs/api-choices.md does not refuse what Rack
guesses at.
"""

import datetime
import json
import math
import re
import struct
import sys
import urllib.parse
from decimal import Context, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Digits"))
from run import ecmascript  # noqa: E402

REFUSED = "refused"


class Refused(Exception):
    pass


# JSON

DEEPEST = 64


class Number(str):
    """A number as it was written."""


def read_json(data):
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return REFUSED
    if depth(text) > DEEPEST:
        return REFUSED
    try:
        value = json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=refuse, object_pairs_hook=members)
    except (ValueError, RecursionError, Refused):
        return REFUSED
    printed = print_json(value)
    return "lone surrogate" if any("\ud800" <= letter <= "\udfff" for letter in printed) else printed


def depth(text):
    """How many containers stand in each other at most, whatever else is wrong."""
    deepest = now = 0
    for token in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        now += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token, 0)
        deepest = max(deepest, now)
    return deepest


def refuse(_):
    raise Refused


def members(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise Refused
    return dict(pairs)


def print_json(value):
    if isinstance(value, Number):
        return value
    if isinstance(value, list):
        return "[" + ",".join(map(print_json, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{print_json(key)}:{print_json(inner)}" for key, inner in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


# Numbers

STRICT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LOOSE = re.compile(r"[ \t-\r]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[ \t-\r]*")


def read_number(data):
    text = data.decode("utf-8", "replace")
    strict = text if STRICT.fullmatch(text) else None
    loose = LOOSE.fullmatch(text)
    double = to_double(strict)
    parts = [to_integer(strict), to_bits(double)]
    parts += [to_integer(loose and loose[1]), to_bits(to_double(loose and loose[1]))]
    parts += [None if double is None else ecmascript(double), exact(strict, double)]
    return " ".join(REFUSED if part is None else str(part) for part in parts)


def to_double(text):
    number = float(text) if text else math.inf
    return number if math.isfinite(number) else None


def to_bits(double):
    return None if double is None else struct.unpack("<Q", struct.pack("<d", double))[0]


def decimal(text):
    """Exactly; nil where the exponent is beyond what matters."""
    mantissa, _, exponent = text.lower().partition("e")
    if not mantissa.strip("+-0."):
        return Decimal(0)
    if abs(int(exponent or 0)) > 100_000:
        return None
    return Context(prec=10_000, Emax=999_999, Emin=-999_999).create_decimal(text)


def to_integer(text):
    number = decimal(text) if text else None
    if number is None or number and (number.adjusted() > 18 or number != number.to_integral_value()):
        return None
    return int(number) if -(2**63) <= number < 2**63 else None


def exact(text, double):
    if text is None:
        return None
    if re.fullmatch(r"-?[0-9]+", text):
        return text
    number = decimal(text)
    if double is None or number is None:
        return None
    printed = ecmascript(double)
    return printed if Decimal(printed) == number else None


# Days and times

DATE = re.compile(
    r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})([0-9]{2})([0-9]{2}))"
    r"(?:[Tt ](?:([0-9]{2}):([0-9]{2})(?::([0-9]{2})([.,][0-9]+)?)?|([0-9]{2})([0-9]{2})([0-9]{2})([.,][0-9]+)?))?"
    r"(?: ?(?:(Z|z|UTC)|([+-])([0-9]{2})(?::?([0-9]{2}))?))?")


def read_date(data):
    match = DATE.fullmatch(data.decode("utf-8", "replace"))
    if not match:
        return f"{REFUSED} {REFUSED}"
    year, month, day = (int(match[i] or match[i + 3]) for i in (1, 2, 3))
    hour, minute, second = (int(match[i] or match[j] or 0) for i, j in ((7, 11), (8, 12), (9, 13)))
    zone_hours, zone_minutes = int(match[17] or 0), int(match[18] or 0)
    try:
        local = datetime.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return f"{REFUSED} {REFUSED}"
    if zone_hours > 23 or zone_minutes > 59:
        return f"{REFUSED} {REFUSED}"
    zone = datetime.timedelta(hours=zone_hours, minutes=zone_minutes)
    try:
        instant = (local + zone if match[16] == "-" else local - zone).isoformat() + "Z"
    except OverflowError:
        instant = REFUSED
    return f"{local.date().isoformat()} {instant}"


# Forms

MOST_PAIRS = 10_000
MOST_LEVELS = 32


def read_form(data):
    try:
        return print_json(nested(data))
    except Refused:
        return REFUSED


def nested(data):
    """Rack's `parse_nested_query`, where it guesses at nothing.

    It was held to Rack 2.2.22 itself: they agree but for a part without `=`, which Rack reads as nil and we as an empty
    text, an empty key, which Rack drops, and `;`, which parts pairs in Rack 2 and in neither Rack 3 nor here.
    """
    form = {}
    parts = [part for part in data.split(b"&") if part]
    if len(parts) > MOST_PAIRS:
        raise Refused
    for part in parts:
        key, _, value = part.partition(b"=")
        path, appends = brackets(unescape(key))
        inside = form
        for name in path[:-1]:
            inside = inside.setdefault(name, {})
            if not isinstance(inside, dict):
                raise Refused
        found = inside.get(path[-1])
        if isinstance(found, dict) or found is not None and isinstance(found, list) != appends:
            raise Refused
        text = unescape(value)
        inside[path[-1]] = (found or []) + [text] if appends else text
    return form


def unescape(data):
    if re.search(rb"%(?![0-9A-Fa-f]{2})", data):
        raise Refused
    try:
        return urllib.parse.unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused from None


def brackets(key):
    match = re.fullmatch(r"([^\[\]]+)((?:\[[^\[\]]*\])+)|([^\[\]]*)", key, re.DOTALL)
    if not match:
        raise Refused
    if match[3] is not None:
        return [match[3]], False
    names = re.findall(r"\[([^\[\]]*)\]", match[2], re.DOTALL)
    appends = not names[-1]
    path = [match[1]] + (names[:-1] if appends else names)
    if "" in path[1:] or len(path) > MOST_LEVELS:
        raise Refused
    return path, appends


ORACLES = {"json": read_json, "numbers": read_number, "dates": read_date, "forms": read_form}

"""Texts for the oracles: made by a grammar, most of them good, and then many of them broken a little."""

import datetime
import math
import struct

LETTERS = ["a", "b", "key", "", " ", "\u00e9", "\U0001f600", "\u202e", "\u0000", "\\", '"', "\u007f", "[0]", "%", "+"]


def make_json(chance, depth=0):
    kind = chance.randrange(4 if depth > 6 else 7)
    blank = chance.choice(["", "", "", " ", "\n", "\t\r"])
    if kind < 2:
        return blank + make_number(chance)
    if kind == 2:
        return blank + chance.choice(["true", "false", "null", "NaN", "-Infinity", "tru", "nul", "True"])
    if kind == 3:
        return blank + make_string(chance)
    inner = [make_json(chance, depth + 1) for _ in range(chance.randrange(5))]
    if kind == 4:
        return f"{blank}[{','.join(inner)}{blank}]"
    return f"{blank}{{{','.join(f'{make_string(chance)}{blank}:{value}' for value in inner)}}}"


def make_string(chance):
    escapes = ['\\"', "\\\\", "\\/", "\\b", "\\n", "\\u00e9", "\\uD83D\\uDE00", "\\ud83d", "\\u12", "\\x", "\\u0000"]
    plain = [letter for letter in LETTERS if letter not in '\\"\u0000' or not letter]
    parts = [chance.choice(plain * 3 + escapes) for _ in range(chance.randrange(6))]
    return '"' + "".join(parts) + '"'


def make_number(chance):
    kind = chance.randrange(7)
    if kind == 0:
        return str(chance.randint(-(10 ** chance.randint(1, 25)), 10 ** chance.randint(1, 25)))
    if kind == 1:
        number = struct.unpack("<d", chance.getrandbits(64).to_bytes(8, "little"))[0]
        return repr(number) if math.isfinite(number) else "0"
    if kind == 2:
        # Halfway between two doubles, and beside it.
        number = abs(struct.unpack("<d", chance.getrandbits(63).to_bytes(8, "little"))[0])
        if not math.isfinite(number) or not math.isfinite(math.nextafter(number, math.inf)):
            return "1"
        from decimal import Context, Decimal
        exactly = Context(prec=2000)
        half = exactly.divide(exactly.add(Decimal(number), Decimal(math.nextafter(number, math.inf))), Decimal(2))
        return str(half) + chance.choice(["", "1"]) if "E" not in str(half) else str(half)
    if kind == 3:
        return f"{chance.getrandbits(chance.randint(1, 200))}e{chance.randint(-400, 400)}"
    if kind == 4:
        digits = "".join(chance.choice("0123456789") for _ in range(chance.randint(1, 30)))
        return f"{chance.choice(['', '-', '+'])}{digits}.{digits[::-1]}{chance.choice(['', 'e5', 'E-7', 'e+0'])}"
    if kind == 5:
        return chance.choice([" 5 ", ".5", "5.", "-0", "00", "1e", "0x1", "1_0", "\u0665", "inf", "nan", "-", "+4", "\x0b7"])
    return str(2**63 + chance.randint(-2, 2)) + chance.choice(["", ".0", "e0", "0e-1", ".5"])


def make_date(chance):
    span = (datetime.datetime.max - datetime.datetime.min).total_seconds()
    moment = datetime.datetime.min + datetime.timedelta(seconds=int(chance.random() * span))
    if chance.randrange(4) == 0:
        moment = chance.choice([datetime.datetime.min, datetime.datetime.max.replace(microsecond=0)])
    day = moment.strftime(chance.choice(["-", ""]).join(("%Y", "%m", "%d"))).rjust(8, "0")
    year = f"{moment.year:04}"
    day = year + day[-6:] if "-" in day else year + day[-4:]
    time = chance.choice(["", "%H:%M", "%H:%M:%S", "%H%M%S", "%H:%M:%S.%f", "%H%M%S,5", "%H%M", "24:00", "%H:%M:60"])
    if time:
        time = chance.choice("Tt _ ") + moment.strftime(time)
    zone = chance.choice(["", "", "Z", "z", " UTC", "+00", "-0330", "+05:45", " +0200", "+23:59", "-23:59", "+24:00", "utc"])
    return day + time + zone


def make_form(chance):
    def key():
        names = ["a", "b", "c", "d", "", "0", "%C3%A9", "a+b", "%5B"]
        return chance.choice(names) + "".join(
            chance.choice(["[b]", "[c]", "[]", "[0]", "%5Bd%5D", "[", "]", "[]["][: chance.choice([4, 4, 4, 8])])
            for _ in range(chance.choice([0, 0, 1, 1, 2, 3])))
    values = ["=1", "=", "", "=a=b", "=%26+%2B", "=%C3%A9", "=%E9", "=%4", "=%00", "=\u00e9"]
    pairs = [key() + chance.choice(values[: chance.choice([3, len(values)])]) for _ in range(chance.randrange(6))]
    return chance.choice(["&", "&", "&&", "&;"]).join(pairs)


def broken(chance, data):
    """The same with some bytes taken away, doubled or changed."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        if not data:
            break
        place = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            del data[place]
        elif kind == 1:
            data.insert(place, data[chance.randrange(len(data))])
        elif kind == 2:
            data[place] ^= 1 << chance.randrange(8)
        else:
            data[place] = chance.choice(b'0-+.:eE"\\[]{},% =&\x00\xff')
    return bytes(data)


GENERATORS = {"json": make_json, "numbers": make_number, "dates": make_date, "forms": make_form}


def text(kind, chance):
    made = GENERATORS[kind](chance).encode("utf-8", "replace")
    return broken(chance, made) if chance.randrange(3) == 0 else made

"""Holds the numbers that Sojourn prints to the digits of Python's repr, which are the shortest that read back.

    python3 Tests/Digits/run.py --count 10000000 --seed 1

Sends doubles of several kinds with their texts through a pipe to the test PythonNumbers, which must have been built
(script/test --digits does both). Tells how many were compared, and fails with the first that differ.
"""

import argparse
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import threading

RECORD = struct.Struct("<dB31s")


def ecmascript(number):
    """The number as ECMAScript's Number::toString writes it, with the digits of repr."""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "0"
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    sign = "-" if number < 0 else ""
    if not -6 < point <= 21:
        fraction = "." + digits[1:] if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"
    if point <= 0:
        return sign + "0." + "0" * -point + digits
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def any_bits(chance):
    return struct.unpack("<d", chance.getrandbits(64).to_bytes(8, "little"))[0]


def beside_power_of_two(chance):
    number = math.ldexp(1.0, chance.randint(-1074, 1023))
    for _ in range(chance.randint(0, 8)):
        number = math.nextafter(number, chance.choice((0.0, math.inf)))
    return number


def beside_decimal(chance):
    number = float(f"{chance.getrandbits(chance.randint(1, 60))}e{chance.randint(-340, 308)}")
    return math.nextafter(number, chance.choice((number, 0.0, math.inf)))


def everyday(chance):
    return chance.randint(-10 ** chance.randint(1, 16), 10**15) / 10 ** chance.randint(0, 8)


def whole(chance):
    return float(chance.getrandbits(chance.randint(1, 80)))


KINDS = (any_bits, any_bits, any_bits, beside_power_of_two, beside_decimal, everyday, whole)


def send(path, count, seed):
    chance = random.Random(seed)
    with open(path, "wb", buffering=1 << 20) as pipe:
        sent = 0
        while sent < count:
            number = KINDS[sent % len(KINDS)](chance)
            if math.isfinite(number):
                text = ecmascript(number).encode()
                pipe.write(RECORD.pack(number, len(text), text))
                sent += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "doubles")
        os.mkfifo(path)
        sender = threading.Thread(target=send, args=(path, arguments.count, arguments.seed), daemon=True)
        sender.start()
        done = subprocess.run(
            ["swift", "test", "--skip-build", "--no-parallel", "--filter", "PythonNumbers"],
            env={**os.environ, "SOJOURN_TEST_DOUBLES": path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
    if done.returncode != 0 or f"{arguments.count} doubles were compared." not in done.stdout:
        sys.exit("\n".join(done.stdout.splitlines()[:60]))
    print(f"{arguments.count} doubles are printed with the digits of Python {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()

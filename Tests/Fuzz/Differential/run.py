"""Asks Sojourn and another implementation what texts mean, and tells where their answers differ.

    python3 Tests/Fuzz/Differential/run.py sojourn-fuzz [KIND…] --count 200000 --seed 1

The texts are those of the corpus and as many generated ones as are asked for. `script/fuzz --differential` builds the
program and runs this.
"""

import argparse
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import generators
import oracles

CORPUS = Path(__file__).resolve().parents[1] / "Corpus"
AT_ONCE = 2000


def texts(kind, count, seed):
    for file in sorted((CORPUS / kind).iterdir()):
        yield file.read_bytes()
    chance = random.Random(seed)
    for _ in range(count):
        yield generators.text(kind, chance)


def send(process, given):
    process.stdin.write("".join(f"{data.hex()}\n" for data in given))
    process.stdin.flush()


def compare(program, kind, count, seed):
    """How many texts were compared, and how many of them were good; raises where answers differ."""
    process = subprocess.Popen(
        [program, f"--answers={kind}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    compared = good = 0
    waiting = iter(texts(kind, count, seed))
    while given := [data for _, data in zip(range(AT_ONCE), waiting)]:
        sender = threading.Thread(target=send, args=(process, given))
        sender.start()
        for data in given:
            answer = process.stdout.readline().rstrip("\n")
            expected = oracles.ORACLES[kind](data)
            if answer != expected:
                process.kill()
                sys.exit(f"{kind}: of {data!r}\n  Sojourn makes  {answer}\n  {kind} elsewhere {expected}")
            compared += 1
            good += set(answer.split(" ")) != {oracles.REFUSED}
        sender.join()
    process.stdin.close()
    if process.wait() != 0:
        sys.exit(f"{kind}: sojourn-fuzz ended with {process.returncode}")
    return compared, good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    unknown = set(options.kinds) - set(oracles.ORACLES)
    if unknown:
        parser.error(f"there is no kind “{unknown.pop()}”; those are {', '.join(oracles.ORACLES)}")
    for kind in options.kinds or oracles.ORACLES:
        began = time.monotonic()
        compared, good = compare(options.program, kind, options.count, options.seed)
        rate = compared / (time.monotonic() - began)
        print(f"{kind:8} {compared:9} texts, {good} of them good, {rate:.0f} a second: all answers agree", flush=True)


if __name__ == "__main__":
    main()

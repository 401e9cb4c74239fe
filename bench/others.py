"""What the servers that are compared with have in common."""

import subprocess
import time
import urllib.error
import urllib.request


def await_answer(process, address, headers=None, seconds=30):
    """The first answer of 200 at an address."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {}), timeout=5) as answer:
                return answer.read()
        except (OSError, urllib.error.HTTPError) as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no answer came from {address}: {problem}") from None
            time.sleep(0.05)


def ended(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""What was measured, as a Markdown table for people and a JSON file for later comparison."""

import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from statistics import median

from criteria import OPERATIONS, P99_MS


def machine():
    """The machine, as far as it decides the numbers."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6
    return {"processor": model, "cores": len(os.sched_getaffinity(0)), "memory_mb": memory,
            "kernel": platform.release()}


def commit(root):
    """The commit that was measured, with a mark when the tree differs from it."""
    finished = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True,
                              text=True, check=False)
    return finished.stdout.strip() or "unknown"


def verdict(passed, shortcomings=()):
    return "reached" if passed else "**SHORT**" + (f": {', '.join(shortcomings)}" if shortcomings else "")


def size(flights):
    return "–" if flights is None else f"{flights:,}"


def places(bound, usual):
    """How a number beside this bound is written: with more decimals where the bound has some."""
    return ",.2f" if bound is not None and bound < 1 else f",.{usual}f"


def markdown(measurements, figures):
    lines = ["| operation | flights | Sojourn | reference | ratio | at least | p99 | |",
             "|---|---:|---:|---:|---:|---:|---:|---|"]
    for each in measurements:
        operation = OPERATIONS[each.operation]
        title = operation.title + (f" ({each.note})" if each.note else "")
        judged = operation.at_least is not None or operation.p99_counts
        reference = (f"{median(each.reference_rates):,.0f} ({operation.reference})"
                     if each.reference_rates else "")
        ratio = f"{each.ratio:.2f}" if each.ratio is not None else ""
        bound = f"{operation.at_least:g}" if operation.at_least is not None and each.reference_rates else ""
        shortcomings = each.shortcomings()
        result = verdict(not shortcomings, shortcomings) if judged or shortcomings else "beside it"
        lines.append(f"| {title} | {size(each.flights)} | {each.rate:,.0f} {operation.unit} | {reference} "
                     f"| {ratio} | {bound} | {each.p99_ms:.1f} ms | {result} |")
    if figures:
        lines += ["", "| | flights | measured | bound | |", "|---|---:|---:|---:|---|"]
    for each in figures:
        title = each.title + (f" ({each.note})" if each.note else "")
        if each.at_most is not None:
            bound = f"≤ {each.at_most:{places(each.at_most, 0)}} {each.unit}"
        elif each.at_least is not None:
            bound = f"≥ {each.at_least:,.0f} {each.unit}"
        else:
            bound = ""
        result = verdict(each.passed) if bound else "beside it"
        lines.append(f"| {title} | {size(each.flights)} | {each.value:{places(each.at_most, 1)}} {each.unit} | {bound} | {result} |")
    lines += ["", f"Rates are medians of all runs, p99 the median of the runs' 99th percentiles "
                  f"(bound: {P99_MS:g} ms)."]
    return "\n".join(lines)


def falls_short(measurements, figures):
    return any(each.shortcomings() for each in measurements) or not all(each.passed for each in figures)


def save(root, measurements, figures, settings):
    """Keeps all of a run; the path of the file, relative to `root`."""
    return write(root, {"commit": commit(root), "settings": settings,
                        "measurements": [each.as_json() for each in measurements],
                        "figures": [each.as_json() for each in figures]})


def write(root, found, kind=""):
    """Writes bench-results/<date><kind>.json under `root` and returns its path, relative to it."""
    now = datetime.now(timezone.utc)
    found = {"date": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "machine": machine(), **found}
    path = os.path.join("bench-results", now.strftime("%Y-%m-%dT%H%M%SZ") + kind + ".json")
    os.makedirs(os.path.join(root, "bench-results"), exist_ok=True)
    with open(os.path.join(root, path), "w", encoding="utf-8") as file:
        json.dump(found, file, indent=2, ensure_ascii=False)
        file.write("\n")
    return path

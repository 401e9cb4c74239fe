# What the findings share: a temporary folder that goes when they end, and how they tell. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

# python_with PACKAGE==VERSION...: a virtual environment with exactly these, as $python.
python_with() {
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check "$@"
  python="$folder/python/bin/python"
}

# tell VERSIONS EXPECTED REAL AS-KNOWN: prints the three, and fails when the real is not as known.
tell() {
  printf 'with:     %s\nexpected: %s\nreal:     %s\n' "$1" "$2" "$3"
  [[ $3 == "$4" ]] && return
  printf 'known:    %s\nThis has changed. Look at what we do because of it.\n' "$4" >&2
  exit 1
}

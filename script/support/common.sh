# What the scripts share: where the repository is, and how they speak. Sourced, never run.
# shellcheck shell=bash

script="$(realpath "$0")"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"

if [[ -t 2 && -z "${NO_COLOR:-}" && "${TERM:-dumb}" != dumb ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' red='' green='' plain=''
fi

# A step begins.
step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*" >&2; }

# The script cannot go on: what is wrong, and what to do about it.
die() {
  printf '%s%s:%s %s\n' "$red" "${script#"$root/"}" "$plain" "$*" >&2
  exit 1
}

# An argument that the script does not have.
unknown_argument() { die "there is no argument “$1”; ${script#"$root/"} --help lists them."; }

# Prints the comment at the head of a script, which is its help.
help() {
  awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$script"
  exit 0
}

# The value of one key of a JSON object on standard input.
json_value() {
  python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

# Keeps the Python packages of a file of requirements in .build/NAME; pip gets the other arguments.
python_tools() {
  local tools=".build/$1" requirements="$2" wanted
  shift 2
  wanted="$(sha256sum <"$requirements") $(python3 --version) $*"
  [[ "$(cat "$tools/made-of" 2>/dev/null)" != "$wanted" ]] || return 0
  step "Fetching what $requirements names"
  rm -rf "$tools"
  mkdir -p .build
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check "$@" --requirement "$requirements"
  printf '%s\n' "$wanted" >"$tools/made-of"
}

# Runs a command in the background and waits for it, so that a signal is heard and reaches it.
heard() {
  "$@" &
  heard_process=$!
  trap 'kill -TERM "$heard_process" 2>/dev/null || true' EXIT
  trap 'kill -TERM "$heard_process" 2>/dev/null || true; wait "$heard_process" || true; exit 130' INT TERM HUP
  wait "$heard_process"
}

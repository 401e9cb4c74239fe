#!/usr/bin/env bash
# openapi-python-client: of two keys of an enum that make one identifier, only the last can be sent.
#
# `a-b` and `a b` are both A_B. One is left out of the generated enum, without a word; an answer that has it then
# cannot be read. (`a` and `A` it notices, and makes no client at all.) With `x-enum-varnames` all are there.
#
# We give such names wherever keys do not do as identifiers.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

python_with openapi-python-client==0.29.1 ruff==0.17.6
# keys NAMES: the keys of the enum that is generated with these names.
keys() {
  cat >"$folder/document.json" <<DOCUMENT
{
  "openapi": "3.1.0", "info": {"title": "things", "version": "1"}, "paths": {},
  "components": {"schemas": {"Kind": {"type": "string", "enum": ["a-b", "a b", "c"]$1}}}
}
DOCUMENT
  rm -rf "$folder/client"
  PATH="$folder/python/bin:$PATH" "$folder/python/bin/openapi-python-client" generate \
    --path "$folder/document.json" --output-path "$folder/client" >"$folder/said"
  (cd "$folder/client" && "$python" -c '
from things_client.models.kind import Kind
print(sorted(key.value for key in Kind))')
}

tell 'openapi-python-client 0.29.1' "['a b', 'a-b', 'c']" "$(keys '')" "['a b', 'c']"
tell 'the same, with x-enum-varnames' "['a b', 'a-b', 'c']" \
  "$(keys ', "x-enum-varnames": ["A_B", "A_B_2", "C"]')" "['a b', 'a-b', 'c']"

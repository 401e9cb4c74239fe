#!/usr/bin/env bash
# PostgreSQL: "WHERE id = ANY ($1)" with a few ids is planned anew at every execution of the prepared statement; with ten
# or more the plan is kept.
#
# After five executions PostgreSQL compares what a kept plan would cost with what planning anew did cost. For the kept
# plan it reckons with ten elements of an array that it does not know; a plan for the real, shorter array looks cheaper
# by more than the planning is priced at, so it plans again, for ever. A look-up of three ids by their unique index is so
# planned each time, which takes longer than the look-up. One would have thought that fewer ids cost less.
#
# Where exactly it turns depends on the table's costs (nine here); with ten the estimate is met. A program that looks up a
# few ids again and again fills the array up, with its last id once more: an array for "= ANY" finds nothing twice. Needs Debian's postgresql-15.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

postgres_server

query() { psql -X -q -A -t -h "$folder" -U me -v ON_ERROR_STOP=1 postgres; }

query <<'SQL'
CREATE TABLE t (id bigint PRIMARY KEY, v text);
INSERT INTO t SELECT i, 'x' FROM generate_series(1, 100000) i;
ANALYZE t;
SQL

# plans ARRAY: how often the statement was planned anew, of twenty times that it was executed.
plans() {
  query <<SQL | tail -n 1
PREPARE find (bigint[]) AS SELECT v FROM t WHERE id = ANY (\$1);
$(for ((turn = 0; turn < 20; turn++)); do echo "EXECUTE find ('$1');"; done)
SELECT custom_plans || ' of ' || custom_plans + generic_plans FROM pg_prepared_statements WHERE name = 'find';
SQL
}

tell "$version, 3 ids" '5 of 20' "$(plans '{7,8,9}')" '20 of 20'
tell "$version, 8 ids" '5 of 20' "$(plans '{1,2,3,4,5,6,7,8}')" '20 of 20'
tell "$version, 10 ids" '5 of 20' "$(plans '{1,2,3,4,5,6,7,8,9,10}')" '5 of 20'
tell "$version, 3 ids, the last one seven times more" '5 of 20' "$(plans '{7,8,9,9,9,9,9,9,9,9}')" '5 of 20'

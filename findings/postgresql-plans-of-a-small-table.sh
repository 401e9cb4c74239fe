#!/usr/bin/env bash
# PostgreSQL: a prepared statement planned while its table was small reads the whole table when it has grown, and the
# setting that forbids this makes a statement without an index slower by a JIT compilation each time it runs.
#
# A generic plan is kept until something invalidates it: inserts do not, ANALYZE does (autovacuum looks once a minute,
# and needs room to run). A store that is being filled over connections which prepared "WHERE id = $1" on twenty rows
# scans 300,000 rows for each id until then. Changing enable_seqscan afterwards leaves the kept plan as it is; it must
# be off before the statement is first planned. But then a scan that cannot be avoided, as that of a table of one row
# without a condition, is priced at 10,000,000,000, which is above jit_above_cost: PostgreSQL compiles it anew at each
# execution: 6 to 8 ms here for a statement that takes less than 0.1.
#
# A connection for point reads and writes by key sets enable_seqscan, enable_hashjoin, enable_mergejoin and jit to off
# before it prepares anything. Needs Debian's postgresql-15.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

postgres_server autovacuum=off

export PGOPTIONS='-c client_min_messages=warning'
query() { psql -X -q -A -t -h "$folder" -U me -v ON_ERROR_STOP=1 postgres; }

# plan BEFORE AFTER: how the kept plan finds a row by its id in a table that has grown, with BEFORE run before the
# statement is prepared and AFTER once the table is large.
plan() {
  query <<SQL | grep -oE 'Seq Scan|Index (Only )?Scan' | head -n 1
DROP TABLE IF EXISTS t;
CREATE TABLE t (id bigint PRIMARY KEY, v text);
INSERT INTO t SELECT i, 'x' FROM generate_series(1, 20) i;
ANALYZE t;
$1
PREPARE find (bigint) AS SELECT v FROM t WHERE id = \$1;
$(for ((turn = 0; turn < 8; turn++)); do echo 'EXECUTE find (0);'; done)
INSERT INTO t SELECT i, 'x' FROM generate_series(21, 300000) i;
$2
EXPLAIN EXECUTE find (0);
SQL
}

tell "$version, 300,000 rows, planned at 20" 'Index Scan' "$(plan '' '')" 'Seq Scan'
tell "$version, enable_seqscan off afterwards" 'Index Scan' "$(plan '' 'SET enable_seqscan = off;')" 'Seq Scan'
tell "$version, enable_seqscan off before" 'Index Scan' "$(plan 'SET enable_seqscan = off;' '')" 'Index Scan'
tell "$version, ANALYZE afterwards" 'Index Scan' "$(plan '' 'ANALYZE t;')" 'Index Scan'

# compiles SETTINGS: whether PostgreSQL compiles a statement that locks the one row of a table.
compiles() {
  local text
  text="$(query <<SQL
CREATE TABLE IF NOT EXISTS head (one int);
TRUNCATE head;
INSERT INTO head VALUES (1);
$1
EXPLAIN ANALYZE SELECT one FROM head FOR UPDATE;
SQL
  )"
  if [[ $text == *JIT:* ]]; then echo 'compiles'; else echo 'runs at once'; fi
}

tell "$version, one row, enable_seqscan off" 'runs at once' "$(compiles 'SET enable_seqscan = off;')" 'compiles'
tell "$version, jit off as well" 'runs at once' "$(compiles 'SET enable_seqscan = off; SET jit = off;')" 'runs at once'

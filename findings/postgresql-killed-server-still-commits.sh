#!/usr/bin/env bash
# PostgreSQL: a server whose main process was killed (kill -9) still commits, and says so, what its sessions are at.
#
# Only the main process is gone then: nobody can connect, pg_ctl and a look at the port say that the server is down. A
# session is a process of its own and notices the death when it next waits for its client; until then it works on,
# writes the log of its commit to the disk by itself, and answers. So a client hears of a commit after the server has
# died, and after the next start what it heard of is there. One would have thought that all ends at once: who tests a
# crash so, or lets a standby take over when the main process is gone, has a server beside it that still writes.
#
# Wait until the sessions are gone as well (a new server on the same folder does, and refuses to start before), and kill
# the whole group of processes where a crash is meant. Needs Debian's postgresql-15.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
postgres_server

query() { psql -X -q -A -t -h "$folder" -U me -v ON_ERROR_STOP=1 postgres "$@"; }
query -c 'CREATE TABLE t (i bigint)'

psql -X -A -t -h "$folder" -U me postgres -c "INSERT INTO t SELECT i FROM generate_series(1, 5000000) i" >"$folder/answer" 2>/dev/null &
session=$!
# It is at work.
until [[ $(query -c "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT%' AND state = 'active'") == 1 ]]; do :; done
kill -KILL "$(head -n 1 "$folder/data/postmaster.pid")"
sleep 0.1
down="$(query -c 'SELECT 1' >/dev/null 2>&1 && echo 'takes connections' || echo 'takes no connection')"
still="$(kill -0 "$session" 2>/dev/null && echo 'unanswered' || echo 'answered')"
wait "$session" || true
answer="$(cat "$folder/answer")"

# The next one starts once the session is gone.
for ((try = 0; try < 100; try++)); do
  "${stop_postgres[@]:0:${#stop_postgres[@]}-3}" -w start -l "$folder/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder'" >/dev/null 2>&1 && break
  sleep 0.1
done
tell "$version, main process killed during an INSERT" \
  'takes no connection, unanswered; then the session ends without an answer, and 0 rows' \
  "$down, $still; then «$answer», and $(query -c 'SELECT count(*) FROM t') rows" \
  'takes no connection, unanswered; then «INSERT 0 5000000», and 5000000 rows'

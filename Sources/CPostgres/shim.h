#pragma once
#include <libpq-fe.h>

// Which part of an error to ask for; macros of characters, which Swift cannot see.
static const int sojourn_pq_severity = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int sojourn_pq_state = PG_DIAG_SQLSTATE;
static const int sojourn_pq_message = PG_DIAG_MESSAGE_PRIMARY;
static const int sojourn_pq_detail = PG_DIAG_MESSAGE_DETAIL;
static const int sojourn_pq_constraint = PG_DIAG_CONSTRAINT_NAME;

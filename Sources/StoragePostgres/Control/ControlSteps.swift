/// The tables of the schema `sojourn` besides those of the layout itself: what makes them, step by step.
///
/// Times are seconds since 1970, truth is 0 or 1, and texts compare bytewise, all as in a control file of SQLite.
enum ControlSteps {
  /// What nodes act by. The newest row of `changes` is never removed: its number is the revision.
  static let control = [
    "CREATE TABLE sojourn.control_head (one bigint PRIMARY KEY CHECK (one = 1))",
    "INSERT INTO sojourn.control_head VALUES (1)",
    """
    CREATE TABLE sojourn.changes (
      revision bigint PRIMARY KEY, deployment text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL)
    """,
    """
    CREATE TABLE sojourn.deployments (
      id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL, environment text COLLATE "C" NOT NULL,
      app_id text COLLATE "C" NOT NULL, created_at bigint NOT NULL, password_hash bytea NOT NULL,
      password_used_at bigint, password_address text COLLATE "C")
    """,
    """
    CREATE TABLE sojourn.settings (
      deployment text COLLATE "C", key text COLLATE "C", value text COLLATE "C" NOT NULL,
      PRIMARY KEY (deployment, key))
    """,
    """
    CREATE TABLE sojourn.setting_notes (
      deployment text COLLATE "C", key text COLLATE "C", at bigint NOT NULL, maker text COLLATE "C" NOT NULL,
      PRIMARY KEY (deployment, key))
    """,
    """
    CREATE TABLE sojourn.tokens (
      deployment text COLLATE "C", name text COLLATE "C", hash bytea NOT NULL, read_only bigint NOT NULL,
      created_at bigint NOT NULL, last_used_at bigint, expires_at bigint, last_address text COLLATE "C",
      PRIMARY KEY (deployment, name))
    """,
  ]

  /// Who may sign in, who is signed in, and the audit. A holder of roles is a person's id or, in 64 hex digits, the
  /// hash of a link.
  static let people = [
    """
    CREATE TABLE sojourn.people (
      id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL, email text COLLATE "C" NOT NULL,
      email_key text COLLATE "C" UNIQUE, operator bigint NOT NULL, sensitive bigint NOT NULL,
      password text COLLATE "C", factor bytea, factor_step bigint, recovery bytea NOT NULL,
      look text COLLATE "C" NOT NULL, shortcuts bigint NOT NULL, created_at bigint NOT NULL, last_seen_at bigint,
      removed_at bigint, reset_at bigint, revision bigint NOT NULL)
    """,
    """
    CREATE TABLE sojourn.grants (
      holder text COLLATE "C", deployment text COLLATE "C", roles text COLLATE "C" NOT NULL,
      sensitive bigint NOT NULL, PRIMARY KEY (holder, deployment))
    """,
    """
    CREATE TABLE sojourn.sessions (
      id text COLLATE "C" PRIMARY KEY, person text COLLATE "C" NOT NULL, token bytea NOT NULL UNIQUE,
      started_at bigint NOT NULL, last_use_at bigint NOT NULL, elevated_until bigint,
      address text COLLATE "C" NOT NULL, agent text COLLATE "C" NOT NULL, revision bigint NOT NULL)
    """,
    "CREATE INDEX sessions_person ON sojourn.sessions (person)",
    """
    CREATE TABLE sojourn.shown (
      session text COLLATE "C", name text COLLATE "C", sealed bytea NOT NULL, until bigint NOT NULL,
      PRIMARY KEY (session, name))
    """,
    """
    CREATE TABLE sojourn.links (
      hash bytea PRIMARY KEY, kind text COLLATE "C" NOT NULL, person text COLLATE "C",
      email text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, operator bigint NOT NULL,
      made_by text COLLATE "C", made_at bigint NOT NULL, expires_at bigint NOT NULL, used_at bigint)
    """,
    """
    CREATE TABLE sojourn.audit (
      number bigint PRIMARY KEY, at bigint NOT NULL, person text COLLATE "C", deployment text COLLATE "C",
      address text COLLATE "C" NOT NULL, action text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL,
      filter text COLLATE "C", count bigint, reference text COLLATE "C", outcome text COLLATE "C" NOT NULL,
      hash bytea NOT NULL)
    """,
    "CREATE TABLE sojourn.audit_anchor (number bigint NOT NULL, hash bytea NOT NULL)",
  ]

  /// What pages keep for people. Whoever a default is for is a person's id, or empty for everybody.
  static let visits = [
    """
    CREATE TABLE sojourn.held (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text COLLATE "C" NOT NULL,
      path text COLLATE "C" NOT NULL, sealed bytea NOT NULL, held_at bigint NOT NULL)
    """,
    "CREATE INDEX held_person ON sojourn.held (person)",
    "CREATE TABLE sojourn.nonces (nonce bytea PRIMARY KEY, at bigint NOT NULL, outcome text COLLATE \"C\")",
    """
    CREATE TABLE sojourn.view_states (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text COLLATE "C" NOT NULL,
      deployment text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, used_at bigint NOT NULL)
    """,
    "CREATE INDEX view_states_person ON sojourn.view_states (person)",
    """
    CREATE TABLE sojourn.column_choices (
      person text COLLATE "C", deployment text COLLATE "C", model text COLLATE "C", columns text COLLATE "C" NOT NULL,
      PRIMARY KEY (person, deployment, model))
    """,
    "CREATE TABLE sojourn.people_facts (key text COLLATE \"C\" PRIMARY KEY, value text COLLATE \"C\" NOT NULL)",
    """
    CREATE TABLE sojourn.views (
      number bigint PRIMARY KEY, deployment text COLLATE "C" NOT NULL, model text COLLATE "C" NOT NULL,
      owner text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, note text COLLATE "C" NOT NULL,
      shared bigint NOT NULL, address text COLLATE "C" NOT NULL, changed_at bigint NOT NULL, revision bigint NOT NULL)
    """,
    "CREATE INDEX views_model ON sojourn.views (deployment, model)",
    """
    CREATE TABLE sojourn.view_defaults (
      deployment text COLLATE "C", model text COLLATE "C", person text COLLATE "C", number bigint NOT NULL,
      PRIMARY KEY (deployment, model, person))
    """,
    "CREATE INDEX view_defaults_number ON sojourn.view_defaults (number)",
  ]
}

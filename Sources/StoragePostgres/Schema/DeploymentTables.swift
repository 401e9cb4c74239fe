import Storage

/// The tables that every deployment's schema has, beside one `mN` for each model that ever was deployed.
///
/// | table | one row for each | |
/// |---|---|---|
/// | `head` | deployment | locked by whoever writes, and never updated: long snapshots bloat nothing |
/// | `commits` | group of writes | with the last sequence that had been given out by then; the newest row counts |
/// | `counters` | model in a group that wrote objects of it | the newest row of a model counts |
/// | `models`, `columns` | model and column that ever was | their numbers name tables and columns |
/// | `deploys` | deploy | the highest version is in force |
/// | `oplog` | change of an object | |
/// | `leases`, `facts` | lease; fact of the deployment itself | |
///
/// Those of `UserTables`, `LedgerTables` and `WebhookTables` come behind them.
///
/// Times are seconds since 1970, states as `StateCoding` writes them.
enum DeploymentTables {
  /// In a transaction, in this order. The schema is there.
  static func statements(in schema: DeploymentSchema) -> [String] {
    let name = schema.name
    return [
      "CREATE TABLE \(name).head (one bigint PRIMARY KEY CHECK (one = 1))",
      "INSERT INTO \(name).head (one) VALUES (1)",
      """
      CREATE TABLE \(name).commits (
        number bigint PRIMARY KEY, last_sequence bigint NOT NULL, group_id uuid NOT NULL UNIQUE,
        feed text COLLATE "C" NOT NULL, at bigint NOT NULL)
      """,
      """
      CREATE TABLE \(name).counters (
        model bigint NOT NULL, number bigint NOT NULL, count bigint NOT NULL, last_row bigint NOT NULL,
        PRIMARY KEY (model, number))
      """,
      // Numbers are given once and for good, whatever becomes of the transaction that took them.
      "CREATE SEQUENCE \(name).model_numbers",
      "CREATE SEQUENCE \(name).column_numbers",
      "CREATE TABLE \(name).models (number bigint PRIMARY KEY, name text COLLATE \"C\" NOT NULL UNIQUE)",
      """
      CREATE TABLE \(name).columns (
        number bigint PRIMARY KEY, model bigint NOT NULL, name text COLLATE "C" NOT NULL,
        type text COLLATE "C" NOT NULL, passwords bigint NOT NULL DEFAULT 0, UNIQUE (model, name, type))
      """,
      """
      CREATE TABLE \(name).deploys (
        version bigint PRIMARY KEY, at bigint NOT NULL, by_name text COLLATE "C", by_email text COLLATE "C",
        hash text COLLATE "C" NOT NULL, xml bytea NOT NULL, note text COLLATE "C")
      """,
      """
      CREATE TABLE \(name).oplog (
        sequence bigint PRIMARY KEY, model bigint NOT NULL, operation bigint NOT NULL, id uuid NOT NULL,
        updated_at bigint NOT NULL, origin text COLLATE "C" NOT NULL, state bytea NOT NULL, previous bigint)
      """,
      "CREATE INDEX oplog_gone ON \(name).oplog (model, sequence) WHERE operation = 3",
      "CREATE INDEX oplog_gone_ids ON \(name).oplog (id, model, sequence) WHERE operation = 3",
      """
      CREATE TABLE \(name).leases (
        name text COLLATE "C" PRIMARY KEY, holder uuid NOT NULL, number bigint NOT NULL, ends_at bigint NOT NULL)
      """,
      "CREATE TABLE \(name).facts (key text COLLATE \"C\" PRIMARY KEY, value text COLLATE \"C\" NOT NULL)",
    ] + UserTables.statements(in: schema) + LedgerTables.statements(in: schema) + WebhookTables.statements(in: schema)
  }
}

/// The few facts that a deployment keeps of itself beside its tables: rows of `facts`.
enum DeploymentFact: String, Sendable {
  /// New sequences are above it, whatever the oplog holds.
  case floor
  /// The highest sequence that was trimmed.
  case trimmed
  /// The sealed key that signs what webhooks send, as Base64.
  case signingKey = "signing_key"
  /// The highest generation of a blob that was forgotten.
  case blobFloor = "blob_floor"
  /// The name of the model whose objects are the app's users; none where there is none.
  case appUser = "app_user"
  /// How often a commit may have ended sessions.
  case endedSessions = "ended_sessions"
}

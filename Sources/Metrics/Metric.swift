/// Everything that `/metrics` shows: the one table that the code, docs/metrics.md and the tests read.
///
/// Names follow Prometheus: base units (seconds, bytes), `_total` at the end of what only rises. Each label
/// has a bounded set of values: a deployment's id (`DeploymentLabels`), or words of a table of ours, never
/// what a client wrote.
package enum Metric: String, CaseIterable, Sendable {
  case build = "sojourn_build_info"
  case ready = "sojourn_ready"
  case deployments = "sojourn_deployments"

  case requests = "sojourn_http_requests_total"
  case requestDuration = "sojourn_http_request_duration_seconds"
  case requestBytes = "sojourn_http_request_body_bytes_total"
  case responseBytes = "sojourn_http_response_body_bytes_total"
  case connections = "sojourn_http_connections"
  case bodyMemory = "sojourn_http_body_memory_bytes"

  case commits = "sojourn_commits_total"
  case commitDuration = "sojourn_commit_duration_seconds"
  case groupWrites = "sojourn_commit_group_writes"
  case writeWait = "sojourn_write_wait_seconds"
  case waitingWrites = "sojourn_waiting_writes"
  case writeFailures = "sojourn_write_failures_total"
  case writerFit = "sojourn_writer_fit"
  case databaseBytes = "sojourn_database_bytes"
  case logBytes = "sojourn_log_bytes"
  case checkpoints = "sojourn_checkpoints_total"
  case checkpointSeconds = "sojourn_checkpoint_seconds_total"
  case readersInUse = "sojourn_readers_in_use"
  case readersIdle = "sojourn_readers_idle"
  case waitingReaders = "sojourn_feed_waiting_readers"
  case lastSequence = "sojourn_oplog_last_sequence"
  case searches = "sojourn_searches_total"

  case feedRenewals = "sojourn_feed_renewals_total"

  case postgresConnections = "sojourn_postgres_connections"
  case postgresWaiters = "sojourn_postgres_connection_waiters"
  case postgresLoans = "sojourn_postgres_connection_loans_total"
  case postgresLoanWait = "sojourn_postgres_connection_wait_seconds"
  case postgresRefusals = "sojourn_postgres_connection_refusals_total"
  case postgresOpenings = "sojourn_postgres_connection_openings_total"
  case postgresLosses = "sojourn_postgres_connection_losses_total"
  case postgresRoundTrips = "sojourn_postgres_round_trips_total"
  case postgresLockWait = "sojourn_postgres_lock_wait_seconds"
  case postgresDoubts = "sojourn_postgres_doubtful_commits_total"
  case postgresNotificationLag = "sojourn_postgres_notification_lag_seconds"
  case postgresClockSkew = "sojourn_postgres_clock_skew_seconds"

  case rateLimitRefusals = "sojourn_rate_limit_refusals_total"
  case webhookLag = "sojourn_webhook_lag_seconds"
  case webhookParked = "sojourn_webhook_parked"
  case webhookDeliveries = "sojourn_webhook_deliveries_total"
  case attachmentBytes = "sojourn_attachment_bytes"
  case attachments = "sojourn_attachments"

  case processCPU = "process_cpu_seconds_total"
  case processMemory = "process_resident_memory_bytes"
  case processVirtualMemory = "process_virtual_memory_bytes"
  case processThreads = "process_threads"
  case processFiles = "process_open_fds"
  case processFileLimit = "process_max_fds"
  case processStart = "process_start_time_seconds"

  package enum Kind: Equatable, Sendable {
    case counter, gauge
    case histogram(HistogramScale)

    package var word: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }
  }

  package var name: String { rawValue }

  package var kind: Kind {
    switch self {
    case .requestDuration, .commitDuration, .writeWait, .postgresLoanWait, .postgresLockWait, .postgresNotificationLag:
      .histogram(.time)
    case .groupWrites: .histogram(.number)
    default: rawValue.hasSuffix("_total") ? .counter : .gauge
    }
  }

  /// The names of the labels, in the order in which values are given for them.
  package var labels: [String] {
    switch self {
    case .build: ["version"]
    case .deployments: ["state"]
    case .requests: ["route", "method", "status"]
    case .requestDuration, .requestBytes, .responseBytes: ["route"]
    case .ready, .connections, .bodyMemory, .processCPU, .processMemory, .processVirtualMemory, .processThreads,
      .processFiles, .processFileLimit, .processStart, .postgresNotificationLag, .postgresClockSkew:
      []
    case .postgresConnections: ["kind", "state"]
    case .postgresOpenings: ["kind", "outcome"]
    case .postgresWaiters, .postgresLoans, .postgresLoanWait, .postgresRefusals, .postgresLosses, .postgresRoundTrips:
      ["kind"]
    case .searches: ["deployment", "way"]
    case .rateLimitRefusals: ["deployment", "scope"]
    case .webhookDeliveries, .postgresDoubts: ["deployment", "outcome"]
    case .commits, .commitDuration, .groupWrites, .writeWait, .waitingWrites, .writeFailures, .writerFit,
      .databaseBytes, .logBytes, .checkpoints, .checkpointSeconds, .readersInUse, .readersIdle, .waitingReaders,
      .lastSequence, .feedRenewals, .postgresLockWait, .webhookLag, .webhookParked, .attachmentBytes, .attachments:
      ["deployment"]
    }
  }

  /// A sentence for people.
  package var help: String {
    switch self {
    case .build: "1, with the version that runs."
    case .ready: "1 where /health/ready answers 200, else 0."
    case .deployments: "Deployments by state: served, or unusable because their data could not be opened."
    case .requests:
      "Requests answered, by route, method and status; 499 where the client was gone first. What fits no route, or was refused before one was looked for, is the route unmatched."
    case .requestDuration: "From the end of the head of a request to the end of its answer, waits for changes included."
    case .requestBytes: "Bytes of request bodies, as they were sent."
    case .responseBytes: "Bytes of answers' bodies, as they were sent."
    case .connections: "Open connections of the API's listeners."
    case .bodyMemory: "Memory that request bodies hold now."
    case .commits: "Commits of groups of writes."
    case .commitDuration: "From the beginning of a group's transaction until it is on disk."
    case .groupWrites: "Writes that one commit took together."
    case .writeWait: "How long writes waited for the writer before their group began."
    case .waitingWrites: "Writes that wait for the writer now."
    case .writeFailures: "Groups of writes that failed, as when the disk is full."
    case .writerFit: "1 where the last write of the deployment succeeded, 0 where the disk did not take it."
    case .databaseBytes: "Size of the deployment's file."
    case .logBytes: "Size of the write-ahead log's file."
    case .checkpoints: "Times that the log was moved into the file."
    case .checkpointSeconds: "Time that moving the log took."
    case .readersInUse: "Readers of storage that are at work now."
    case .readersIdle: "Readers of storage that are open and idle."
    case .waitingReaders: "Requests that wait for changes of the feed."
    case .lastSequence: "The sequence of the last change."
    case .searches: "Searches of more than a few objects, by way: indexed, or scanned for want of an index."
    case .feedRenewals: "Times that the database had less than what was served, so that the feed got another id."
    case .postgresConnections: "Connections to PostgreSQL, by kind and state: lent or idle."
    case .postgresWaiters: "Who waits for a connection now."
    case .postgresLoans: "Times that a connection was lent."
    case .postgresLoanWait: "How long those waited for a connection who found none free, whether they got one or not."
    case .postgresRefusals: "Times that no connection came free in time, answered with 503."
    case .postgresOpenings: "Tries to connect, by outcome: opened or failed."
    case .postgresLosses: "Connections that were lost while somebody used them."
    case .postgresRoundTrips: "Round trips to the database: pipelines that were sent."
    case .postgresLockWait:
      "How long groups of writes waited for the lock that the deployment's writers at all nodes, and a standby that confirms slowly, hold against each other."
    case .postgresDoubts:
      "Commits that were not confirmed, by what was found out about them: done, void or unknown."
    case .postgresNotificationLag:
      "From a commit of this node until its own listener hears of it by a notification, or finds it; other nodes hear with it."
    case .postgresClockSkew: "By how much this node's clock is ahead of the database's; below 0 it is behind."
    case .rateLimitRefusals: "Requests refused with 429, by scope: deployment or user."
    case .webhookLag: "Age of the oldest change that a webhook has yet to deliver; 0 where none waits."
    case .webhookParked: "Deliveries that are parked until somebody sends them again."
    case .webhookDeliveries: "Attempts to deliver, by outcome: delivered or failed."
    case .attachmentBytes: "Bytes of attachments that objects refer to."
    case .attachments: "Attachments that objects refer to."
    case .processCPU: "Processor time used, in user and system mode."
    case .processMemory: "Resident memory."
    case .processVirtualMemory: "Virtual memory."
    case .processThreads: "Threads that run in the process."
    case .processFiles: "Open file descriptors."
    case .processFileLimit: "File descriptors that may be open."
    case .processStart: "When the process started, in seconds since 1970."
    }
  }
}

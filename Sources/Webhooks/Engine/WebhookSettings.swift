import Wire

/// What all webhooks of a server share.
package struct WebhookSettings: Sendable {
  /// Begins `server` in each body.
  package var server: String
  package var version: String
  /// Seals secrets and keys: 32 bytes.
  package var sealing: [UInt8]
  package var clock: any WallClock
  /// Between 0 and 1, at random.
  package var jitter: @Sendable () -> Double
  /// Makes the key that signs for a deployment, when its first webhook is enabled. Some hundred milliseconds of work.
  package var makeKey: @Sendable () throws -> SigningKey
  /// Told, in a sentence for the log, what people should know of.
  package var report: @Sendable (String) -> Void

  package init(
    server: String, version: String, sealing: [UInt8], clock: any WallClock,
    jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
    makeKey: @escaping @Sendable () throws -> SigningKey = { try SigningKey.random() },
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.server = server
    self.version = version
    self.sealing = sealing
    self.clock = clock
    self.jitter = jitter
    self.makeKey = makeKey
    self.report = report
  }
}

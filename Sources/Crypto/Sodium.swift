import CSodium

/// libsodium, made ready once: it picks the instructions of this machine and opens its randomness.
enum Sodium {
  /// Evaluating it is what matters. Where libsodium has no source of randomness it ends the process
  /// when asked for some, rather than hand out something that can be guessed.
  static let isReady: Bool = sodium_init() >= 0
}

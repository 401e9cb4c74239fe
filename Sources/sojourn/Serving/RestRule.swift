/// When a server that rests lets go of what it needs only at work, as a value: once, at the first look that finds no call
/// since the look before.
struct RestRule: Equatable {
  /// Of the last look.
  private var calls: Int?
  private var hasLetGo = false

  /// Whether to let go now.
  /// - Parameter calls: another number whenever the server was called.
  mutating func look(calls: Int) -> Bool {
    guard calls == self.calls else {
      self.calls = calls
      hasLetGo = false
      return false
    }
    defer { hasLetGo = true }
    return !hasLetGo
  }
}

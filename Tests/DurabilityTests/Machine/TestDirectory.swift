import Foundation

/// A directory under the system's own, removed with all that it holds.
final class TestDirectory: Sendable {
  let path: String

  /// The name is short: the administrative socket's path has room for 107 bytes.
  init() throws {
    let place = FileManager.default.temporaryDirectory.appending(
      path: "soj-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    path = place.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

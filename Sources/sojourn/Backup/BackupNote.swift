import Administration
import CommandLineTable
import Glibc
import Wire

/// A note in the data directory of the last backup that was whole, `DIR/backup.last`: when it was made and where it
/// lies. It is none of the data, and no backup has it.
struct BackupNote {
  static let name = "backup.last"

  let directory: String

  private var path: String { "\(directory)/\(Self.name)" }
  private static let mostBytes = 8192

  /// Nil where none was made, or none by this command.
  var noted: LastBackup? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = OwnedDescriptor(descriptor)
    var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
    let count = read(file.number, &bytes, bytes.count)
    let lines = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n")
    guard lines.count == 2, let madeAt = Instant(String(lines[0])) else { return nil }
    return LastBackup(madeAt: madeAt, directory: String(lines[1]))
  }

  /// A backup does not fail for want of it: it says so.
  func write(_ backup: LastBackup) {
    do {
      try BackupFiles.put("\(backup.madeAt)\n\(PrintableText.escaped(backup.directory))\n", at: path)
    } catch {
      Terminal.say(
        "sojourn: The backup is whole, but `sojourn status` will not know of it: \(Sentence.of(error))\n", to: 2)
    }
  }
}

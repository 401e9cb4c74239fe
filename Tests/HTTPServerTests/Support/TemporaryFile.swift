import Glibc
import Wire

enum TemporaryFile {
  /// A file without a name that holds these bytes.
  static func holding(_ bytes: [UInt8]) -> OwnedDescriptor? {
    var template = Array("/tmp/http-server-test-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else { return nil }
    unlink(template)
    guard write(number, bytes, bytes.count) == bytes.count else { return nil }
    return OwnedDescriptor(number)
  }
}

extension TemporaryFile {
  /// The first `count` bytes; nil where there are fewer.
  static func contents(_ file: OwnedDescriptor, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file.number, &bytes, count, 0) == count ? bytes : nil
  }
}

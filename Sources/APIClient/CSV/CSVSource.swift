import Glibc

/// Where the bytes of a CSV file come from.
package protocol CSVSource: Sendable {
  /// Reads some bytes, at least one; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVFault) -> Int
  /// The size of the whole in bytes, where it is known.
  var size: Int? { get }
}

/// A file, or standard input for `-`.
package final class CSVFile: CSVSource {
  private let descriptor: Int32
  private let path: String
  package let size: Int?

  package init(path: String) throws(CSVFault) {
    self.path = path
    descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead("\(path): \(String(cString: strerror(errno)))") }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    if isKnown, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw .cannotRead("\(path) is a directory")
    }
    size = isKnown && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { close(descriptor) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVFault) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .cannotRead("\(path): \(String(cString: strerror(errno)))") }
    }
  }
}

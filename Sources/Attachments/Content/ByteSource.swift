import Glibc

/// Bytes that can be read at any offset: of a body in memory, or of a file that may be larger than memory.
package protocol ByteSource {
  var count: Int { get }
  /// Reads up to `buffer.count` bytes from `offset` on; fewer only at the end.
  /// - Throws: `BlobFault` where the file cannot be read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(BlobFault) -> Int
}

extension ByteSource {
  /// The bytes from `offset` on, at most `most` of them.
  func bytes(at offset: Int, most: Int) throws(BlobFault) -> [UInt8] {
    let wanted = min(max(count - offset, 0), most)
    var bytes = [UInt8](repeating: 0, count: wanted)
    var fault: BlobFault?
    var filled = 0
    bytes.withUnsafeMutableBytes { buffer in
      do throws(BlobFault) { filled = try read(at: offset, into: buffer) } catch { fault = error }
    }
    if let fault { throw fault }
    bytes.removeLast(wanted - filled)
    return bytes
  }

  /// Hands out all bytes in order, in pieces of at most 1 MiB, until `piece` says false.
  func walk(_ piece: (UnsafeRawBufferPointer) -> Bool) throws(BlobFault) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(count, 1), 1 << 20), alignment: 16)
    defer { buffer.deallocate() }
    var offset = 0
    while offset < count {
      let read = try read(at: offset, into: buffer)
      if read == 0 { return }
      guard piece(UnsafeRawBufferPointer(rebasing: buffer[..<read])) else { return }
      offset += read
    }
  }
}

/// Bytes in memory.
package struct MemorySource: ByteSource {
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var count: Int { bytes.count }

  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard offset >= 0, offset < bytes.count else { return 0 }
    let length = min(buffer.count, bytes.count - offset)
    bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + length])) }
    return length
  }
}

/// A file, by its descriptor, which stays the caller's.
package struct FileSource: ByteSource {
  private let descriptor: Int32
  package let count: Int

  package init(descriptor: Int32, count: Int) {
    self.descriptor = descriptor
    self.count = count
  }

  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(BlobFault) -> Int {
    var filled = 0
    while filled < buffer.count {
      let got = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .unavailable("a blob cannot be read: \(String(cString: strerror(errno)))") }
      if got == 0 { break }
      filled += got
    }
    return filled
  }
}

import CMicrohttpd
import CZlib
import Glibc
import Wire

/// Compresses an answer to gzip at a fast level: on lists of objects level 1 is several times faster than
/// the usual 6 and its output some percent larger.
enum Deflater {
  private static let level: Int32 = 1

  /// The block compressed; nil where that saves nothing.
  static func gzip(_ bytes: UnsafeRawBufferPointer) -> ByteBlock? {
    var stream = z_stream()
    guard bytes.count <= Int(UInt32.max), sojourn_deflate_init(&stream, level, 15 + 16) == Z_OK else {
      return nil
    }
    defer { deflateEnd(&stream) }
    let room = bytes.count - 1
    let output = [UInt8](unsafeUninitializedCapacity: room) { output, count in
      stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(bytes.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(room)
      count = deflate(&stream, Z_FINISH) == Z_STREAM_END ? room - Int(stream.avail_out) : 0
    }
    return output.isEmpty ? nil : ByteBlock(output)
  }

  /// A part of a file compressed into a new file without a name; nil where that fails. In constant memory.
  static func gzip(
    file: Int32, offset: Int, length: Int, temporaryDirectory: String
  ) -> (OwnedDescriptor, length: Int)? {
    let number = sojourn_temporary_file(temporaryDirectory)
    guard number >= 0 else { return nil }
    let output = OwnedDescriptor(number)
    var stream = z_stream()
    guard sojourn_deflate_init(&stream, level, 15 + 16) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let size = 64 * 1024
    let buffers = UnsafeMutableRawBufferPointer.allocate(byteCount: size * 2, alignment: 16)
    defer { buffers.deallocate() }
    guard let input = buffers.baseAddress else { return nil }
    let room = input + size
    var position = offset
    var written = 0
    var status = Z_OK
    while status != Z_STREAM_END {
      let wanted = min(size, offset + length - position)
      let got = wanted == 0 ? 0 : pread(file, input, wanted, position)
      guard got >= 0, got > 0 || wanted == 0 else { return nil }
      position += got
      stream.next_in = input.assumingMemoryBound(to: UInt8.self)
      stream.avail_in = UInt32(got)
      repeat {
        stream.next_out = room.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(size)
        status = deflate(&stream, wanted == 0 ? Z_FINISH : Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
        let count = size - Int(stream.avail_out)
        guard writeAll(output.number, room, count) else { return nil }
        written += count
      } while stream.avail_out == 0
    }
    return (output, written)
  }

  private static func writeAll(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Bool {
    var done = 0
    while done < count {
      let wrote = write(file, bytes + done, count - done)
      if wrote < 0 && errno == EINTR { continue }
      guard wrote > 0 else { return false }
      done += wrote
    }
    return true
  }
}

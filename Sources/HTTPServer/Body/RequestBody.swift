import CMicrohttpd

/// A body, complete and decompressed. `padding` bytes may be read (not used) behind it.
///
/// `@unchecked Sendable` is safe: the server writes it before anyone else sees it, and nobody after.
package final class RequestBody: @unchecked Sendable {
  /// Bytes behind `bytes` that are zero and may be read: simdjson reads in wide steps.
  package static let padding = 64
  package let bytes: UnsafeRawBufferPointer
  private let release: (@Sendable () -> Void)?
  /// A block of `sojourn_block_grow` that this body frees, and its size, given back to the budget then.
  private let owned: UnsafeMutableRawPointer?
  private let reserved: Int
  private let budget: BodyBudget?

  /// `bytes` must be followed by `padding` readable bytes and stay valid until `release` is called.
  package init(bytes: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void) {
    self.bytes = bytes
    self.release = release
    owned = nil
    reserved = 0
    budget = nil
  }

  init(owning base: UnsafeMutableRawPointer, count: Int, reserved: Int, from budget: BodyBudget) {
    bytes = UnsafeRawBufferPointer(start: base, count: count)
    release = nil
    owned = base
    self.reserved = reserved
    self.budget = budget
  }

  /// No bytes. All requests without a body share it.
  package static let none: RequestBody = {
    let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: padding, alignment: 8)
    zeros.initializeMemory(as: UInt8.self, repeating: 0)
    return RequestBody(bytes: UnsafeRawBufferPointer(start: zeros.baseAddress, count: 0)) {}
  }()

  deinit {
    release?()
    if let owned { sojourn_block_free(owned, reserved) }
    budget?.giveBack(reserved)
  }
}

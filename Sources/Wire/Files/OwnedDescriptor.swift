import Glibc

/// A file descriptor that closes itself when nobody holds it any more.
package final class OwnedDescriptor: Sendable {
  package let number: Int32
  /// Is let go of with the descriptor.
  private let kept: (any AnyObject & Sendable)?

  /// Takes over an open descriptor.
  package init(_ number: Int32, keeping kept: (any AnyObject & Sendable)? = nil) {
    self.number = number
    self.kept = kept
  }

  deinit { close(number) }
}

import DataModel
import Storage

/// How a field shows an attachment (api.md section 10).
package struct AttachmentForm: Sendable, Equatable {
  package enum State: String, Sendable { case uploaded, pending, missing, untrusted }

  private let accepted: ContentTraits?
  private let isSignature: Bool

  package init(_ field: Field) {
    accepted = MediaCheck.accepted(by: field)
    isSignature = field.type == .signature
  }

  /// `record` is nil for an attachment that is not known any more.
  package func state(of record: AttachmentRecord?) -> State {
    guard let record else { return .missing }
    if record.hash == nil { return .pending }
    if record.isLost { return .missing }
    // Inline uploads were checked before; bytes that came on their own, under an id, could not be.
    let traits = ContentTraits(rawValue: Int(truncatingIfNeeded: record.traits))
    return accepted.map { !$0.isDisjoint(with: traits) } ?? true ? .uploaded : .untrusted
  }

  /// The addresses that an uploaded one has, in order.
  package func variants(of record: AttachmentRecord) -> [AttachmentVariant] {
    let traits = ContentTraits(rawValue: Int(truncatingIfNeeded: record.traits))
    if !traits.isDisjoint(with: .picture) { return [.original, .thumbnail, .fullscreen] }
    guard traits.contains(.svg) else { return [.original] }
    return isSignature ? [.original, .thumbnail, .fullscreen, .svg] : [.original, .thumbnail, .fullscreen]
  }
}

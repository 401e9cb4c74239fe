/// How many objects match, as far as there was time to look.
package enum BoundedCount: Sendable, Equatable {
  case exact(Int)
  /// More than this number, which is as far as was asked.
  case over(Int)
  /// At least so many: then time was up.
  case stopped(Int)
}

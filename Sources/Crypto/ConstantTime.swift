import CSodium

/// Comparisons whose time depends on the lengths alone.
package enum ConstantTime {
  package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && sodium_memcmp(left, right, left.count) == 0
  }
}

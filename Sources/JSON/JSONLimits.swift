/// What a text may make us hold.
package struct JSONLimits: Equatable, Sendable {
  /// How many arrays and objects may stand inside each other (api.md section 2).
  package var depth: Int
  /// How many values and keys a text may have: each takes 16 bytes. A body of nothing but `0,0,0…`
  /// would otherwise cost eight times its size.
  package var nodes: Int

  package init(depth: Int = 64, nodes: Int = 8_000_000) {
    self.depth = depth
    self.nodes = nodes
  }
}

/// How searches use their index, and how that is filled.
package struct SearchOptions: Sendable {
  /// Objects of a model up to which a search reads them all: no index is quicker, and none is made.
  package var leastObjects = 2000
  /// Candidates and unfollowed changes beyond which a search reads all objects, in the list's order.
  package var mostCandidates = 10_000
  /// Objects that are indexed in one transaction.
  package var objectsInBatch = 1000
  /// Bytes of text after which a batch takes no further object.
  package var bytesInBatch = 4 << 20
  /// An object with more text is not indexed, and a candidate for every search.
  package var bytesInDocument = 64 << 10
  /// How often new changes are looked for, while there are searches.
  package var pollMilliseconds = 250
  /// After so long without a search nothing is looked for until the next one comes.
  package var idleMilliseconds = 600_000
  /// How much of the time filling may take while others write, as a divisor. So an index follows some two
  /// thousand writes a second; behind more of them searches read all objects until it has caught up.
  package var share = 10
  /// Called before each batch: tests hold the filler here.
  package var beforeBatch: @Sendable () -> Void = {}

  package init() {}
}

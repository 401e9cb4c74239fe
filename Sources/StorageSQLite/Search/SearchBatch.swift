/// What the filler found in one snapshot, to be entered in one transaction.
struct SearchBatch {
  struct Document {
    /// The row number.
    var row: Int64
    /// Nil where it is too long to be indexed.
    var text: String?
  }

  /// By the number of their model.
  var documents: [Int: [Document]] = [:]
  /// Objects that were entered before and are not what they were, by model.
  var again: [Int: Int] = [:]
  /// How far a walk came.
  var walked: [Int: (row: Int64, isEnd: Bool)] = [:]
  /// The last oplog entry that was taken into deployment; nil where none was looked at.
  var last: Int64?
  /// The next sequence of the snapshot.
  var horizon: Int64
  private(set) var bytes = 0

  /// The models of which it says anything, be it that a walk found no more of them.
  var models: Set<Int> { Set(documents.keys).union(again.keys).union(walked.keys) }

  init(horizon: Int64) { self.horizon = horizon }

  mutating func add(_ document: Document, ofModel model: Int) {
    documents[model, default: []].append(document)
    bytes += document.text?.utf8.count ?? 0
  }
}

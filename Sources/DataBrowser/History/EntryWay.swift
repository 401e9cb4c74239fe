import Storage

/// What an entry did to its object, in the words of pages: beside its operation what the entry before it proves.
package enum EntryWay: Sendable, Equatable {
  case created
  /// Under the id of an object that had been deleted, with other values.
  case createdAgain
  /// The same with exactly the values that it had when it was deleted, whoever did it.
  case restored
  case changed
  case deleted

  /// - Parameter before: the entry of the object before this one; nil where there is none, and where it is not kept or
  ///   not linked yet.
  package init(_ entry: OplogEntry, after before: OplogEntry?) {
    switch (entry.operation, before) {
    case (.update, _): self = .changed
    case (.delete, _): self = .deleted
    case (.create, let before?) where before.operation == .delete:
      self = entry.valuesByColumn == before.valuesByColumn ? .restored : .createdAgain
    case (.create, _): self = .created
    }
  }

  /// Whether nothing of the object was there before.
  var isCreation: Bool {
    switch self {
    case .created, .createdAgain, .restored: true
    case .changed, .deleted: false
    }
  }

  /// `restored`, in the middle of a sentence.
  package var word: String {
    switch self {
    case .created: "created"
    case .createdAgain: "created again"
    case .restored: "restored"
    case .changed: "changed"
    case .deleted: "deleted"
    }
  }

  /// `Restored`, at its beginning.
  var firstWord: String { word.prefix(1).uppercased() + word.dropFirst() }
}

extension OplogEntry {
  /// What the object had after it, by the number of the column; what is not there has no value.
  var valuesByColumn: [Int: StoredValue] {
    Dictionary(values.lazy.filter { !$0.value.isNull }.map { ($0.column, $0.value) }) { _, last in last }
  }
}

import Storage

// Equality of what storage gives, told by bytes: Swift's own `==` of texts takes two spellings of one
// letter for the same.

extension StoredValue {
  func isSame(as other: StoredValue) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a.bitPattern == b.bitPattern
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.id(let a), .id(let b)): a == b
    case (.null, _), (.integer, _), (.real, _), (.text, _), (.id, _): false
    }
  }
}

extension ObjectState {
  func isSame(as other: ObjectState) -> Bool {
    id == other.id && updatedAt == other.updatedAt && row == other.row && sequence == other.sequence
      && values.elementsEqual(other.values) { $0.isSame(as: $1) }
  }
}

extension OplogEntry {
  func isSame(as other: OplogEntry) -> Bool {
    sequence == other.sequence && model == other.model && operation == other.operation && id == other.id
      && updatedAt == other.updatedAt && origin == other.origin
      && values.elementsEqual(other.values) { $0.column == $1.column && $0.value.isSame(as: $1.value) }
  }
}

extension StepOutcome {
  func isSame(as other: StepOutcome) -> Bool {
    switch (self, other) {
    case (.created(let a), .created(let b)), (.updated(let a), .updated(let b)),
      (.unchanged(let a), .unchanged(let b)):
      switch (a, b) {
      case (nil, nil): true
      case (let a?, let b?): a.isSame(as: b)
      default: false
      }
    case (.stale(let a), .stale(let b)): a == b
    default: word == other.word
    }
  }

  /// The outcome without its state.
  package var word: String {
    switch self {
    case .created: "created"
    case .updated: "updated"
    case .unchanged: "unchanged"
    case .deleted: "deleted"
    case .missing: "missing"
    case .idInUse: "id in use"
    case .stale: "stale"
    case .refused: "refused"
    case .skipped: "skipped"
    case .kept: "kept"
    }
  }
}

func require(
  _ found: [ObjectState], are expected: [ObjectState], _ what: @autoclosure () -> String
) throws(ConformanceFailure) {
  try requireSame(found, expected, what()) { $0.isSame(as: $1) }
}

func require(
  _ found: [OplogEntry], are expected: [OplogEntry], _ what: @autoclosure () -> String
) throws(ConformanceFailure) {
  try requireSame(found, expected, what()) { $0.isSame(as: $1) }
}

func require(
  _ found: [StepOutcome], are expected: [StepOutcome], _ what: @autoclosure () -> String
) throws(ConformanceFailure) {
  try requireSame(found, expected, what()) { $0.isSame(as: $1) }
}

func require(
  _ found: [StoredValue], are expected: [StoredValue], _ what: @autoclosure () -> String
) throws(ConformanceFailure) {
  try requireSame(found, expected, what()) { $0.isSame(as: $1) }
}

private func requireSame<Element>(
  _ found: [Element], _ expected: [Element], _ what: String, by isSame: (Element, Element) -> Bool
) throws(ConformanceFailure) {
  for (index, pair) in zip(found, expected).enumerated() where !isSame(pair.0, pair.1) {
    throw ConformanceFailure("\(what): number \(index) is \(pair.0), expected \(pair.1)")
  }
  try require(found.count, is: expected.count, "\(what): how many")
}

extension Scene {
  /// Holds the store's objects, counts and oplog to the reference's.
  func check(
    _ reference: ReferenceStore, models: [StoredModel], _ what: @autoclosure () -> String
  ) async throws {
    let found = try await store.read { snapshot in
      (
        objects: try models.map { try snapshot.states(ReadPlan(model: $0, limit: 1_000_000)) },
        counts: try models.map { try snapshot.count($0, .always) },
        oplog: try snapshot.oplog(from: 0, limit: 1_000_000), next: try snapshot.nextSequence()
      )
    }
    for (index, model) in models.enumerated() {
      try require(found.objects[index], are: reference.all(model), "\(what()): objects of \(model.name)")
      try require(found.counts[index], is: reference.count(model), "\(what()): the count of \(model.name)")
    }
    try require(found.oplog, are: reference.oplog, "\(what()): the oplog")
    try require(found.next, is: reference.oplog.last.map { $0.sequence + 1 } ?? 0, "\(what()): the next sequence")
  }
}

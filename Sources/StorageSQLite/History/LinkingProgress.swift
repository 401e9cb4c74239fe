import Storage
import Wire

/// How far the linking of entries has come that were written before each named the one before it: first two indexes
/// are built, then sixteen passes link the entries of a sixteenth of all objects each.
///
/// The sixteenth is told by the *last* digit of an id: ids that the server makes begin with the time, so that by the
/// first one they would all fall into one pass.
enum LinkingProgress: Equatable {
  static let passes = 16

  case indexing
  case passing(done: Int)
  case done

  /// Nil where nothing is kept of it.
  init(steps: Int64?) {
    switch steps {
    case nil: self = .done
    case 0: self = .indexing
    case let steps?: self = .passing(done: Int(clamping: steps - 1))
    }
  }

  init(reading connection: Connection) throws {
    self.init(steps: try MetaTable(connection: connection).integer(.linking))
  }

  /// What is kept of it; nil for nothing.
  var steps: Int64? {
    switch self {
    case .indexing: 0
    case .passing(let done): Int64(done) + 1
    case .done: nil
    }
  }

  /// After one more step.
  var next: LinkingProgress {
    switch self {
    case .indexing: .passing(done: 0)
    case .passing(let done): done + 1 < Self.passes ? .passing(done: done + 1) : .done
    case .done: .done
    }
  }

  /// The pass that links the entries of this object.
  static func pass(of id: ObjectID) -> Int { Int(id.low & 0xf) }

  /// Whether all of an object's entries name the one before them, in themselves or by a link.
  func hasLinked(_ id: ObjectID) -> Bool {
    switch self {
    case .indexing: false
    case .passing(let done): Self.pass(of: id) < done
    case .done: true
    }
  }

  /// Inside a transaction.
  func store(on connection: Connection) throws {
    let meta = MetaTable(connection: connection)
    if let steps {
      try meta.set(.linking, to: .integer(steps))
    } else {
      try meta.remove(.linking)
      try meta.remove(.linkingThrough)
    }
  }
}

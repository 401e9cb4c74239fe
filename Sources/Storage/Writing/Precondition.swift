/// What must hold in the transaction in which a plan is done.
package enum Precondition: Sendable, Equatable {
  /// The writer holds this lease still; otherwise nothing of the plan is done (`StorageError.leaseLost`).
  case lease(LeaseHold)
  /// The object of the step with this index is in this state when the step's turn comes, earlier steps of the plan
  /// done; otherwise the step fails alone (`StepOutcome.stale`). Several for one step must all hold. The step writes
  /// an object, or is one that was refused before.
  case object(step: Int, ObjectCondition)
}

extension Precondition {
  /// Those of who writes under a lease, or under none.
  static func leases(_ hold: LeaseHold?) -> [Precondition] { hold.map { [.lease($0)] } ?? [] }
}

/// In which state an object must be (api.md section 17, *Tags*).
package enum ObjectCondition: Sendable, Equatable {
  /// Its last write has one of these sequences.
  case sequence(among: [Int64])
  case exists
  case isAbsent

  package func holds(for object: FoundObject?) -> Bool {
    switch self {
    case .sequence(let sequences): object.map { sequences.contains($0.sequence) } ?? false
    case .exists: object != nil
    case .isAbsent: object == nil
    }
  }
}

/// What is kept of a request, so that its repetition gets the same answer (api.md section 17, *Repeats*).
package struct Receipt: Sendable, Equatable {
  /// 1 to 128 visible ASCII characters.
  package var key: String
  /// Who sent the request; another credential has receipts of its own.
  package var credential: String
  /// SHA-256 of the method, path and body.
  package var requestHash: [UInt8]

  package init(key: String, credential: String, requestHash: [UInt8]) {
    self.key = key
    self.credential = credential
    self.requestHash = requestHash
  }
}

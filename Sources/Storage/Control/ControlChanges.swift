/// A deployment with its tokens, as they are kept.
package struct KeptDeployment: Sendable, Equatable {
  package var record: DeploymentRecord
  /// In order of creation.
  package var tokens: [TokenRecord]

  package init(_ record: DeploymentRecord, tokens: [TokenRecord] = []) {
    self.record = record
    self.tokens = tokens
  }
}

/// What a control store keeps at one revision: of all deployments, or of those that were asked for.
package struct ControlContents: Sendable, Equatable {
  package var revision: Int64
  /// In order of creation.
  package var deployments: [KeptDeployment]

  package init(revision: Int64, deployments: [KeptDeployment]) {
    self.revision = revision
    self.deployments = deployments
  }
}

/// One change of a control store.
package struct ControlChange: Sendable, Equatable {
  package enum Kind: String, Sendable { case added, changed, removed }

  /// What the store's revision became by it.
  package var revision: Int64
  package var deployment: String
  package var kind: Kind

  package init(revision: Int64, deployment: String, kind: Kind) {
    self.revision = revision
    self.deployment = deployment
    self.kind = kind
  }
}

/// What happened in a control store after a revision, with what it keeps now.
package enum ControlChanges: Sendable, Equatable {
  /// The changes in order, and what is kept now of the deployments that they name.
  case some([ControlChange], ControlContents)
  /// More happened than the store remembers, or the revision is none of its past: all that is kept now.
  case everything(ControlContents)

  package var contents: ControlContents {
    switch self {
    case .some(_, let contents), .everything(let contents): contents
    }
  }
}

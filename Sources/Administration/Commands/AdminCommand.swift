import Deployments
import JSON

/// What an administrator asks of a data directory. The command line, the socket and pages all say it with this.
package enum AdminCommand: Sendable, Equatable {
  case createDeployment(NewDeployment)
  case listDeployments
  /// How all of it is.
  case status
  /// Attachments of deployments that are gone; `isRepairing` removes them.
  case checkStrays(isRepairing: Bool)
  case deployment(id: String, DeploymentCommand)
  case people(PeopleCommand)

  package enum Name: String, CaseIterable, Sendable {
    case createDeployment, listDeployments, status, checkStrays
  }

  /// The deployments that it needs open: one that is about a single deployment costs what that one costs.
  package var opening: DeploymentRegistry.Opening {
    switch self {
    case .listDeployments, .status: .all
    case .createDeployment, .checkStrays: .none
    // A command about people needs the deployments' names alone.
    case .people: .none
    case .deployment(let id, _): .one(id)
    }
  }

  /// Whether it changes something or shows a secret. What only looks is no act.
  package var isAct: Bool {
    switch self {
    case .createDeployment: true
    case .listDeployments, .status: false
    case .checkStrays(let isRepairing): isRepairing
    case .deployment(_, let command): command.isAct
    case .people(let command): command.isAct
    }
  }

  /// Its name in JSON and in the log: `createToken`.
  package var name: String {
    switch self {
    case .createDeployment: Name.createDeployment.rawValue
    case .listDeployments: Name.listDeployments.rawValue
    case .status: Name.status.rawValue
    case .checkStrays: Name.checkStrays.rawValue
    case .deployment(_, let command): command.name
    case .people(let command): command.name.rawValue
    }
  }

  var payload: JSONNode {
    switch self {
    case .createDeployment(let new): new.json
    case .listDeployments, .status: .object([])
    case .checkStrays(let isRepairing): Forms.repair.write(isRepairing)
    case .deployment(_, let command): command.payload
    case .people(let command): command.payload
    }
  }

  init(_ name: Name, _ payload: JSONValue) throws(JSONMismatch) {
    switch name {
    case .createDeployment: self = .createDeployment(try NewDeployment(payload))
    case .listDeployments: self = .listDeployments
    case .status: self = .status
    case .checkStrays: self = .checkStrays(isRepairing: try Forms.repair.read(payload))
    }
  }

  /// Payloads of one member.
  enum Forms {
    static let repair = JSONForm.only("repair", .flag)
    static let name = JSONForm.only("name", .text)
  }
}

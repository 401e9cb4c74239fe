/// The values of the label `deployment`: the ids of the first so many deployments; those behind them share
/// `other`, so that a server of thousands does not drown who monitors it.
package struct DeploymentLabels: Sendable {
  package static let most = 200
  package static let rest = "other"

  private let named: Set<String>

  /// `ids` in a lasting order, such as that of their creation.
  package init(_ ids: some Sequence<String>) { named = Set(ids.prefix(Self.most)) }

  package subscript(id: String) -> String { named.contains(id) ? id : Self.rest }
}

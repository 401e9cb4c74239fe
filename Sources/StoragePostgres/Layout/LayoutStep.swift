/// One step from a layout of the database to the next. Steps are done in order, once each, and never changed after
/// a release: what must change is a further step.
package struct LayoutStep: Sendable {
  package let number: Int
  /// What people read of it.
  package let summary: String
  let statements: [String]
}

extension LayoutStep {
  /// From an empty database to the present layout. What belongs to a deployment lies in a schema of its own, and is
  /// made with the deployment.
  static let all: [LayoutStep] = [
    LayoutStep(
      number: 1,
      summary:
        "the schema, the keys under seal, the extension that search uses, and the tables of deployments and people",
      statements: [
        // The table `sojourn.layout` itself is made before any step.
        "CREATE TABLE sojourn.keys (name text PRIMARY KEY, sealed bytea NOT NULL)",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA sojourn",
      ] + TextFunctions.statements + ControlSteps.control + ControlSteps.people + ControlSteps.visits)
  ]
}

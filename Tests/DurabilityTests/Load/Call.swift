/// One request of the load, and what must come of it.
struct Call {
  var method: String
  /// After the deployment's base.
  var path: String
  var body: String?
  var status = 200
  /// What it changes, in order; empty when it is refused or changes nothing.
  var changes: [Change] = []
  /// For a batch: which of its operations succeed.
  var successes: [Bool]?
}

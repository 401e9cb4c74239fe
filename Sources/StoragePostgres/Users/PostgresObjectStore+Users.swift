import Storage
import Wire

extension PostgresObjectStore {
  package func keepUsers(of model: String?) {
    guard deployment.users.want(model) else { return }
    // It is stored with the next group at the latest, before any of its plans; an empty plan makes one at once.
    try? writer.submitUnanswered(WritePlan(steps: [], origin: ""))
  }

  package var sessionRevision: Int {
    // Who goes by it is to hear within a second of what other nodes end.
    deployment.feed.noteUse()
    return deployment.users.sessionRevision
  }
}

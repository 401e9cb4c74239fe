import Deployments
import HTTPServer
import Objects
import Storage
import Wire

/// App users' devices: storage knows them. A point read says which one it is, here where a reader is idle, and else
/// once the body is there.
extension APIHandler {
  func device(_ enrolment: String, _ secret: [UInt8], _ arrival: Arrival) -> Verdict {
    let (deployment, answers) = (arrival.deployment, arrival.answers)
    let look: @Sendable (any Snapshot) throws -> DeviceStanding = { snapshot in
      try deployment.standing(ofEnrolment: enrolment, secret: secret, in: snapshot)
    }
    do {
      if let standing = try deployment.store.readAtOnce(look) { return verdict(on: standing, arrival) }
    } catch {
      return .answer(common.response(to: error, answers))
    }
    let later: @Sendable () async -> Verdict = { [self] in
      let now = arrival.again()
      do {
        return verdict(on: try await deployment.store.read(look), now)
      } catch StorageError.closed where deployment.isDeleted {
        // What it is a device of went while its body came.
        return .answer(answers.denied(realm: deployment.id))
      } catch {
        return .answer(common.response(to: error, answers))
      }
    }
    if case .attachment? = arrival.match?.kind {
      // Where attachments cannot be used, the verdict says so.
      let limit = calls(of: deployment).attachmentLimit
      return .stream(PendingReceiver(limit: limit > 0 ? limit : .max, verdict: later))
    }
    return .read { body in
      switch await later() {
      case .answer(let response): return response
      case .read(let respond): return await respond(body)
      // It is here already, all of it.
      case .stream(let receiver):
        if let response = await receiver.receive(body) { return response }
        return await receiver.finish()
      }
    }
  }

  private func verdict(on standing: DeviceStanding, _ arrival: Arrival) -> Verdict {
    let (deployment, answers) = (arrival.deployment, arrival.answers)
    switch standing {
    case .unknown: return denied(deployment.id, answers)
    case .ended(let state): return .answer(answers.denied(realm: deployment.id, state: state))
    case .enrolled(let caller):
      if let session = caller.session { deployment.noteConnection(of: session, at: clock.now) }
      var kind = RouteLabel.unmatched
      return verdict(on: CallContext(arrival, by: caller), kind: &kind)
    }
  }
}

import Attachments
import Deployments
import HTTPServer
import Objects
import Wire

/// What needs no credentials of the deployment.
extension APIHandler {
  func verdict(
    on match: RouteMatch<OpenRoute>, in deployment: Deployment, _ answers: AnswerBuilder
  ) -> Verdict {
    switch match.kind {
    case .download: download(match.values, from: deployment, answers)
    case .enrol: enrolment(in: deployment, answers)
    }
  }

  private func download(_ values: PathValues, from deployment: Deployment, _ answers: AnswerBuilder) -> Verdict {
    do throws(APIError) {
      let download = try AttachmentDownload(
        head: answers.head, values: values, deployment: deployment.id, signature: attachments.signature, at: clock.now)
      let calls = calls(of: deployment)
      return .read { [common] _ in
        await common.answering(answers) { try await download.answer(from: calls, answers) }
      }
    } catch {
      return .answer(answers.response(to: error))
    }
  }

  private func enrolment(in deployment: Deployment, _ answers: AnswerBuilder) -> Verdict {
    let enrolment = Enrolment(deployment: deployment, head: answers.head, clock: clock)
    do throws(APIError) {
      try enrolment.check(enrolmentBrake)
    } catch {
      return .answer(answers.response(to: error))
    }
    return .read { [common] body in
      await common.answering(answers) { answers.json(.memory(try await enrolment.answer(body))) }
    }
  }
}

/// Deployments that are not served.
extension APIHandler {
  /// `unusable` is the deployment of this id where its data could not be opened; nil where there is none.
  func verdict(
    on head: RequestHead, at id: String, _ match: MatchedRoute?, unusable: UnusableDeployment?
  ) -> Verdict {
    let answers = common.answers(head, origins: unusable?.origins)
    if head.method == .options {
      return .answer(CrossOrigin.preflight(head, allowed: unusable?.origins ?? AllowedOrigins("*")))
    }
    if let unusable { return verdict(on: unusable, match, answers) }
    switch match {
    case .open: break
    case .call, nil: if Credentials(of: head) == nil { return denied(id, answers) }
    }
    return .answer(answers.response(to: APIError(.accountNotFound, "There is no deployment \"\(CutText.cut(id))\".")))
  }

  /// A deployment that could not be opened says so to those who may come in, and nothing to others. Who has an
  /// address that it signed may come in. Devices and tokens of enrolment nobody can know now: a device that was
  /// told 401 would take itself for signed out.
  private func verdict(on unusable: UnusableDeployment, _ match: MatchedRoute?, _ answers: AnswerBuilder) -> Verdict {
    let head = answers.head
    switch match {
    case .open(let match) where match.kind == .download:
      do throws(APIError) {
        _ = try AttachmentDownload(
          head: head, values: match.values, deployment: unusable.id, signature: attachments.signature, at: clock.now)
      } catch {
        return .answer(answers.response(to: error))
      }
    case .open: break
    case .call, nil:
      guard let credentials = Credentials(of: head) else { return denied(unusable.id, answers) }
      if case .device = credentials { break }
      guard unusable.caller(with: credentials, at: clock.now) != nil else { return denied(unusable.id, answers) }
    }
    return .answer(answers.response(to: .unusable))
  }
}

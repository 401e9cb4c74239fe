import Administration
import HTTPServer
import Storage
import Web
import Webhooks
import Wire

// The deliveries of a webhook.

extension DeploymentCall {
  func deliveries(
    of name: String, _ view: ListFilter<DeliveriesKey>, _ form: PostForm?
  ) async throws -> Response {
    let status = try await status(name)
    if let form {
      guard form[EndpointForm.act] == WebhookAct.resendParked.rawValue else { throw PageFault.unreadableForm }
      return try await page.once(form) {
        try await command(.resend(sequence: nil), on: name, "re-send all parked deliveries of \(name)")
        return .done(.deliveries(id, name: name))
      }
    }
    let question = try DeliveryQuestion(view)
    let found: (rows: [DeliveryRow], next: Int64?) =
      question.form.isGood ? question.page(of: try await rows(of: status)) : ([], nil)
    let (displays, frame) = try await displays(of: found.rows.map(\.object), status)
    let shown = DeliveriesPage(
      card: DeploymentCard(deployment), status: status, view: view, form: question.form, rows: found.rows,
      next: found.next, displays: displays, ticket: visit.ticket(.deliveries(id, name: name)))
    return answer(shown, in: frame, status: question.form.isGood ? 200 : 422)
  }

  func delivery(_ sequence: Int64, of name: String, _ form: PostForm?) async throws -> Response {
    let status = try await status(name)
    if let form { return try await page.once(form) { try await change(sequence, status, form) } }
    return try await deliveryPage(try await row(sequence, status), status)
  }

  private func row(_ sequence: Int64, _ status: WebhookStatus) async throws -> DeliveryRow {
    guard let row = try await rows(of: status).first(where: { $0.sequence == sequence }) else {
      throw PageFault.notFound(
        "The webhook knows of no such delivery, or not any more: its log keeps the last \(WebhookAttempt.kept) tries.",
        ways: [Crumb("Deliveries", .deliveries(id, name: status.name))])
    }
    return row
  }

  private func deliveryPage(_ row: DeliveryRow, _ status: WebhookStatus, fault: String? = nil) async throws -> Response
  {
    var (displays, frame) = try await displays(of: [row.object], status)
    if case .delivery(_, _, _, isSentAgain: true) = visit.route, let told = row.noticeOfResending {
      frame.notice = Frame.Notice(told)
    }
    let route = Route.delivery(id, name: status.name, row.sequence)
    let shown = DeliveryPage(
      card: DeploymentCard(deployment), status: status, row: row, displays: displays, fault: fault,
      ticket: { [visit] in visit.ticket(route) })
    return answer(shown, in: frame, status: fault == nil ? 200 : 422)
  }

  private func change(
    _ sequence: Int64, _ status: WebhookStatus, _ form: PostForm
  ) async throws -> PageCall.Once {
    let name = status.name
    let row = try await row(sequence, status)
    do {
      switch WebhookAct(rawValue: form[EndpointForm.act]) {
      case .resend:
        try await command(.resend(sequence: sequence), on: name, "re-send \(name):\(sequence)")
        return .done(.delivery(id, name: name, sequence, isSentAgain: true))
      case .skip:
        try await command(.skip(sequence: sequence), on: name, "skip \(name):\(sequence)")
        // One that was never tried is known to nobody any more.
        if row.tries.isEmpty { return .done(.deliveries(id, name: name)) }
      default: throw PageFault.unreadableForm
      }
    } catch let fault as PageFault where fault.status == 422 {
      return .refused(try await deliveryPage(row, status, fault: fault.detail))
    }
    return .done(.delivery(id, name: name, sequence))
  }

  private func rows(of status: WebhookStatus) async throws -> [DeliveryRow] {
    if status.condition == .new { return [] }
    let (unfinished, attempts) = try await administration().webhooks.deliveries(of: status.name, in: id)
    return DeliveryRow.all(unfinished: unfinished, attempts: attempts)
  }

  /// Of the objects that there are, with the frame.
  private func displays(
    of ids: [ObjectID], _ status: WebhookStatus
  ) async throws -> (value: [ObjectID: String], frame: Frame) {
    try await reading { read in
      guard let model = status.model.flatMap({ read.models[$0] }) else { return [:] }
      return try read.displays(of: Array(Set(ids)), in: model)
    }
  }
}

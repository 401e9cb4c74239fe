import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

// App users: what is shown.

extension DeploymentCall {
  private var userModelName: String { deployment.value(of: .appUser) ?? "" }

  private func place(hasModel: Bool = true) -> AppUsersPage.Place {
    AppUsersPage.Place(
      card: DeploymentCard(deployment), modelName: userModelName, hasModel: hasModel,
      refusesDevices: deployment.deviceAccess == .none)
  }

  var appUsers: AppUsers { AppUsers(deployment, clock: page.handler.services.clock) }

  func appUsers(_ view: ListFilter<AppUsersKey>, fault: String? = nil) async throws -> Response {
    let question = try AppUserQuestion(view)
    let (name, users) = (userModelName, appUsers)
    let (shown, frame) = try await reading { read -> AppUsersPage in
      var shown = AppUsersPage(
        place: place(), total: 0, entries: [], view: view, form: question.form, fault: fault,
        ticket: visit.ticket(.enrolmentCards(id)))
      guard let model = read.models[name] else {
        shown.place.hasModel = false
        return shown
      }
      shown.total = try read.snapshot.count(model.stored, .always)
      guard question.form.isGood else { return shown }
      let found = try AppUserReading(model: model.stored, question: question, users: users).read(read.snapshot)
      let displays = try read.displays(of: found.users.map(\.record.id), in: model)
      shown.entries = found.users.map { .init(record: $0.record, display: displays[$0.record.id] ?? "") }
      shown.turn(found, question.start)
      return shown
    }
    return answer(shown, in: frame, status: question.form.isGood && fault == nil ? 200 : 422)
  }

  func appUser(_ user: ObjectID, _ form: PostForm?) async throws -> Response {
    if let form { return try await page.once(form) { try await change(user, form) } }
    let (record, display, frame) = try await known(user)
    let enrolment = try await shownEnrolments(Self.shown(of: user, in: id)).first { $0.user == user }
    let route = Route.appUser(id, user)
    let shown = AppUserPage(
      place: place(), record: record, display: display, enrolment: enrolment,
      allowsMany: deployment.isOn(.multipleDevices), ticket: { [visit] in visit.ticket(route) })
    return answer(shown, in: frame)
  }

  func wipePage(
    _ user: ObjectID, _ session: ObjectID, typed: String = "", fault: String? = nil
  ) async throws -> Response {
    let (record, display, frame) = try await known(user)
    guard let device = record.session(session) else { throw Self.noUser(in: id) }
    let shown = WipePage(
      place: place(), user: user, session: device, name: Self.name(of: user, display), typed: typed, fault: fault,
      ticket: visit.ticket(.wipe(id, user, session: session)))
    return answer(shown, in: frame, status: fault == nil ? 200 : 422)
  }

  func cards() async throws -> Response {
    let all = try await shownEnrolments(Self.shownCards(in: id))
    let name = userModelName
    let (displays, frame) = try await reading { read -> [ObjectID: String] in
      guard let model = read.models[name] else { return [:] }
      return try read.displays(of: all.map(\.user), in: model)
    }
    let entries = all.map { CardsPage.Entry(enrolment: $0, display: displays[$0.user] ?? "") }
    return answer(CardsPage(card: DeploymentCard(deployment), entries: entries), in: frame)
  }

  // MARK: Pieces.

  /// What must be typed to wipe a device.
  static func name(of user: ObjectID, _ display: String?) -> String {
    display.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } ?? user.description
  }

  /// - Throws: `PageFault` where there is no such user for the visitor; a deleted one has no display.
  func known(_ user: ObjectID) async throws -> (record: UserRecord, display: String?, frame: Frame) {
    let name = userModelName
    let (display, frame) = try await reading { read -> String?? in
      guard let model = read.models[name] else { return .none }
      return .some(try read.displays(of: [user], in: model)[user])
    }
    // Who does not see the model does not see its users.
    guard let display, let record = try await appUsers.user(user) else { throw Self.noUser(in: id) }
    return (record, display, frame)
  }

  /// Who does not see the model does not see its users.
  func seesUsers() async throws -> Bool {
    let name = userModelName
    return try await reading { $0.models[name] != nil }.value
  }

  static func noUser(in deployment: String) -> PageFault {
    .notFound("There is no such app user or device here.", ways: [Crumb("App users", .appUsers(deployment))])
  }

  static func shown(of user: ObjectID, in deployment: String) -> String { "enrolment of \(user) in \(deployment)" }
  static func shownCards(in deployment: String) -> String { "enrolment cards of \(deployment)" }

  private func shownEnrolments(_ name: String) async throws -> [Enrolment] {
    try await people.shown(on: name, to: visitor).map { Enrolment.read($0.secret) } ?? []
  }
}

extension AppUsersPage {
  /// The ways on from what was found.
  fileprivate mutating func turn(_ found: AppUserReading.Found, _ start: AppUserQuestion.Start) {
    isStopped = found.stoppedAt != nil
    let base = view.atBeginning
    let first = found.users.first?.row ?? found.stoppedAt
    let last = found.users.last?.row ?? found.stoppedAt
    switch start {
    case .first: next = found.hasMore ? (found.stoppedAt ?? last).map { base.with(.after, "\($0)") } : nil
    case .after:
      previous = first.map { base.with(.before, "\($0)") }
      next = found.hasMore ? (found.stoppedAt ?? last).map { base.with(.after, "\($0)") } : nil
    case .before:
      previous = found.hasMore ? (found.stoppedAt ?? first).map { base.with(.before, "\($0)") } : nil
      next = last.map { base.with(.after, "\($0)") }
    }
  }
}

import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// App users: what is done, each once, with two entries in the audit. Entries name ids: a display may be sensitive.

extension DeploymentCall {
  func change(_ user: ObjectID, _ form: PostForm) async throws -> PageCall.Once {
    let known = try await known(user)
    switch AppUserAct(rawValue: form[AppUserAct.name]) {
    case .lock: try await done("lock", user) { try await $0.lock(user) }
    case .unlock where known.display != nil: try await done("unlock", user) { try await $0.unlock(user) }
    case .reauthenticate:
      guard let session = ObjectID(form[AppUserAct.session]) else { throw PageFault.unreadableForm }
      try await done("sign out session \(session) of", user) { try await $0.reauthenticate(session, of: user) }
    case .enrol where known.display != nil:
      let made = try await enrol([user])
      try await page.keep(Enrolment.written(made), on: Self.shown(of: user, in: id), "The link was made")
    case .unlock, .enrol:
      throw PageFault.conflict("The user was deleted meanwhile. Nothing was changed.")
    case .wipe, .cards, nil: throw PageFault.unreadableForm
    }
    return .done(.appUser(id, user))
  }

  /// - Throws: `PageFault` where there is no such user or session any more.
  private func done<Value: Sendable>(
    _ what: String, _ user: ObjectID, _ act: (AppUsers) async throws -> Value?
  ) async throws {
    try await audited(.appUser, "\(what) user \(user)") {
      guard try await act(appUsers) != nil else { throw Self.noUser(in: id) }
    }
  }

  // MARK: Wiping.

  func wipe(_ user: ObjectID, _ session: ObjectID, _ form: PostForm?) async throws -> Response {
    guard let form else { return try await wipePage(user, session) }
    return try await page.once(form) {
      let known = try await known(user)
      let typed = form[AppUserAct.display]
      let name = Self.name(of: user, known.display)
      guard Self.words(typed) == Self.words(name) else {
        let fault = "Nothing was wiped: the user’s display is “\(CutText.cut(name))”, and another text was typed."
        return .refused(try await wipePage(user, session, typed: typed, fault: fault))
      }
      try await done("wipe session \(session) of", user) { try await $0.wipe(session, of: user) }
      return .done(.appUser(id, user))
    }
  }

  /// Browsers show several spaces as one, and line ends as spaces.
  private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

  // MARK: Enrolling.

  func cards(_ form: PostForm?) async throws -> Response {
    guard let form else { return try await cards() }
    let ids = form.pairs.pairs.filter { $0.path == [AppUserAct.user] }.map(\.value)
    return try await page.once(form) {
      guard !ids.isEmpty else {
        return .refused(try await appUsers(.all, fault: "Tick the users that are to get a card."))
      }
      guard ids.count <= Enrolment.most else {
        return .refused(
          try await appUsers(
            .all, fault: "At most \(Enrolment.most) cards are made at once; \(ids.count) users are ticked."))
      }
      let users = ids.compactMap { ObjectID($0) }
      guard users.count == ids.count else { throw PageFault.unreadableForm }
      guard try await seesUsers() else { throw Self.noUser(in: id) }
      let made = try await enrol(users)
      try await page.keep(Enrolment.written(made), on: Self.shownCards(in: id), "The links were made")
      return .done(.enrolmentCards(id))
    }
  }

  /// Those of users that are there.
  private func enrol(_ users: [ObjectID]) async throws -> [Enrolment] {
    let what = users.count == 1 ? "enrolment link for user \(users[0])" : "enrolment links for \(users.count) users"
    return try await audited(.appUser, what) {
      var made: [Enrolment] = []
      for user in users {
        guard let token = try await appUsers.createToken(for: user) else { continue }
        made.append(
          Enrolment(
            user: user, url: "\(visit.apiOrigin)/enroll/\(id)#\(token.token)", expiresAt: token.expiresAt))
      }
      return made
    }
  }
}

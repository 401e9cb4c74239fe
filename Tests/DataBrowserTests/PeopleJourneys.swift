import DataBrowser
import Foundation
import PageReading
import People
import Storage
import Testing
import Wire

/// What journeys about other people have in common.
extension TestBrowser {
  private static let address = Browser(address: "192.0.2.1")

  var peoplePath: String { "/databrowser/\(deploymentID)/people" }

  /// Somebody who joined by a command's invitation, in a browser of their own, elevated where that is asked for.
  func joined(
    _ name: String, _ roles: Set<Role> = [], operator isOperator: Bool = false, elevated: Bool = true
  ) async throws -> Journey {
    var invitation = Invitation(email: "\(name.lowercased())@example.org", name: name, makesOperator: isOperator)
    if !roles.isEmpty { invitation.grants = [RoleGrant(deployment: deploymentID, roles: roles)] }
    let code = try await people.invite(invitation, by: nil, from: Self.address)
    var journey = try await joined(by: People.path(of: code))
    if elevated { try await journey.elevate() }
    return journey
  }

  /// Whoever joins by the page of a link.
  func joined(by path: String) async throws -> Journey {
    var journey = try Journey(self)
    try await journey.open(path)
    try await journey.send(to: path, ["password": RoleWorld.password])
    #expect(journey.status == 200 && !journey.path.contains("/join/"), "\(journey.page.text)")
    return journey
  }

  func person(_ name: String) async throws -> PersonRecord {
    try await people.person("\(name.lowercased())@example.org")
  }

  /// The audit without sign-ins and what joining needs.
  func acts() async throws -> [String] {
    let quiet: Set<String> = ["sign-in", "join", "elevate"]
    return try await people.audit(AuditWant(.oldest(after: 0), limit: 1000)).map(\.draft)
      .filter { !quiet.contains($0.action) && $0.address != "192.0.2.1" }
      .map { "\($0.action) \($0.target) \($0.outcome)" }
  }
}

extension Journey {
  mutating func elevate() async throws {
    try await open("/databrowser/me/password")
    if path.hasPrefix("/databrowser/elevate") {
      try await send(to: "/databrowser/elevate", ["password": RoleWorld.password])
    }
    #expect(path == "/databrowser/me/password" && status == 200)
  }

  /// Sends the form about somebody that asks for this.
  mutating func act(
    _ act: String, _ person: PersonRecord, _ typed: [String: String] = [:], on action: String? = nil
  ) async throws {
    let pages = action ?? browser.peoplePath
    let having = ["act": act, "person": person.id.text]
    if fields(of: pages, having: having) == nil { try await open(pages) }
    try await send(to: pages, typed, having: having)
  }

  /// Whether a form about somebody is offered.
  func offers(_ act: String, _ person: PersonRecord, on action: String? = nil) -> Bool {
    fields(of: action ?? browser.peoplePath, having: ["act": act, "person": person.id.text]) != nil
  }

  /// The path of a link that is shown on the page.
  func shownLink(_ index: Int = 0) -> String? {
    page.element(withID: "link-\(index)").flatMap { URL(string: $0.text.trimmingCharacters(in: .whitespaces))?.path }
  }

  mutating func invite(_ typed: [String: String], on action: String? = nil) async throws {
    let pages = action ?? browser.peoplePath
    if fields(of: pages, having: ["act": "invite"]) == nil { try await open(pages) }
    try await send(to: pages, typed, having: ["act": "invite"])
  }
}

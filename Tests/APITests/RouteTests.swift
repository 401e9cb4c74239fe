import HTTPServer
import Testing

@testable import API

@Suite("Routes")
struct RouteTests {
  @Test("each route of each kind stands in the table, once")
  func complete() {
    let objects: [RouteKind] = ObjectRoute.allCases.map { .object($0) }
    let users: [RouteKind] = UserRoute.allCases.map { .user($0) }
    let deployment: [RouteKind] = DeploymentRoute.allCases.map { .deployment($0) }
    let attachments: [RouteKind] = AttachmentRoute.allCases.map { .attachment($0) }
    let all = objects + [.batch] + users + deployment + attachments + OpenRoute.allCases.map { .open($0) }
    #expect(Set(Route.table.map(\.kind)) == Set(all) && Route.table.count == all.count)
    #expect(Set(Route.table.map(\.name)).count == all.count)
    #expect(Set(Route.table.map(RouteLabel.number)).count == all.count)
    for route in Route.table { #expect(RouteLabel.all[Int(RouteLabel.number(of: route))] == route.name) }
  }

  /// What the handlers of a kind read out of the path.
  private static func values(_ kind: RouteKind) -> Set<String> {
    switch kind {
    case .open(.enrol), .call(.batch), .call(.deployment), .call(.user(.list)), .call(.attachment(.create)): []
    case .open(.download): ["id", "variant"]
    case .call(.object(.list)), .call(.object(.count)), .call(.object(.search)), .call(.object(.query)),
      .call(.object(.create)):
      ["model"]
    case .call(.object(.get)), .call(.object(.patch)), .call(.object(.put)), .call(.object(.delete)): ["model", "id"]
    case .call(.user(.get)), .call(.user(.lock)), .call(.user(.unlock)), .call(.user(.createToken)): ["id"]
    case .call(.user(.reEnrol)): ["model", "id"]
    case .call(.user(.getSession)), .call(.user(.reauthenticate)), .call(.user(.wipe)): ["id", "session"]
    case .call(.attachment(.put)): ["id"]
    }
  }

  @Test(
    "the path of each route has what the handlers of its kind read out of it, and matches that route",
    arguments: Route.table)
  func paths(_ route: Route) throws {
    let segments = route.parts.map { part in
      switch part {
      case .word(let word): word
      case .model, .userModel: "some-model"
      case .id: "some-id"
      case .session: "some-session"
      case .variant: "some-variant"
      }
    }
    let (found, values): (Route, PathValues) =
      switch try #require(MatchedRoute(route.method, segments)) {
      case .open(let match): (match.route, match.values)
      case .call(let match): (match.route, match.values)
      }
    #expect(found.kind == route.kind)
    let given = ["model": values.model, "id": values.id, "session": values.session, "variant": values.variant]
    #expect(
      given.filter { !$0.value.isEmpty }
        == Dictionary(uniqueKeysWithValues: Self.values(route.kind).map { ($0, "some-\($0)") }))
  }

  private static func fits(_ method: Method, _ path: [String]) -> Bool {
    if case nil = MatchedRoute(method, path) { false } else { true }
  }

  @Test("what fits no route matches none")
  func none() {
    let paths: [(Method, [String])] = [
      (.get, []), (.get, ["objects"]), (.put, ["objects", "flight"]), (.get, ["objects", "flight", "5", "6"]),
      (.get, ["objects", "flight.xml"]), (.get, ["datamodel.xml", "x"]), (.patch, ["objects", "flight", "count"]),
      (.get, ["a", "b", "c", "d", "e", "f", "g", "h"]), (.other("BREW"), ["info"]), (.options, ["info"]),
    ]
    for (method, path) in paths { #expect(!Self.fits(method, path), "\(method) \(path)") }
    #expect(Self.fits(.head, ["info.json"]))
  }
}

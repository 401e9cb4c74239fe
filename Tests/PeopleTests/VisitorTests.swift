import Storage
import Testing
import Wire

@testable import People

@Suite("What a visitor may do")
struct VisitorTests {
  enum Who: String, CaseIterable, Sendable {
    case nothing, viewer, editor, support, administrator, `operator`
  }

  private static func visitor(
    _ who: Who, isElevated: Bool = true, needsFactor: Bool = false, sensitive: Bool = false
  ) -> Visitor {
    var person = PersonRecord(id: PersonID(drawn: [1, 1, 1, 1, 1, 1]), name: "", email: "", createdAt: .first)
    person.isOperator = who == .operator
    person.seesSensitive = sensitive
    if let role = Role(rawValue: who.rawValue) {
      person.grants = [RoleGrant(deployment: "a", roles: [role], seesSensitive: sensitive)]
    }
    return Visitor(
      person,
      Visitor.SessionView(
        id: SessionID(drawn: [2, 2, 2, 2, 2, 2]), startedAt: .first, lastUseAt: .first,
        elevatedUntil: isElevated ? .last : nil, needsFactor: needsFactor))
  }

  /// What each may in the deployment `a`.
  private static let table: [(who: Who, rights: Set<Need.Right>)] = [
    (.nothing, []),
    (.viewer, [.viewer]),
    (.editor, [.viewer, .editor]),
    (.support, [.viewer, .support]),
    (.administrator, [.viewer, .editor, .support, .administrator]),
    (.operator, [.viewer, .editor, .support, .administrator, .operator]),
  ]
  private static let needs: [Need] = [.viewer, .editor, .support, .administrator, .operator]

  @Test("follows from the roles in the deployment")
  func roles() {
    for (who, rights) in Self.table {
      let visitor = Self.visitor(who)
      for need in Self.needs {
        let expected: Permission =
          who == .nothing ? .unknown : rights.contains(need.right) ? .allowed : .forbidden(need.right)
        #expect(visitor.may(need, in: "a") == expected, "\(who) \(need.right)")
        #expect(visitor.may(need.elevated, in: "a") == expected, "\(who) \(need.right), elevated")
      }
    }
  }

  @Test("is nothing in another deployment, which is not even there")
  func otherDeployment() {
    for (who, _) in Self.table where who != .operator {
      for need in Self.needs { #expect(Self.visitor(who).may(need, in: "b") == .unknown, "\(who) \(need.right)") }
    }
    for need in Self.needs { #expect(Self.visitor(.operator).may(need, in: "b") == .allowed) }
  }

  @Test("asks for elevation after the right, so that nobody proves anything for nothing")
  func elevation() {
    for (who, rights) in Self.table where who != .nothing {
      let visitor = Self.visitor(who, isElevated: false)
      for need in Self.needs {
        let may = rights.contains(need.right)
        #expect(visitor.may(need.elevated, in: "a") == (may ? .elevate : .forbidden(need.right)))
        #expect(visitor.may(need, in: "a") == (may ? .allowed : .forbidden(need.right)))
      }
      #expect(visitor.may(.account.elevated) == .elevate)
      #expect(visitor.may(.account) == .allowed)
    }
  }

  @Test("is one's own account alone until a second factor that is demanded is there")
  func factor() {
    for (who, _) in Self.table {
      let visitor = Self.visitor(who, needsFactor: true)
      for need in Self.needs { #expect(visitor.may(need, in: "a") == .enrolFactor) }
      #expect(visitor.may(.signedIn) == .enrolFactor)
      #expect(visitor.may(.account) == .allowed)
      #expect(visitor.may(.account.elevated) == .allowed)
      #expect(visitor.may(.anyone) == .allowed)
    }
  }

  @Test("is to see sensitive models by a mark alone, which operators and administrators need too")
  func sensitive() {
    for (who, _) in Self.table where who != .nothing {
      #expect(!Self.visitor(who).seesSensitive(in: "a"), "\(who)")
      #expect(Self.visitor(who, sensitive: true).seesSensitive(in: "a"), "\(who)")
      #expect(Self.visitor(who, sensitive: true).seesSensitive(in: "b") == (who == .operator), "\(who)")
    }
  }

  @Test("is demanded a second factor by the setting")
  func demanded() {
    for (setting, expected) in [
      (.none, []), (.administrators, [.administrator, .operator]), (.all, Set(Who.allCases)),
    ] as [(PeopleSettings.SecondFactor, Set<Who>)] {
      var settings = PeopleSettings()
      settings.secondFactor = setting
      for (who, _) in Self.table {
        #expect(settings.demandsFactor(of: Self.visitor(who).person) == expected.contains(who), "\(setting) \(who)")
      }
    }
  }

  @Test("names who can give a role")
  func givers() {
    #expect(Need.Right.editor.giver == "an administrator of the deployment or an operator")
    #expect(Need.Right.operator.giver == "an operator")
  }
}

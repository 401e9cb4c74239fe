import PageReading
import People
import Storage
import Testing
import Web
import Wire

@testable import DataBrowser

/// The pages of people in their states, read by expat.
@Suite("Pages of people in their states")
struct PeoplePageTests {
  private static let card = DeploymentCard(id: RouteTests.deployment, label: "Flights", environment: "testing")
  private static let instant = Instant(secondsSince1970: 1_767_225_600) ?? .first

  private static func entry(_ text: String, _ index: UInt8, fault: String? = nil) -> PersonEntry {
    var person = PersonRecord(
      id: PersonID(drawn: [0, 0, 0, 0, 0, index]), name: text, email: text, createdAt: instant)
    person.grants = [
      RoleGrant(deployment: RouteTests.deployment, roles: [.viewer, .support], seesSensitive: index == 1),
      RoleGrant(deployment: "b", roles: [.editor]),
    ]
    person.isOperator = index == 2
    person.seesSensitive = index == 2
    person.lastSeenAt = index == 1 ? instant : nil
    if index == 1 { person.factor = .init(sealedSecret: [], lastStep: 0) }
    return PersonEntry(
      person: person, sessions: index == 1 ? 3 : index == 2 ? 0 : nil, resetProblem: index == 2 ? text : nil,
      tickets: .init { "ticket" }, fault: fault)
  }

  private static func lists(_ text: String) -> [PersonList] {
    [
      PersonList(people: [], total: 0, found: 0, text: ""), PersonList(people: [], total: 5, found: 0, text: text),
      PersonList(people: [entry(text, 1)], total: 1, found: 1, text: ""),
      PersonList(people: [entry(text, 1), entry(text, 2), entry(text, 3)], total: 200, found: 150, text: text),
      PersonList(people: [entry(text, 1, fault: text), entry(text, 2)], total: 2, found: 2, text: ""),
    ]
  }

  private static func links(_ text: String) -> [LinkEntry] {
    LinkRecord.Kind.allCases.enumerated().map { index, kind in
      var record = LinkRecord(hash: [UInt8(index)], kind: kind, madeAt: instant, expiresAt: instant)
      (record.email, record.name, record.makesOperator) = (text, text, index == 0)
      record.grants = index == 1 ? [RoleGrant(deployment: text, roles: [.viewer])] : []
      return LinkEntry(
        record: record, maker: index < 2 ? text : nil, address: index < 3 ? text : nil,
        ticket: index == 0 ? nil : "ticket")
    }
  }

  private static func spoiled(_ form: Form, _ text: String) -> Form {
    var form = form
    form.fault = text
    for field in form.fields where field.kind != .hidden { form.refuse(field.name, text) }
    return form
  }

  @Test(arguments: PageTests.hostile.indices)
  func peopleOfADeployment(_ index: Int) throws {
    let text = PageTests.hostile[index]
    for (list, links) in Self.lists(text).map({ ($0, []) }) + [(Self.lists(text)[2], Self.links(text))] {
      for givesSensitive in [true, false] {
        let form = InvitationForm.ofDeployment(givesSensitive: givesSensitive)
        for shown in list.hasFault ? [form] : [form, Self.spoiled(form, text)] {
          let page = PeoplePage(
            card: Self.card, list: list, links: links, givesSensitive: givesSensitive, form: shown, ticket: "ticket")
          let read = try PageTests.read(page, in: PageTests.frame("Anna"))
          #expect(read.faults == [])
          #expect(read.all("article").count == list.people.count)
          #expect(page.title.hasPrefix("Error:") == !page.isGood)
          #expect(page.showsSecret == !links.isEmpty)
          #expect(
            read.all("input").contains { $0.attributes["name"] == "sensitive" && $0.attributes["type"] == "checkbox" }
              == givesSensitive)
        }
      }
    }
  }

  @Test(arguments: PageTests.hostile.indices)
  func peopleOfTheServer(_ index: Int) throws {
    let text = PageTests.hostile[index]
    let card = DeploymentCard(id: RouteTests.deployment, label: text, environment: text)
    let deployments = [nil, text].enumerated().map { index, fault in
      OperatorsPage.DeploymentEntry(
        card: card, createdAt: Self.instant, isUsable: index == 0, ticket: "ticket", fault: fault)
    }
    for list in Self.lists(text) {
      for (shown, newDeployment) in [
        ([], nil), (Array(deployments.prefix(1)), NewDeploymentForm.empty), (deployments, nil),
        (Array(deployments.prefix(1)), Self.spoiled(NewDeploymentForm.empty, text)),
      ] as [([OperatorsPage.DeploymentEntry], Form?)] {
        if list.hasFault, shown.count == 2 || newDeployment?.isGood == false { continue }
        let page = OperatorsPage(
          list: list, links: Self.links(text), lastOperator: list.people.last?.person.id, deployments: shown,
          furtherDeployments: shown.count, labels: [RouteTests.deployment: text], invitation: InvitationForm.ofServer,
          newDeployment: newDeployment, invitationTicket: "ticket", deploymentTicket: "ticket")
        let read = try PageTests.read(page, in: PageTests.frame("Anna"))
        #expect(read.faults == [])
        #expect(read.all("article").count == list.people.count + shown.count)
        #expect(page.title.hasPrefix("Error:") == !page.isGood)
      }
    }
  }

  @Test func whatFormsSayOfRolesIsReadAsTheSame() {
    for roles in [[], [.viewer], [.editor, .support], Set(Role.allCases)] as [Set<Role>] {
      for seesSensitive in [true, false] {
        let grant = RoleGrant(deployment: "a", roles: roles, seesSensitive: seesSensitive)
        #expect(RoleGrant(written: grant.written, in: "a") == grant)
        for isOperator in [true, false] {
          let rights = People.ServerRights(isOperator: isOperator, seesSensitive: seesSensitive)
          #expect(People.ServerRights(written: rights.written) == rights)
        }
      }
    }
    #expect(RoleGrant(written: "nothing  viewer, editor", in: "a").roles == [.editor])
  }
}

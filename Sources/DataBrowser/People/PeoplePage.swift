import People
import Storage
import Web
import Wire

/// Who has a role in a deployment: their roles, whether they have a second factor, links to join and to reset.
struct PeoplePage: Page {
  var card: DeploymentCard
  var list: PersonList
  var links: [LinkEntry]
  /// Whether the visitor says who sees sensitive models.
  var givesSensitive: Bool
  /// The invitation.
  var form: Form
  var ticket: String

  private var route: Route { .people(card.id) }

  var isGood: Bool { form.isGood && !list.hasFault }
  var title: String { isGood ? "People" : "Error: People" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }
  var showsSecret: Bool { links.contains { $0.address != nil } }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "People" } }
      form.summary
      list.summary
      LinkEntry.made(links)
      p { "Those who have a role in this deployment. Operators of the server administer it as well." }
      div(.class("halves wide")) {
        div(.class("stack")) {
          list.search(route)
          list.cards { entry, id in personCard(entry, id) }
        }
        div(.class("stack")) {
          section(.class("card")) {
            h2 { "Invite somebody" }
            div(.class("inside stack")) {
              p {
                "You get a link, which is good once, for 72 hours. Whoever has signed in here before accepts with it."
              }
              form.html(to: route.address, ticket: ticket, submit: "Make the link")
            }
          }
          LinkEntry.list(links, route)
        }
      }
    }
  }

  private func personCard(_ entry: PersonEntry, _ id: String) -> HTML {
    let grant = entry.person.grant(in: card.id) ?? RoleGrant(deployment: card.id, roles: [])
    return entry.card(id: id) {
      dt { "Roles" }
      dd { grant.words + (entry.person.isOperator ? "; operator of the server" : "") }
      dt { "Sees sensitive models" }
      dd { grant.seesSensitive ? "yes" : "no" }
    } acts: {
      Folded.html("Change the roles", isOpen: entry.fault != nil) {
        roles(entry, grant)
      }
      entry.commonActs(route)
      Folded.html("Take all roles away") {
        p {
          "They see nothing of this deployment from their next page on. Links that they have made for it do nothing any "
            + "more. Passwords and tokens of the API that they know go on: change those in Manage API."
        }
        entry.form(.leave, route, entry.tickets.leave, before: grant.written).html("Take all roles away")
      }
    }
  }

  private func roles(_ entry: PersonEntry, _ grant: RoleGrant) -> HTML {
    entry.form(.roles, route, entry.tickets.rights, before: grant.written).html("Keep these roles") {
      fieldset {
        legend { "Roles" }
        for role in Role.allCases {
          div { Box.html(role.rawValue, role.label, isTicked: grant.roles.contains(role)) }
        }
        if givesSensitive {
          div { Box.html(PeopleAct.sensitive, "Sees sensitive models", isTicked: grant.seesSensitive) }
        }
      }
    }
  }
}

/// Some of the people of a page, those that one looked for or the first.
struct PersonList: Sendable {
  static let most = 100

  var people: [PersonEntry]
  /// All that there are.
  var total: Int
  /// How many of them have the text in name or address.
  var found: Int
  var text: String

  var hasFault: Bool { people.contains { $0.fault != nil } }

  private static func id(_ index: Int) -> String { "person-\(index)" }

  /// What is wrong with a form about somebody, with a link to them.
  @HTMLBuilder
  var summary: HTML {
    for (index, entry) in people.enumerated() {
      if let fault = entry.fault { Form.summary(of: fault, at: Self.id(index)) }
    }
  }

  /// Offered where there are more people than one sees at once.
  @HTMLBuilder
  func search(_ route: Route, isNeeded: Bool = false) -> HTML {
    if total > 10 || isNeeded || !text.isEmpty {
      form(.class("search"), .role("search"), .method(.get), .action(route)) {
        label(.for("people-q"), .class("away")) { "Name or address" }
        input(
          .id("people-q"), .name("q"), .type(.search), .value(text), .placeholder("Name or address"),
          .autocomplete("off"), .spellcheck(false), .maxLength(300))
        button(.type(.submit)) { "Filter" }
      }
    }
  }

  @HTMLBuilder
  func cards(_ card: (PersonEntry, String) -> HTML) -> HTML {
    if people.isEmpty {
      div(.class("card")) {
        div(.class("empty")) {
          strong {
            total == 0
              ? "Nobody has a role here yet; operators of the server come in all the same"
              : "Nobody has “\(CutText.cut(text))” in name or address"
          }
        }
      }
    }
    for (index, entry) in people.enumerated() { card(entry, Self.id(index)) }
    if found > people.count {
      p {
        "These are the first \(people.count) of \(Grouped.text(found)), by name. Look for others by name or address."
      }
    }
  }
}

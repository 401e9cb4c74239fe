import Deployments
import People
import Storage
import Web
import Wire

/// All people of a server, who is an operator, and its deployments.
struct OperatorsPage: Page {
  /// A deployment, usable or not.
  struct DeploymentEntry: Sendable {
    var card: DeploymentCard
    var createdAt: Instant
    var isUsable: Bool
    var ticket: String
    /// What was wrong with the form that deletes it.
    var fault: String?
  }

  var list: PersonList
  var links: [LinkEntry]
  /// With whom alone nobody would administer the server; nil where there are several operators.
  var lastOperator: PersonID?
  var deployments: [DeploymentEntry]
  var furtherDeployments: Int
  /// Names of deployments by their ids.
  var labels: [String: String]
  var invitation: Form
  /// Of a deployment; nil where this server makes none on pages.
  var newDeployment: Form?
  var invitationTicket: String
  var deploymentTicket: String

  private var route: Route { .operators() }
  var isGood: Bool {
    invitation.isGood && newDeployment?.isGood ?? true && !list.hasFault && !deployments.contains { $0.fault != nil }
  }

  var title: String { isGood ? "People and deployments" : "Error: People and deployments" }
  var trail: [Crumb] { [Crumb("Deployments", .deployments)] }
  var showsSecret: Bool { links.contains { $0.address != nil } }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "People and deployments" } }
      invitation.summary
      newDeployment?.summary
      list.summary
      deploymentSummary
      LinkEntry.made(links)
      div(.class("halves wide")) {
        div(.class("stack")) {
          p { "All people who can sign in. Their roles are changed on the page “People” of each deployment." }
          list.search(route, isNeeded: furtherDeployments > 0)
          list.cards { entry, id in personCard(entry, id) }
        }
        div(.class("stack")) {
          section(.class("card")) {
            h2 { "Invite an operator" }
            div(.class("inside stack")) {
              p { "Operators administer the server and all its deployments. The link is good once, for 72 hours." }
              invitation.html(to: route.address, ticket: invitationTicket, submit: "Make the link")
            }
          }
          LinkEntry.list(links, route)
          deploymentList
          newDeploymentCard
        }
      }
    }
  }

  // MARK: People.

  private func personCard(_ entry: PersonEntry, _ id: String) -> HTML {
    let person = entry.person
    let isLast = person.id == lastOperator
    return entry.card(id: id) {
      dt { "Operator" }
      dd { person.isOperator ? "yes" : "no" }
      if person.isOperator {
        dt { "Sees sensitive models" }
        dd { person.seesSensitive ? "yes, in all deployments" : "no, but where a role says so" }
      }
      dt { "Roles" }
      dd { roles(of: person) }
    } acts: {
      Folded.html("Change the rights") {
        rights(of: entry, isLast: isLast)
      }
      entry.commonActs(route)
      if isLast {
        div(.class("hush small")) { "The last operator, who cannot be removed. Invite another one first." }
      } else {
        Folded.html("Remove") {
          p {
            "They are signed out at once and can do nothing any more; links that they have made do nothing either. Their "
              + "name stays in histories and in the audit. Passwords and tokens of the API that they know go on: change "
              + "those in Manage API. Nothing brings them back but a new invitation."
          }
          entry.form(.remove, route, entry.tickets.leave).html("Remove this person")
        }
      }
    }
  }

  @HTMLBuilder
  private func roles(of person: PersonRecord) -> HTML {
    if person.grants.isEmpty { "none" }
    for (index, grant) in person.grants.enumerated() {
      if index > 0 { br() }
      "\(grant.words) of "
      link(labels[grant.deployment] ?? grant.deployment, to: .people(grant.deployment))
      if grant.seesSensitive { ", sees sensitive models" }
    }
  }

  private func rights(of entry: PersonEntry, isLast: Bool) -> HTML {
    let rights = People.ServerRights(of: entry.person)
    return entry.form(.rights, route, entry.tickets.rights, before: rights.written).html("Keep these rights") {
      fieldset {
        legend { "Rights in the whole server" }
        if isLast {
          input(.type(.hidden), .name(PeopleAct.isOperator), .value("true"))
        } else {
          div { Box.html(PeopleAct.isOperator, "Operator", isTicked: rights.isOperator) }
        }
        div { Box.html(PeopleAct.sensitive, "As an operator, sees sensitive models", isTicked: rights.seesSensitive) }
      }
    }
  }

  // MARK: Deployments.

  private static func id(_ index: Int) -> String { "deployment-\(index)" }

  @HTMLBuilder
  private var deploymentSummary: HTML {
    for (index, entry) in deployments.enumerated() {
      if let fault = entry.fault { Form.summary(of: fault, at: Self.id(index)) }
    }
  }

  @HTMLBuilder
  private var deploymentList: HTML {
    for (index, entry) in deployments.enumerated() { deploymentCard(entry, index) }
    if furtherDeployments > 0 {
      p { "There are \(Grouped.text(furtherDeployments, "deployment")) more. Look for them by name or id above." }
    }
  }

  private func deploymentCard(_ entry: DeploymentEntry, _ index: Int) -> HTML {
    article(.class("card tile"), .id(Self.id(index))) {
      h2 {
        link(entry.card.label, to: .overview(entry.card.id))
        entry.card.badge
      }
      if !entry.isUsable { div(.class("wrong")) { "Its data could not be opened; the server's log says why." } }
      if let fault = entry.fault { div(.class("wrong"), .id("wrong-\(index)")) { fault } }
      dl(.class("facts")) {
        dt { "Id" }
        dd { code { entry.card.id } }
        dt { "Made" }
        dd { HTML.timeWithZone(entry.createdAt) }
      }
      if newDeployment != nil {
        Folded.html("Delete", isOpen: entry.fault != nil) {
          p {
            "All its objects, attachments, tokens, webhooks, app users and roles are deleted for good. Nothing here brings "
              + "them back; only a backup that you have made does. Whoever calls the API is told that it does not exist."
          }
          ActForm(
            route: route, ticket: entry.ticket, act: .delete, about: [(PeopleAct.deployment, entry.card.id)]
          ).html("Delete the deployment for good") {
            div(.class("field")) {
              label(.for("confirm-\(index)")) { "Its id, typed or pasted" }
              input(
                .id("confirm-\(index)"), .name(PeopleAct.confirm), .type(.text), .autocomplete("off"),
                .spellcheck(false), .when(entry.fault != nil, .aria("invalid", "true")),
                .when(entry.fault != nil, .aria("describedby", "wrong-\(index)")))
            }
          }
        }
      }
    }
  }

  @HTMLBuilder
  private var newDeploymentCard: HTML {
    if let newDeployment {
      section(.class("card")) {
        h2 { "New deployment" }
        div(.class("inside stack")) {
          p { "Its password is shown to you next, once. You give others their roles on its page “People”." }
          newDeployment.html(to: route.address, ticket: deploymentTicket, submit: "Make the deployment")
        }
      }
    }
  }
}

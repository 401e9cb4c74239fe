import DataModel
import Deployments
import Objects
import Storage
import Web
import Wire

/// Finds the object at the end of a relationship in the middle of a form, without script: all that was typed stands on
/// it, and what is chosen leads back to the form.
struct FindForFieldPage: Page {
  var card: DeploymentCard
  var label: String
  /// The field, and the label of the model that it leads to.
  var field: String
  var target: String
  var action: Route
  var ticket: String
  /// What was typed so far.
  var pairs: [(key: String, value: String)]
  var text: String
  var hits: [ObjectLink]
  var hasMore: Bool

  static let mostHits = 30

  var title: String { "Find \(target) for \(field)" }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { title } }
      Web.section(.class("card"), .aria("label", title)) {
        form(.method(.post), .action(action)) {
          input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
          for pair in pairs { input(.type(.hidden), .name(pair.key), .value(pair.value)) }
          div(.class("bar")) {
            div(.class("search")) {
              Web.label(.for("find"), .class("away")) { "Find in \(target)" }
              input(
                .id("find"), .name("find"), .type(.search), .value(text), .placeholder("Find in \(target)"),
                .autocomplete("off"), .spellcheck(false), .maxLength(1000), .autofocus())
              button(.type(.submit), .name("do"), .value("pick:\(field)")) { "Find" }
            }
          }
          found
          p(.class("bar")) {
            button(.type(.submit), .name("do"), .value("back"), .class("quiet")) { "Back to the form" }
          }
        }
      }
    }
  }

  @HTMLBuilder
  private var found: HTML {
    if hits.isEmpty {
      div(.class("empty")) { strong { "No object of \(target) holds this text" } }
    } else {
      ul(.class("rows")) {
        for hit in hits {
          li {
            button(.type(.submit), .name("do"), .value("take:\(field):\(hit.id)"), .class("quiet")) { hit.html }
            code(.class("hush small")) { hit.id.description }
          }
        }
      }
      if hasMore { p(.class("bar hush")) { "There are more; a longer text finds fewer." } }
    }
  }
}

extension PageRead {
  /// What a form asks in between: the page that finds an object, or nothing once one was taken.
  func asked(
    _ sent: SentObject, _ model: ModelView, _ form: inout ObjectForm, action: Route
  ) throws -> EditVerdict? {
    switch sent.act {
    case .take(let name, let id):
      if let position = model.stored.position(of: name) { form.set(FieldDraft(text: id.description), at: position) }
      return nil
    case .pick(let name): return .find(try finding(name, sent, model, action))
    case .save, .stay, .new, .cancel, .question, .back: return nil
    }
  }

  private func finding(_ name: String, _ sent: SentObject, _ model: ModelView, _ action: Route) throws
    -> FindForFieldPage
  {
    guard let relationship = model.stored.model.belongsTo(name), let target = models[relationship.model] else {
      throw PageFault.notFound("\(model.stored.model.label) has no relationship “\(CutText.cut(name))”.")
    }
    let found = try find(sent.find, in: target, limit: FindForFieldPage.mostHits)
    return FindForFieldPage(
      card: DeploymentCard(call.deployment), label: model.stored.model.label, field: name,
      target: target.stored.model.label, action: action, ticket: call.visit.ticket(action), pairs: sent.pairs,
      text: sent.find, hits: found.links, hasMore: found.hasMore)
  }
}

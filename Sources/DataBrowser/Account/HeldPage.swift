import Web

/// A form that came when it could not be taken: filled in as it was sent, and not sent.
struct HeldPage: Page {
  /// Where it is sent.
  var route: Route
  var fields: [(key: String, value: String)]
  /// Under which it is kept.
  var number: Int64
  var ticket: String

  var title: String { "Your form was kept" }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Your form was kept" } }
      div(.class("notice")) {
        p {
          "Your session or your elevation had ended when you sent this. Nothing of it was done. Look at it, then send it "
            + "again."
        }
      }
      if let form = asked {
        section(.class("card")) { form.html(to: route.address, ticket: ticket, submit: "Send") }
      } else {
        asSent
      }
    }
  }

  /// With the form's own questions, as they were answered; nil where the form is drawn by its page alone.
  private var asked: Form? {
    let questions = route.kind.questions
    if questions.isEmpty { return nil }
    var known = Set(questions.map(\.name)).union([PostForm.held])
    // What the form keeps for itself goes with it unseen.
    let rest = fields.filter { known.insert($0.key).inserted }.map { FormField($0.key, "", .hidden, isRequired: false) }
    let held = FormField(PostForm.held, "", .hidden, isRequired: false)
    var values = Dictionary(fields, uniquingKeysWith: { first, _ in first })
    values[PostForm.held] = "\(number)"
    return Form([held] + questions + rest, values: values)
  }

  private var asSent: HTML {
    fragment {
      section(.class("card")) {
        form(.class("stack"), .method(.post), .action(route)) {
          input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
          input(.type(.hidden), .name(PostForm.held), .value("\(number)"))
          for (index, field) in fields.enumerated() { line(field, id: "held-\(index)") }
          div(.class("actions")) { button(.type(.submit), .class("main")) { "Send" } }
        }
      }
    }
  }

  private func line(_ field: (key: String, value: String), id: String) -> HTML {
    div(.class("field")) {
      label(.for(id)) { field.key }
      if field.value.contains(where: \.isNewline) {
        textarea(.id(id), .name(field.key), .rows(6), text: field.value)
      } else {
        input(.id(id), .name(field.key), .type(.text), .value(field.value), .spellcheck(false))
      }
    }
  }
}

extension RouteKind {
  /// What a form of this page asks people; empty where there is none, or where it is of an object or a view.
  fileprivate var questions: [FormField] {
    switch self {
    case .manageAPI: TokenForm.empty.fields
    case .settings: [SettingForm.question]
    case .people: InvitationForm.ofDeployment(givesSensitive: true).fields
    default: []
    }
  }
}

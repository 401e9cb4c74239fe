import People
import Storage
import Web

/// What forms about people ask for.
enum PeopleAct: String {
  case invite, withdraw, sessions, reset
  /// The roles in a deployment, and all of them taken away.
  case roles, leave
  /// Of operators alone: rights in the whole server, and taking everything away.
  case rights, remove
  /// Of operators alone, about deployments.
  case create, delete

  static let act = "act"
  static let person = "person"
  static let link = "link"
  static let deployment = "deployment"
  /// What the form was made from, to be compared with what is there when it comes.
  static let before = "before"
  static let lost = "lost"
  static let sensitive = "sensitive"
  static let isOperator = "operator"
  static let confirm = "confirm"
}

/// A form of its own that asks for one thing about one person, link or deployment; it is done once.
struct ActForm {
  var route: Route
  var ticket: String
  var act: PeopleAct
  /// What it is about, as hidden fields.
  var about: [(name: String, value: String)]

  func html(_ submit: String, @HTMLBuilder content: () -> HTML = { .nothing }) -> HTML {
    form(.class("stack"), .method(.post), .action(route)) {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
      input(.type(.hidden), .name(PeopleAct.act), .value(act.rawValue))
      for field in about { input(.type(.hidden), .name(field.name), .value(field.value)) }
      content()
      div(.class("actions")) { button(.type(.submit)) { submit } }
    }
  }
}

extension RoleGrant {
  /// For a form: `viewer editor sensitive`.
  var written: String {
    (roles.sorted().map(\.rawValue) + (seesSensitive ? [PeopleAct.sensitive] : [])).joined(separator: " ")
  }

  init(written text: String, in deployment: String) {
    let words = text.split(separator: " ").map(String.init)
    self.init(
      deployment: deployment, roles: Set(words.compactMap(Role.init(rawValue:))),
      seesSensitive: words.contains(PeopleAct.sensitive))
  }

  /// The boxes that were ticked; `seesSensitive` is left as it is for who has no box for it.
  init(ticked sent: PostForm, in deployment: String, seesSensitive before: Bool = false) {
    self.init(
      deployment: deployment, roles: Set(Role.allCases.filter { sent[$0.rawValue] == "true" }),
      seesSensitive: before || sent[PeopleAct.sensitive] == "true")
  }

  /// For people: `viewer, editor`.
  var words: String { roles.sorted().map(\.rawValue).joined(separator: ", ") }
}

extension People.ServerRights {
  /// For a form.
  var written: String {
    ((isOperator ? [PeopleAct.isOperator] : []) + (seesSensitive ? [PeopleAct.sensitive] : [])).joined(separator: " ")
  }

  init(written text: String) {
    let words = text.split(separator: " ")
    self.init(
      isOperator: words.contains { $0 == PeopleAct.isOperator },
      seesSensitive: words.contains { $0 == PeopleAct.sensitive })
  }
}

extension Role {
  var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

  /// What one may do with it.
  var meaning: String {
    switch self {
    case .viewer: "Sees models, objects and changes."
    case .editor: "A viewer who also changes objects."
    case .support: "A viewer who also looks after app users and their devices."
    case .administrator: "All of these, and the API, people, settings and audit of the deployment."
    }
  }
}

/// The questions about somebody who is to join.
enum InvitationForm {
  static let email = "email"
  static let name = "name"

  private static let whom = [
    FormField(PeopleAct.act, "", .hidden),
    FormField(
      email, "E-mail address", .word,
      hint: "They sign in with it. No mail is sent: you hand the link over yourself.", most: PersonRule.mostEmail),
    FormField(name, "Name", hint: "They can change it when they join.", most: PersonRule.mostName),
  ]

  private static let sensitiveField = FormField(
    PeopleAct.sensitive, "Sees sensitive models", .truth,
    hint: "Those that the data model marks as sensitive.", isRequired: false)

  /// Of a deployment; who sees sensitive models is asked of operators alone.
  static func ofDeployment(givesSensitive: Bool) -> Form {
    let roles = Role.allCases.map {
      FormField($0.rawValue, $0.label, .truth, hint: $0.meaning, isRequired: false)
    }
    return Form(
      whom + roles + (givesSensitive ? [sensitiveField] : []), values: [PeopleAct.act: PeopleAct.invite.rawValue])
  }

  /// Of an operator.
  static var ofServer: Form { Form(whom, values: [PeopleAct.act: PeopleAct.invite.rawValue]) }
}

/// The questions about a deployment that is to be made.
enum NewDeploymentForm {
  static let name = "deployment_name"
  static let environment = "environment"
  static let model = "data_model"
  /// What a form holds beside it, and what its encoding in percent signs costs, fits beside this.
  private static let mostModel = 500_000

  static var empty: Form {
    Form(
      [
        FormField(PeopleAct.act, "", .hidden),
        FormField(name, "Name of the deployment", most: 200),
        FormField(
          environment, "Environment", .choice(["testing", "staging", "production"].map { FormField.Option($0, $0) })),
        FormField(
          model, "Data model", .paragraph,
          hint: "The text of its schema.xml. Another one can be deployed over it at any time.", most: mostModel),
      ],
      values: [PeopleAct.act: PeopleAct.create.rawValue, environment: "testing", model: example])
  }

  private static let example = """
    <data-model>
      <model name="note" label="Note">
        <field name="text" label="Text" type="text"/>
        <display>{text}</display>
      </model>
    </data-model>
    """
}

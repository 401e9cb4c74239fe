import Storage
import Web
import Wire

/// What stands around every page: where one is, who one is, and the ways to go.
package struct Frame: Sendable {
  /// Nil where nobody is signed in.
  package var person: PersonCard?
  package var deployment: DeploymentCard?
  /// Whether the pages of administrators are open to who visits.
  package var isAdministrator = false
  /// Whether the pages of app users are.
  package var isSupport = false
  /// The models in the side bar.
  package var models: [ModelCard] = []
  /// The model that the page is of.
  package var current: String?
  /// What one looked for, to be changed.
  package var jump = ""
  /// What was done.
  package var notice: Notice?
  /// Minutes that the elevation still lasts.
  package var elevatedMinutes: Int?
  package var sessionEndsAt: Instant?
  package var requestID = ""
  /// Whether the page answers a form that was sent.
  package var isOfForm = false
  /// Of the answer that the page is.
  package var status = 200
  /// Where pictures come from beside the page's own host.
  package var imageOrigins: [String] = []

  package init() {}

  /// Whether a form came back: going elsewhere would lose what was typed, and going back asks to send it again. So there
  /// are no links but those that open a new tab.
  var isFormBack: Bool { isOfForm && (status == 422 || status == 409) }

  package struct Notice: Sendable {
    package var text: String
    /// To what it is about.
    package var way: Crumb?

    package init(_ text: String, _ way: Crumb? = nil) {
      self.text = text
      self.way = way
    }
  }

  package struct PersonCard: Sendable {
    package var name: String
    package var email: String
    /// Of the form that signs out.
    package var ticket: String
    /// Of the form that gives an elevation up; empty where there is none.
    package var elevationTicket: String
    package var manner: PersonRecord.Manner
    /// Whether the pages of operators are open to them.
    package var isOperator = false

    package init(
      name: String, email: String, ticket: String, elevationTicket: String = "", manner: PersonRecord.Manner = .init()
    ) {
      self.name = name
      self.email = email
      self.ticket = ticket
      self.elevationTicket = elevationTicket
      self.manner = manner
    }
  }

  package struct ModelCard: Sendable {
    package var name: String
    package var label: String
    package var count: Int?

    package init(name: String, label: String, count: Int?) {
      self.name = name
      self.label = label
      self.count = count
    }
  }
}

/// A deployment as pages name it.
package struct DeploymentCard: Sendable, Hashable {
  package var id: String
  package var label: String
  package var environment: String
  package var region: String?

  package init(id: String, label: String, environment: String, region: String? = nil) {
    self.id = id
    self.label = label
    self.environment = environment
    self.region = region
  }

  /// By colour and always by word.
  var badge: HTML {
    switch environment {
    case "testing": span(.class("environment testing")) { environment }
    case "staging": span(.class("environment staging")) { environment }
    case "production": span(.class("environment production")) { environment }
    default: span(.class("environment other")) { environment }
    }
  }
}

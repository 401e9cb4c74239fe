import Objects
import Storage
import Web
import Wire

/// The form of an object: one that is there, or one that is to be.
package struct EditPage: Page {
  package enum Subject: Sendable {
    case object(ObjectLink)
    /// It will have this id, so that sending it twice makes one.
    case new(ObjectID)
  }

  /// Why a form that was sent comes back, beside what is wrong at its fields.
  package enum Message: Sendable {
    /// Others have changed the same fields.
    case conflict
    /// Somebody has deleted it; who and when, as far as it is known.
    case gone(who: String?, at: Instant?)
    /// One was made by this form before, or by somebody with its id.
    case exists(Route)
    /// The data model has these fields no more.
    case lost([String])
    /// Its session had ended.
    case held
    /// The object was changed by others each time that it was to be saved.
    case contended
  }

  package var card: DeploymentCard
  package var model: ModelName
  package var subject: Subject
  package var form: ObjectForm
  package var notes = FieldNotes()
  package var ticket = ""
  /// The sequence of the object when the form was opened.
  package var opened: Int64?
  /// Where one goes on after it.
  package var from: Route
  /// Under which the form was kept, where it was.
  package var held: String?
  package var message: Message?

  package struct ModelName: Sendable {
    package var name: String
    package var label: String

    package init(_ name: String, _ label: String) {
      self.name = name
      self.label = label
    }
  }

  package init(_ card: DeploymentCard, _ model: ModelName, _ subject: Subject, _ form: ObjectForm, from: Route) {
    self.card = card
    self.model = model
    self.subject = subject
    self.form = form
    self.from = from
  }

  private var label: String { model.label }

  private var name: String {
    switch subject {
    case .object(let link): "Edit \(CutText.cut(link.display.trimmed.nonEmpty ?? label))"
    case .new: "New \(label)"
    }
  }

  /// Where it is sent.
  package var action: Route {
    switch subject {
    case .object(let link): .edit(card.id, model: model.name, link.id)
    case .new: .new(card.id, model: model.name)
    }
  }

  package var title: String { isGood ? "\(name) – \(label)" : "Error: \(name) – \(label)" }
  private var isGood: Bool {
    switch message {
    case nil, .held: form.isGood
    case .conflict, .gone, .exists, .lost, .contended: false
    }
  }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    var trail = [Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: model.name, .none))]
    if case .object(let link) = subject {
      let name = CutText.cut(link.display.trimmed.nonEmpty ?? "no display")
      trail.append(Crumb(name, .object(card.id, model: model.name, link.id)))
    }
    return trail
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1(.directionOfText) { name } }
      if let message { MessageHTML(message: message).html }
      ObjectFormHTML(form: form, notes: notes).summary
      Web.section(.class("card")) {
        Web.form(
          .class("stack"), .method(.post), .action(action), .when(hasFiles, .encoding("multipart/form-data")),
          .data("edit", isGood ? "" : "unsaved")
        ) {
          hiddenInputs
          // What Enter does in an input: the first button of a form.
          button(
            .type(.submit), .class("away"), .name("do"), .value("save"), .tabIndex(-1), .aria("hidden", "true")
          ) { "Save" }
          ObjectFormHTML(form: form, notes: notes).html
          buttons
        }
      }
    }
  }

  private var hasFiles: Bool {
    form.fields.contains { if case .attachment = $0.kind { true } else { false } }
  }

  private var hiddenInputs: HTML {
    fragment {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
      if let held { input(.type(.hidden), .name(PostForm.held), .value(held)) }
      input(.type(.hidden), .name(SentObject.from), .value(from.address.text))
      if let opened { input(.type(.hidden), .name(SentObject.opened), .value("\(opened)")) }
      if case .new(let id) = subject { input(.type(.hidden), .name(SentObject.id), .value(id.description)) }
    }
  }

  private var buttons: HTML {
    div(.class("actions")) {
      act("save", "Save", .class("main"))
      act("stay", "Save and stay")
      act("new", "Save and new")
      act("cancel", "Cancel", .class("quiet"))
      span(.id("unsaved"), .class("hush small"), .role("status"))
    }
  }

  private func act(_ value: String, _ text: String, _ style: Attribute = .none) -> HTML {
    button(.type(.submit), .name("do"), .value(value), style) { text }
  }
}

private struct MessageHTML {
  let message: EditPage.Message

  var html: HTML {
    div(.class("notice bad"), .role("alert"), .tabIndex(-1), .autofocus()) {
      switch message {
      case .conflict:
        strong { "Changed by somebody else meanwhile" }
        p { "Nothing was saved. Say below, at each of these fields, which value is to be; then save again." }
      case .gone(let who, let at):
        strong { "Deleted meanwhile" }
        p {
          "Nothing was saved: the object was deleted"
          if let who { " by \(who)" }
          if let at {
            " at "
            HTML.timeWithZone(at)
          }
          ". What you see below makes it anew under its id, when you save it."
        }
      case .exists(let route):
        strong { "There is an object with the id of this form already" }
        p {
          "The form was perhaps sent twice, and changed in between. "
          a(.href(route), .inNewTab) { "Look at that object" }
          " (in a new tab). Saving what you see below makes a second one."
        }
      case .lost(let names):
        strong { "The data model was changed meanwhile" }
        p { "Nothing was saved. These fields are there no more: \(Sentence.list(of: names.map { CutText.cut($0) }))." }
      case .contended:
        strong { "Changed by others again and again" }
        p { "Nothing was saved: each time that this was to be saved, somebody else was faster. Save it again." }
      case .held:
        strong { "Your form was kept" }
        p {
          "Your session had ended when you sent it. Nothing was saved. Look at it, then save it. Files must be chosen again."
        }
      }
    }
  }
}

import Web
import Wire

/// Where an id is typed, pasted or found.
struct RelationshipHTML {
  let field: ObjectField
  let draft: FieldDraft
  let note: RelatedNote?
  /// Where a module finds objects.
  let pick: LocalAddress?
  let id: String
  let described: Attribute
  let invalid: Attribute

  var html: HTML {
    fragment {
      div(.class("inline related"), pick.map { .data("pick", $0.text) } ?? .none) {
        input(
          .id(id), .name(FieldNames(field.name)[.value]), .type(.text), .autocomplete("off"), .spellcheck(false),
          .value(draft.text), .placeholder("no object"), described, invalid)
        button(.type(.submit), .name("do"), .value("pick:\(field.name)")) {
          "Find"
          span(.class("away")) { " \(field.label)" }
        }
      }
      span(.class("hint"), .id("\(id)-name")) {
        switch note {
        case .display(let display): span(.directionOfText) { display }
        case .missing: span(.class("tag warn")) { "there is no such object" }
        case .hidden, nil: "Empty is no value."
        }
      }
    }
  }
}

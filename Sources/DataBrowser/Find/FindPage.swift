import Web
import Wire

/// What one looked for by the jump box: models, an object by its id, objects by text.
package struct FindPage: Page {
  /// Objects of one model that hold the text.
  package struct Hits: Sendable {
    package var model: Frame.ModelCard
    /// The best first.
    package var objects: [FoundObject]
    package var hasMore: Bool
    /// Whether the words of the text were found one by one in what displays show.
    package var isByWord = false

    var rank: Int { objects.first?.match.rank ?? .max }
  }

  /// A view by its name.
  package struct View: Sendable {
    package var number: Int64
    package var name: String
    /// The label of its model.
    package var model: String
  }

  package var card: DeploymentCard
  package var text: String
  package var models: [Frame.ModelCard]
  package var views: [View] = []
  /// Objects whose id it is.
  package var byID: [ObjectLink]
  package var hits: [Hits]
  /// Labels of the models that there was no time to search.
  package var unsearched: [Frame.ModelCard]
  /// Those that there was no time to look through for the single words.
  package var unsearchedByWord: [Frame.ModelCard] = []

  package var title: String { text.isEmpty ? "Find" : "Find “\(CutText.cut(text, to: 40))”" }
  package var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  private var isNothing: Bool { models.isEmpty && views.isEmpty && byID.isEmpty && hits.isEmpty }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { title } }
      if text.isEmpty {
        div(.class("notice")) {
          p { "Type the name of a model or a view, the id of an object, or a text into the jump box above." }
        }
      } else if isNothing {
        div(.class("card")) {
          div(.class("empty")) {
            strong { "Nothing found" }
            p { "No model, no view and no id fits, and no object that was searched holds this text." }
          }
        }
      }
      if !models.isEmpty {
        part("Models") {
          ul(.class("rows")) { for model in models { ModelLine(deployment: card.id, model: model).html } }
        }
      }
      if !views.isEmpty {
        part("Views") {
          ul(.class("rows")) {
            for view in views {
              li {
                a(.href(Route.view(card.id, view.number, .none)), .directionOfText) { view.name }
                span(.class("hush small")) { view.model }
              }
            }
          }
        }
      }
      if !byID.isEmpty { part("By id") { objectList(byID) } }
      if !hits.isEmpty { found(FindText(text)) }
      if !unsearched.isEmpty || !unsearchedByWord.isEmpty { rest }
    }
  }

  private func found(_ query: FindText) -> HTML { fragment { for hit in hits { drawing(of: hit, query) } } }

  private func part(_ name: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
    section(.class("card")) {
      h2 { name }
      content()
    }
  }

  private func drawing(of hit: Hits, _ query: FindText) -> HTML {
    section(.class("card")) {
      div(.class("cap")) {
        h2 { hit.model.label }
        if hit.isByWord {
          span(.class("hush small")) {
            hit.hasMore ? "The first whose display has all words" : "All words in the display"
          }
        } else {
          a(.href(Route.table(card.id, model: hit.model.name, search))) {
            hit.hasMore ? "All that hold it" : "As a table"
          }
        }
      }
      ul(.class("rows")) {
        for found in hit.objects {
          li {
            span {
              objectLink(found.link)
              if let words = found.match.text(of: query) {
                " "
                span(.class("hush small"), .directionOfText) { words }
              }
            }
            code(.class("hush small")) { found.link.id.description }
          }
        }
      }
    }
  }

  private var search: ViewText { ViewText([.init("search", text)]) }

  private func objectList(_ links: [ObjectLink]) -> HTML {
    ul(.class("rows")) {
      for object in links {
        li {
          objectLink(object)
          code(.class("hush small")) { object.id.description }
        }
      }
    }
  }

  private func objectLink(_ object: ObjectLink) -> HTML {
    a(.href(Route.object(card.id, model: object.model, object.id))) { object.html }
  }

  private var rest: HTML {
    div(.class("notice warn")) {
      strong { "Not searched" }
      if !unsearched.isEmpty {
        p { "There was no time for these models. Each link searches one of them." }
        ul {
          for model in unsearched { li { link(model.label, to: .table(card.id, model: model.name, search)) } }
        }
      }
      if !unsearchedByWord.isEmpty {
        p {
          "There was no time to look for the single words in "
            + unsearchedByWord.map(\.label).joined(separator: ", ") + ". A filter finds them by field."
        }
      }
    }
  }
}

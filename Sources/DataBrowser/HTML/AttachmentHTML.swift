import Attachments
import DataModel
import Objects
import Storage
import Web
import Wire

/// An attachment with its state: a picture, or a name with its size, and the way to its bytes.
struct AttachmentHTML {
  let printer: AttachmentPrinter
  let shape: Shape
  let id: ObjectID
  /// Nil where it is not known any more.
  let record: AttachmentRecord?

  /// What is the same for all attachments of a field.
  struct Shape: Sendable {
    let label: String
    let form: AttachmentForm

    init(_ field: Field) {
      label = field.label
      form = AttachmentForm(field)
    }
  }

  /// On the object's own page.
  var html: HTML {
    guard let file else {
      return fragment {
        state
        " "
        code(.class("hush small")) { id.description }
      }
    }
    return fragment {
      a(.href(file.original), .inNewTab, .rel("noopener")) {
        if let thumbnail = file.thumbnail {
          img(.source(thumbnail), .alternative("\(shape.label): \(file.name)"), .loadedLate, .class("picture"))
        } else {
          file.name
        }
      }
      span(.class("hush small")) { " \(file.name), \(Grouped.text(file.size, "byte")) " }
      a(
        .class("small"), .href(file.original), .download(file.name), .aria("label", "Download \(file.name)")
      ) { "Download" }
    }
  }

  /// In a table: 40 pixels high and wide, or a name.
  var inCell: HTML {
    guard let file else { return state }
    return a(.href(file.original), .inNewTab, .rel("noopener")) {
      if let thumbnail = file.thumbnail {
        img(
          .source(thumbnail), .alternative("\(shape.label): \(file.name)"), .loadedLate, .width(40), .height(40),
          .class("thumbnail"))
      } else {
        CutText.cut(file.name)
      }
    }
  }

  private struct File {
    var name: String
    var size: Int
    var original: WebAddress
    var thumbnail: WebAddress?
  }

  /// Nil where there are no bytes to be shown.
  private var file: File? {
    guard let record, shape.form.state(of: record) == .uploaded, let original = address(.original) else { return nil }
    let name = record.fileName.flatMap(\.nonEmpty) ?? id.description
    return File(
      name: name, size: Int(clamping: record.size), original: original,
      thumbnail: shape.form.variants(of: record).contains(.thumbnail) ? address(.thumbnail) : nil)
  }

  private func address(_ variant: AttachmentVariant) -> WebAddress? {
    var writer = ByteWriter(capacity: 256)
    printer.append(id, variant, to: &writer)
    return WebAddress(String(writer.string.dropFirst().dropLast()))
  }

  private var state: HTML {
    span(.class("tag warn")) {
      switch shape.form.state(of: record) {
      case .uploaded: "uploaded"
      case .pending: "not uploaded yet"
      case .missing: "bytes are missing"
      case .untrusted: "not what the field takes"
      }
    }
  }
}

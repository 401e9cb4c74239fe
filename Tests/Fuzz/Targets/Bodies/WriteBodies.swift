import JSON
import QueryLanguage
import Storage
import Wire

@testable import Objects

/// Bodies that write: of one object as JSON and as a form, and batches.
enum WriteBodies {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    guard let view = SampleModel.view["flight"] else { throw BrokenPromise("the model is there") }
    if let form = try? FormContainer(utf8: input.bytes) { try body(.form(form), view, input) }
    guard let document = try? JSONDocument.read(input.bytes) else { return }
    try body(.json(document), view, input)
    try batch(document, input)
  }

  private static func body(_ body: WriteBody, _ model: ModelView, _ input: FuzzInput) throws(BrokenPromise) {
    let object: ObjectBody
    do throws(ClientFault) {
      object = try body.object(of: model)
      _ = try ObjectCall.create(body, model) { id }
      _ = try ObjectCall.patch(body, model, id)
      _ = try ObjectCall.put(body, model, id)
    } catch {
      return try Words.check(error.detail, about: input)
    }
    let columns = model.stored.columns
    for (position, value) in object.values {
      try promise(columns.indices.contains(position), "a value has a column: \(position)")
      try promise(FieldValues.isLegal(value, for: columns[position].type), "\(columns[position]) holds \(value)")
    }
    for upload in object.uploads { try promise(columns.indices.contains(upload.position), "an upload has a column") }
  }

  /// A step for each operation, whatever it says.
  private static func batch(_ document: JSONDocument, _ input: FuzzInput) throws(BrokenPromise) {
    let batch: Batch
    do throws(ClientFault) { batch = try Batch(document, under: SampleModel.view) { id } } catch {
      return try Words.check(error.detail, about: input)
    }
    try promise(batch.steps.count, is: batch.operations.count, "each operation is a step")
    try promise(batch.operations.count <= Batch.limit, "a batch has a limit")
    for operation in batch.operations {
      if case .client(let fault)? = operation.fault { try Words.check(fault.detail, about: input) }
    }
  }

  private static let id = ObjectID(high: 0x0195_a3b2_0000_7000, low: 0x8000_0000_0000_0001)
}

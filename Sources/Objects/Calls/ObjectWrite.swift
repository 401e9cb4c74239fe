import Storage
import Wire

/// One write of one object, with the attachments that it brings.
package struct ObjectWrite: Sendable {
  package let model: ModelView
  package let id: ObjectID
  package let step: WriteStep
  package let uploads: [InlineUpload]
  /// What the object must be like when the write's turn comes.
  package let conditions: [ObjectCondition]

  init(
    _ step: WriteStep, of model: ModelView, _ id: ObjectID, bringing uploads: [InlineUpload] = [],
    if conditions: [ObjectCondition] = []
  ) {
    self.model = model
    self.id = id
    self.step = step
    self.uploads = uploads
    self.conditions = conditions
  }

  func plan(_ step: WriteStep, in context: ObjectContext) -> WritePlan {
    var plan = WritePlan(steps: [step], origin: context.origin, returnsStates: true, session: context.session)
    plan.preconditions = conditions.map { .object(step: 0, $0) }
    return plan
  }
}

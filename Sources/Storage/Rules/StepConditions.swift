/// What a plan's preconditions want of the objects of its steps, found by the index of the step.
package struct StepConditions: Sendable {
  /// Nil for nearly every plan, which then costs nothing more.
  private let byStep: [Int: [ObjectCondition]]?

  package init(_ plan: WritePlan) {
    if plan.preconditions.isEmpty {
      byStep = nil
      return
    }
    byStep = plan.preconditions.reduce(into: [:]) { found, precondition in
      if case .object(let step, let condition) = precondition { found[step, default: []].append(condition) }
    }
  }

  /// Empty where the step may write whatever its object is like.
  package subscript(step: Int) -> [ObjectCondition] { byStep.flatMap { $0[step] } ?? [] }
}

extension WriteStep {
  /// Whether it writes an object, which a precondition can speak of. What was refused before would have.
  package var takesConditions: Bool {
    switch self {
    case .create, .createNew, .put, .patch, .delete, .refused: true
    case .receive, .kept: false
    }
  }
}

import Threads

/// Plans that are done in one transaction, and those who wait for them.
package struct PlanGroup {
  package typealias Answer = CheckedContinuation<WriteOutcome, any Error>

  /// Plans in one transaction.
  package static let mostPlans = 256
  /// Steps after which a group takes no further plan: it bounds what one commit writes, holds up and keeps in memory.
  package static let mostSteps = 1000

  package private(set) var plans: [WritePlan] = []
  /// Nil where nobody waits for a plan.
  private var answers: [Answer?] = []
  private var steps = 0

  package init() {}

  package var isEmpty: Bool { plans.isEmpty }
  package var isFull: Bool { steps >= Self.mostSteps }

  package mutating func add(_ plan: WritePlan, _ answer: Answer?) {
    plans.append(plan)
    answers.append(answer)
    steps += plan.steps.count
  }

  package mutating func clear() {
    plans.removeAll(keepingCapacity: true)
    answers.removeAll(keepingCapacity: true)
    steps = 0
  }

  /// Tells each what became of its plan.
  package func answer(_ outcomes: [Result<WriteOutcome, any Error>]) {
    assert(outcomes.count == plans.count, "each plan has an outcome")
    // Whoever wrote one object alone goes on at once on this thread, which has nothing better to do.
    if plans.count == 1, steps == 1 {
      return ResumingExecutor.offeringThread(isLast: true) { answers[0]?.resume(with: outcomes[0]) }
    }
    for (answer, outcome) in zip(answers, outcomes) { answer?.resume(with: outcome) }
  }

  /// Nothing of it was done.
  package func refuse(_ error: any Error) {
    for answer in answers { answer?.resume(throwing: error) }
  }
}

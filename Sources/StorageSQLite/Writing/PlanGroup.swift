import Storage
import Threads

/// Plans that are done in one transaction, and those who wait for them.
struct PlanGroup {
  typealias Answer = CheckedContinuation<WriteOutcome, any Error>

  /// Plans in one transaction.
  static let mostPlans = 256
  /// Steps after which a group takes no further plan: it bounds what one commit writes, holds up and keeps in memory.
  static let mostSteps = 1000

  private(set) var plans: [WritePlan] = []
  /// Nil where nobody waits for a plan.
  private var answers: [Answer?] = []
  private var steps = 0

  var isEmpty: Bool { plans.isEmpty }
  var isFull: Bool { steps >= Self.mostSteps }

  mutating func add(_ plan: WritePlan, _ answer: Answer?) {
    plans.append(plan)
    answers.append(answer)
    steps += plan.steps.count
  }

  mutating func clear() {
    plans.removeAll(keepingCapacity: true)
    answers.removeAll(keepingCapacity: true)
    steps = 0
  }

  /// Tells each what became of its plan.
  func answer(_ outcomes: [Result<WriteOutcome, any Error>]) {
    assert(outcomes.count == plans.count, "each plan has an outcome")
    // Whoever wrote one object alone goes on at once on this thread, which has nothing better to do.
    if plans.count == 1, steps == 1 {
      return ResumingExecutor.offeringThread(isLast: true) { answers[0]?.resume(with: outcomes[0]) }
    }
    for (answer, outcome) in zip(answers, outcomes) { answer?.resume(with: outcome) }
  }

  /// Nothing of it was done.
  func refuse(_ error: any Error) {
    for answer in answers { answer?.resume(throwing: error) }
  }
}

import Synchronization

/// Prints a progress bar on a descriptor, by the process's clock. May be told from any thread.
package final class ProgressPrinter: Sendable {
  private let bar: Mutex<ProgressBar>
  private let descriptor: Int32
  private let start = ContinuousClock.now

  /// `descriptor` is standard error as a rule, so that standard output stays for results.
  package init(unit: String, descriptor: Int32 = 2) {
    self.descriptor = descriptor
    self.bar = Mutex(ProgressBar(unit: unit, style: Terminal.style(of: descriptor)))
  }

  package func update(_ state: ProgressBar.State) {
    let elapsed = ContinuousClock.now - start
    bar.withLock { bar in
      if let text = bar.update(state, elapsed: elapsed) { Terminal.write(text, to: descriptor) }
    }
  }

  /// Takes the bar away before the final word.
  package func clear() {
    bar.withLock { bar in
      if let text = bar.clear() { Terminal.write(text, to: descriptor) }
    }
  }
}

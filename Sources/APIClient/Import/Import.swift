import CommandLineTable
import Wire

/// Streams a CSV file into a model, in batches of 1000 puts, a few in flight.
///
/// ```swift
/// let summary = try await Import(client, file, model: "flight", rejectsPath: "flights.csv.rejected.csv").run()
/// ```
///
/// Every row has an id before it is sent, so that a batch may be repeated after a broken connection
/// without storing anything twice. Memory does not grow with the file: it holds one window of the file
/// and at most `inFlight` batches. Answers are taken in the order of the file, and so are refused rows.
package struct Import: Sendable {
  package var inFlight = 4
  package var rowsPerBatch = 1000
  package var bytesPerBatch = 8 << 20
  package var schedule = RetrySchedule.patient
  package var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
  package var freshID: @Sendable () -> ObjectID = {
    var generator = SystemRandomNumberGenerator()
    return ObjectID.random(using: &generator)
  }
  /// Told after each batch.
  package var progress: @Sendable (ProgressBar.State) -> Void = { _ in }

  private let transport: any APITransport
  private let source: any CSVSource
  private let model: String
  private let rejectsPath: String

  package init(
    _ transport: some APITransport, _ source: some CSVSource, model: String, rejectsPath: String
  ) {
    self.transport = transport
    self.source = source
    self.model = model
    self.rejectsPath = rejectsPath
  }

  /// Throws when nothing was sent: the file, its header, the model or the credentials are wrong. What
  /// ends a running import stands in the summary.
  package func run() async throws(ImportError) -> ImportSummary {
    let description = try await modelDescription()
    var reader = CSVReader(source)
    let headings = try Self.headings(&reader)
    let plan = try ImportPlan(headings: headings, model: description)
    let header = plan.rowWithoutReason(reader)
    let rejects = RejectsFile(
      path: rejectsPath, header: Array(header.head) + Array(header.tail), columns: header.cells,
      reasonHeading: RejectsFile.reasonHeading(beside: description))
    let builder = BatchBuilder(
      reader, plan: plan, rowLimit: rowsPerBatch, byteLimit: bytesPerBatch, freshID: freshID)
    return await send(builder, rejects: rejects)
  }

  /// Sends everything. After an error nothing more is sent, and what is under way is waited for.
  private func send(_ builder: consuming BatchBuilder, rejects: RejectsFile) async -> ImportSummary {
    var summary = ImportSummary()
    var running: [(batch: ImportBatch, answer: Task<Result<BatchAnswer, ImportError>, Never>)] = []
    var line = 1
    var isDone = false
    while true {
      if !isDone, summary.stop == nil, running.count < max(inFlight, 1) {
        let (batch, fault) = builder.next()
        if let batch {
          line = batch.lineBehind
          running.append((batch, Task { await self.answer(to: batch) }))
        } else {
          isDone = true
        }
        if let fault { summary.stop = .init(error: .file(fault), line: line) }
        continue
      }
      guard !running.isEmpty else { break }
      let (batch, answer) = running.removeFirst()
      let result = await answer.value
      do {
        try take(result, of: batch, into: &summary, rejects)
      } catch {
        if summary.stop == nil { summary.stop = .init(error: error, line: line) }
      }
      if case .failure(let error) = result, summary.stop == nil {
        summary.stop = .init(error: error, line: line)
      }
      progress(
        .init(
          done: summary.rows, fraction: source.size.map { Double(batch.offset) / Double(max($0, 1)) },
          refused: summary.refused))
    }
    return summary
  }

  private func answer(to batch: ImportBatch) async -> Result<BatchAnswer, ImportError> {
    do {
      if batch.count == 0 { return .success(BatchAnswer.nothing) }
      let response = try await transport.send(
        APIRequest(.post, ["batch.json"], body: batch.body), retrying: schedule, sleep: sleep)
      guard response.status == 200 else { return .failure(response.importError) }
      return .success(try BatchAnswer(response.body, count: batch.count))
    } catch let error as TransferFailure {
      return .failure(.transfer(error))
    } catch let error as ImportError {
      return .failure(error)
    } catch {
      return .failure(.badAnswer("\(error)"))
    }
  }

  /// Counts a batch's rows and writes the refused ones down, in the order of the file.
  private func take(
    _ result: Result<BatchAnswer, ImportError>, of batch: ImportBatch, into summary: inout ImportSummary,
    _ rejects: RejectsFile
  ) throws(ImportError) {
    var reasons: [Int: String] = [:]
    switch result {
    case .success(let answer):
      for refusal in answer.refusals { reasons[refusal.index] = refusal.reason }
      summary.refused += answer.refusals.count
      summary.stored += batch.count - answer.refusals.count
    case .failure(let error):
      let reason = "not confirmed: \(error)"
      for index in 0..<batch.count { reasons[index] = reason }
      summary.unconfirmed += batch.count
    }
    summary.refused += batch.unsendable.count
    summary.empty += batch.empty
    var unsendable = batch.unsendable[...]
    for index in 0...batch.count {
      while let row = unsendable.first, row.rowsBefore == index {
        unsendable.removeFirst()
        try rejects.append(row.row, cells: row.cells, reason: row.reason)
      }
      if index < batch.count, let reason = reasons[index] {
        try rejects.append(Array(batch.row(index)), cells: .max, reason: reason)
      }
    }
    try rejects.flush()
  }

  private func modelDescription() async throws(ImportError) -> ModelDescription {
    let response: APIResponse
    do {
      response = try await transport.send(APIRequest(.get, ["datamodel.json"]), retrying: .once, sleep: sleep)
    } catch {
      throw .transfer(error)
    }
    guard response.status == 200 else { throw response.importError }
    return try ModelDescription(named: model, in: response.body)
  }

  private static func headings(_ reader: inout CSVReader) throws(ImportError) -> [String] {
    do throws(CSVFault) {
      let hasRow = try reader.next()
      guard hasRow else { throw CSVFault.empty }
    } catch {
      throw .file(error)
    }
    if reader.fault == .tooManyCells {
      throw .header(
        "the first line names more than \(CSVScanner.columnLimit) columns, which is the most that there may be")
    }
    if reader.fault != nil || String(validating: reader.row, as: UTF8.self) == nil {
      throw .header("the first line, which names the columns, is not well-formed CSV in UTF-8")
    }
    return reader.cells.map { cell in
      var heading = Substring(
        decoding: UnsafeRawBufferPointer(rebasing: reader.bytes[cell.start..<cell.end]), as: UTF8.self)
      while heading.first == " " { heading.removeFirst() }
      while heading.last == " " { heading.removeLast() }
      return String(heading)
    }
  }
}

extension BatchAnswer {
  /// The answer to no operations.
  static let nothing = BatchAnswer(refusals: [])
}

extension APIResponse {
  fileprivate var importError: ImportError {
    if (300...399).contains(status) {
      return .refused(status: status, detail: "to \(header("location") ?? "nowhere")")
    }
    return .refused(status: status, detail: status == 401 ? "" : errorDetail)
  }
}

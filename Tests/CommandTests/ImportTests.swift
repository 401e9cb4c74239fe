import CommandLineTable
import Foundation
import Glibc
import ServerUnderTest
import Synchronization
import Testing
import Wire

@testable import APIClient

@Suite("An import")
struct ImportTests {
  /// A directory that is gone after the test.
  final class Directory {
    let path: String
    init() {
      var template = Array((NSTemporaryDirectory() + "/sojourn-import-XXXXXX").utf8CString)
      path = mkdtemp(&template).map { String(cString: $0) } ?? ""
    }
    var rejects: String { path + "/rejects.csv" }
    func text() -> String? {
      guard let file = fopen(rejects, "r") else { return nil }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
    deinit {
      unlink(rejects)
      rmdir(path)
    }
  }

  private func make(
    _ deployment: some APITransport, _ text: String, _ directory: Directory, rows: Int = 3, inFlight: Int = 2
  ) -> Import {
    var task = Import(deployment, TextSource(text), model: "flight", rejectsPath: directory.rejects)
    task.rowsPerBatch = rows
    task.inFlight = inFlight
    task.sleep = { _ in }
    return task
  }

  private func file(_ count: Int, id: (Int) -> String = { "id\($0)" }) -> String {
    "id,number,tail_number\n" + (1...count).map { "\(id($0)),\($0),N\($0)\n" }.joined()
  }

  @Test("stores every row, in batches, and makes no file of refused rows")
  func everything() async throws {
    let directory = Directory()
    let deployment = FakeDeployment()
    let told = Mutex<[Int]>([])
    var task = make(deployment, file(10), directory)
    task.progress = { state in told.withLock { $0.append(state.done) } }
    let summary = try await task.run()
    #expect(summary.stored == 10)
    #expect(summary.isComplete)
    #expect(deployment.state.withLock { $0.batches } == 4)
    #expect(
      deployment.state.withLock { Set($0.objects.map(\.raw)) }.contains(
        #"{"type":"flight","id":"id7","number":"7","tail_number":"N7"}"#))
    #expect(told.withLock { $0 } == [3, 6, 9, 10])
    #expect(directory.text() == nil)
  }

  @Test("writes exactly the refused rows down, in order, with the reasons")
  func refused() async throws {
    let directory = Directory()
    let deployment = FakeDeployment(refusing: {
      ["2", "6"].contains($0) ? "number: '\($0)' is too small" : nil
    })
    let text = """
      id,number,tail_number
      a,1,N1
      b,2,"N ""2"", x"
      short
      c,3,x,y
      d,6,"two
      lines"
      e,7,N7
      """
    let summary = try await make(deployment, text, directory).run()
    #expect(summary.stored == 2)
    #expect(summary.refused == 4)
    #expect(summary.unconfirmed == 0)
    #expect(summary.stop == nil)
    #expect(!summary.isComplete)
    #expect(
      directory.text()
        == """
        id,number,tail_number,error
        a,1,N1
        b,2,"N ""2"", x","number: '2' is too small"
        short,,,"line 4: the row has 1 cell, the first line 3"
        c,3,x,y,"line 5: the row has 4 cells, the first line 3"
        d,6,"two
        lines","number: '6' is too small"

        """.replacing("a,1,N1\n", with: ""))
  }

  @Test("takes a mended file of refused rows as it is, and writes the reasons afresh")
  func again() async throws {
    let directory = Directory()
    let deployment = FakeDeployment(refusing: { $0 == "2" ? "still" : nil })
    let text = "id,number,error\na,1,\"was wrong\"\nb,2,\"was \"\"wrong\"\"\"\nc,2,\nd,2\n"
    let summary = try await make(deployment, text, directory).run()
    #expect(summary.stored == 1)
    #expect(
      directory.text() == """
        id,number,error
        b,2,"still"
        c,2,"still"
        d,2,"line 5: the row has 2 cells, the first line 3"

        """)
  }

  @Test(
    "calls the column of reasons by a name that the model leaves free, and takes its own file again",
    arguments: [
      ([], "error"), (["error"], "import_error"), (["error", "import_error"], "import_error_2"),
      (["import_error", "error", "import_error_2"], "import_error_3"),
    ])
  func freeName(fields: [String], name: String) async throws {
    let directory = Directory()
    let deployment = FakeDeployment(fields: fields, refusing: { $0 == "2" ? "wrong" : nil })
    let names = ["id", "number"] + fields
    let first = names.joined(separator: ",")
    let row = (["b", "2"] + fields).joined(separator: ",")
    let summary = try await make(deployment, "\(first)\n\(row)\n", directory).run()
    #expect(summary.refused == 1)
    let rejects = "\(first),\(name)\n\(row),\"wrong\"\n"
    #expect(directory.text() == rejects)

    // As it is, and mended.
    #expect(try await make(deployment, rejects, directory).run().refused == 1)
    #expect(directory.text() == rejects)
    #expect(try await make(deployment, rejects.replacing("b,2", with: "b,3"), directory).run().isComplete)
    let stored = deployment.state.withLock { $0.objects.map(\.raw) }
    let members = fields.map { #","\#($0)":"\#($0)""# }.joined()
    #expect(stored == [#"{"type":"flight","id":"b","number":"3"\#(members)}"#])
  }

  @Test("skips rows of commas alone and counts them, and ignores columns without a name while they are empty")
  func padding() async throws {
    let directory = Directory()
    let deployment = FakeDeployment(refusing: { $0 == "2" ? "wrong" : nil })
    let text = ",,,\nid,number,,\n,,,\na,1,,\n,\nb,2\nc,3,,x\n,,,,,\n" + String(repeating: ",,,\n", count: 20)
    let summary = try await make(deployment, text, directory).run()
    #expect(summary.stored == 1 && summary.refused == 2 && summary.empty == 24 && summary.rows == 3)
    #expect(
      directory.text() == """
        id,number,,,error
        b,2,,,"wrong"
        c,3,,x,"line 7: column 4: 'x' stands under no name; name the column in the first line or empty the cell"

        """)
    // The same file as a spreadsheet saves it, with a row that was emptied.
    let again = "id,number,,,error,\nb,4,,,wrong,\n,,,,\"column 4\",\nd,2,,,\"a, b\",\n"
    let second = try await make(deployment, again, directory).run()
    #expect(second.stored == 1 && second.refused == 1 && second.empty == 1)
    #expect(directory.text() == "id,number,,,,error\nd,2,,,,\"wrong\"\n")
  }

  @Test("of rows of commas alone stores nothing")
  func nothing() async throws {
    let directory = Directory()
    let deployment = FakeDeployment()
    let summary = try await make(deployment, "number\n,\n,,\n", directory).run()
    #expect(summary.isComplete && summary.rows == 0 && summary.empty == 2)
    #expect(deployment.state.withLock { $0.batches } == 0)
  }

  @Test("stores a row without id once, though its batch is sent again after a broken connection")
  func repetition() async throws {
    let directory = Directory()
    let broken: Result<APIResponse, TransferFailure> = .failure(TransferFailure(.connection, "broken"))
    let deployment = FakeDeployment(misbehaving: { $0 <= 2 ? (broken, isStored: true) : nil })
    let summary = try await make(deployment, "number\n1\n2\n3\n4\n", directory, inFlight: 1).run()
    #expect(summary.isComplete)
    #expect(summary.stored == 4)
    let ids = deployment.state.withLock { $0.objects.map(\.id) }
    #expect(ids.count == 4)
    #expect(ids.allSatisfy { ObjectID($0) != nil && $0.dropFirst(14).first == "4" })
  }

  @Test(
    "outlives 503, 429 and broken connections",
    arguments: [
      .success(APIResponse(status: 503)),
      .success(APIResponse(status: 429, headers: [("retry-after", "1")])),
      .failure(TransferFailure(.connection, "broken")),
    ] as [Result<APIResponse, TransferFailure>])
  func outlives(fault: Result<APIResponse, TransferFailure>) async throws {
    let directory = Directory()
    let deployment = FakeDeployment(misbehaving: { $0 % 3 != 0 ? (fault, isStored: false) : nil })
    let summary = try await make(deployment, file(30), directory, inFlight: 1).run()
    #expect(summary.isComplete)
    #expect(summary.stored == 30)
  }

  @Test("gives up after eight tries, and says which rows have no answer and which were not sent")
  func givesUp() async throws {
    let directory = Directory()
    let down = Array(#"{"type":"SERVICE_UNAVAILABLE","title":"t","detail":"the disk is full"}"#.utf8)
    let deployment = FakeDeployment(misbehaving: {
      $0 > 2 ? (.success(APIResponse(status: 503, body: down)), isStored: false) : nil
    })
    let summary = try await make(deployment, file(20), directory, inFlight: 1).run()
    #expect(summary.stored == 6)
    #expect(summary.unconfirmed == 3)
    #expect(deployment.state.withLock { $0.batches } == 10)
    #expect(summary.stop?.error == .refused(status: 503, detail: "the disk is full"))
    #expect(summary.stop?.line == 11)
    let reason = "not confirmed: the server could not do it, also after several tries (503): the disk is full"
    #expect(
      directory.text() == """
        id,number,tail_number,error
        id7,7,N7,"\(reason)"
        id8,8,N8,"\(reason)"
        id9,9,N9,"\(reason)"

        """)
  }

  @Test(
    "ends at an answer that cannot be right",
    arguments: [
      "", "[]", "{}", #"{"operations":[]}"#, #"{"operations":{}}"#, #"{"operations":[{},{},{}]}"#,
      #"{"operations":[{"success":true},{"success":true},{"success":"true"}]}"#,
      #"{"operations":[{"success":true},{"success":true},{"success":true},{"success":true}]}"#,
    ])
  func wrongAnswer(body: String) async throws {
    let directory = Directory()
    let answer: Result<APIResponse, TransferFailure> = .success(
      APIResponse(status: 200, body: Array(body.utf8)))
    let deployment = FakeDeployment(misbehaving: { _ in (answer, isStored: false) })
    let summary = try await make(deployment, file(3), directory).run()
    #expect(summary.unconfirmed == 3)
    guard case .badAnswer? = summary.stop?.error else {
      Issue.record("ended with \(String(describing: summary.stop))")
      return
    }
  }

  @Test("ends at a fault of the file, after storing the rows before it")
  func brokenFile() async throws {
    let directory = Directory()
    let deployment = FakeDeployment()
    let summary = try await make(deployment, file(4) + "id5,\"5\n", directory).run()
    #expect(summary.stored == 4)
    #expect(summary.stop?.error == .file(.unclosedQuote(line: 6)))
  }

  @Test(
    "sends nothing when it cannot begin",
    arguments: [
      (200, "flight", "nmuber\n1\n", "the model flight has no column 'nmuber' (did you mean 'number'?)"),
      (200, "flights", "number\n1\n", "the deployment has no model 'flights' (did you mean 'flight'?)"),
      (200, "flight", "", "the file is empty"),
      (200, "flight", "\"number\n1\n", "line 1: a quote is opened"),
      (200, "flight", "a\"b\n1\n", "the first line, which names the columns, is not well-formed CSV"),
      (
        200, "flight", String(repeating: "a,", count: 4999) + "a\n1\n",
        "the first line names more than 2000 columns"
      ),
      (401, "flight", "number\n1\n", "the user name, password or token is wrong (401)"),
      (404, "flight", "number\n1\n", "no such deployment at this base URL (404)"),
    ])
  func cannotBegin(status: Int, model: String, text: String, message: String) async {
    struct Front: APITransport {
      let status: Int
      let behind = FakeDeployment()
      func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse {
        status == 200 ? try await behind.send(request) : APIResponse(status: status)
      }
    }
    let front = Front(status: status)
    let directory = Directory()
    let task = Import(front, TextSource(text), model: model, rejectsPath: directory.rejects)
    await #expect {
      try await task.run()
    } throws: { "\($0)".hasPrefix(message) }
    #expect(front.behind.state.withLock { $0.batches } == 0)
  }

  @Test("works over real sockets through 503, 429 and hang-ups")
  func sockets() async throws {
    let directory = Directory()
    let deployment = FakeDeployment(refusing: { $0 == "13" ? "unlucky" : nil })
    let count = Mutex(0)
    let server = try StubServer { request in
      let path = request.target.split(separator: "/").last.map(String.init) ?? ""
      let number = count.withLock { count in
        count += 1
        return count
      }
      switch number % 7 {
      case 2: return .hangUp
      case 4: return .answer(503, headers: ["Retry-After: 1"])
      case 6: return .answer(429, headers: ["Retry-After: 1"])
      default: break
      }
      guard case .success(let answer) = deployment.answer(path: path, body: request.body) else {
        return .hangUp
      }
      return .answer(answer.status, body: String(decoding: answer.body, as: UTF8.self))
    }
    defer { server.stop() }
    let client = try APIClient(.init(base: BaseURL(server.base), credentials: .token("O:x")))
    let summary = try await make(client, file(50), directory, rows: 5, inFlight: 3).run()
    #expect(summary.stored == 49)
    #expect(summary.refused == 1)
    #expect(summary.stop == nil)
    #expect(directory.text() == "id,number,tail_number,error\nid13,13,N13,\"unlucky\"\n")
    #expect(deployment.state.withLock { $0.objects.count } == 49)
  }
}

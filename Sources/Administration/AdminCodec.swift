import JSON
import Wire

/// A command and what came of it as bytes: what goes over the socket.
///
/// A command is an object in JSON: the protocol's number, the command's name, which deployment and which webhook it
/// is about, and its payload. An answer is a line with the word `done` or `refused`, then an object. The word stays
/// for good, so that a command and a server of different versions can tell that they do not understand each other.
package enum AdminCodec {
  /// Another number whenever a command or result looks different.
  static let version = 2

  /// Only what needs it: a data model is one text, and lists hold at most some thousand members.
  private static let limits = JSONLimits(depth: 8, nodes: 200_000)

  // MARK: Commands.

  package static func encode(_ command: AdminCommand) -> [UInt8] {
    var deployment: String?
    var webhook: String?
    if case .deployment(let id, let inner) = command {
      deployment = id
      if case .webhook(let name, _) = inner { webhook = name }
    }
    return bytes(
      [
        "protocol": .integer(Int64(version)), "command": .text(command.name),
        "deployment": deployment.map { .text($0) } ?? .null, "webhook": webhook.map { .text($0) } ?? .null,
        "with": command.payload,
      ])
  }

  /// - Throws: a sentence that says what is wrong.
  package static func command(_ bytes: [UInt8]) throws(AdminRefusal) -> AdminCommand {
    let root = try document(bytes)
    do throws(JSONMismatch) {
      var reader = try JSONMemberReader(root)
      guard root["protocol"]?.number?.integer == Int64(version) else {
        throw JSONMismatch("it is none of this version")
      }
      _ = try reader.value("protocol")
      let name = try reader.read("command", .text)
      let deployment: String? = try reader.read("deployment", .optional(.text))
      let webhook: String? = try reader.read("webhook", .optional(.text))
      let payload = try reader.value("with")
      try reader.end()
      do throws(JSONMismatch) {
        let command = try command(name, deployment, webhook, payload)
        if command.payload.isEmptyObject { try JSONMemberReader(payload).end() }
        return command
      } catch {
        throw error.within(name)
      }
    } catch {
      throw unknown("\(error)")
    }
  }

  private static func command(
    _ name: String, _ deployment: String?, _ webhook: String?, _ payload: JSONValue
  ) throws(JSONMismatch) -> AdminCommand {
    switch (deployment, webhook) {
    case (nil, nil):
      if let name = AdminCommand.Name(rawValue: name) { return try AdminCommand(name, payload) }
      if let name = PeopleCommand.Name(rawValue: name) { return .people(try PeopleCommand(name, payload)) }
    case (let id?, nil):
      if let name = DeploymentCommand.Name(rawValue: name) {
        return .deployment(id: id, try DeploymentCommand(name, payload))
      }
    case (let id?, let webhook?):
      if let name = WebhookCommand.Name(rawValue: name) {
        return .deployment(id: id, .webhook(name: webhook, try WebhookCommand(name, payload)))
      }
    case (nil, _?): throw JSONMismatch("a webhook is one of a deployment")
    }
    throw JSONMismatch("there is no such command")
  }

  // MARK: Answers.

  package static func encode(_ answer: Result<AdminResult, AdminRefusal>) -> [UInt8] {
    switch answer {
    case .success(let result):
      Array("done\n".utf8) + bytes(["result": .text(result.kind.rawValue), "value": result.json])
    case .failure(let refusal): Array("refused\n".utf8) + bytes(refusalForm.write(refusal))
    }
  }

  /// - Throws: what the answer refuses, or that it cannot be read.
  package static func result(_ bytes: [UInt8]) throws(AdminRefusal) -> AdminResult {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw unreadable }
    guard let root = try? JSONDocument.read(Array(bytes[(end + 1)...])).root else { throw unreadable }
    let word = String(decoding: bytes[..<end], as: UTF8.self)
    let refusal: AdminRefusal
    do throws(JSONMismatch) {
      if word == "done" { return try result(root) }
      guard word == "refused" else { throw JSONMismatch("no such answer") }
      refusal = try refusalForm.read(root)
    } catch {
      throw unreadable
    }
    throw refusal
  }

  private static func result(_ root: JSONValue) throws(JSONMismatch) -> AdminResult {
    var reader = try JSONMemberReader(root)
    let kind: AdminResult.Kind = try reader.read("result", .word)
    let value = try reader.value("value")
    try reader.end()
    return try AdminResult(kind, value)
  }

  private static let refusalForm = JSONForm<AdminRefusal>(
    write: { ["sentence": .text($0.sentence), "hint": $0.hint.map { .text($0) } ?? .null] },
    read: { value throws(JSONMismatch) in
      var reader = try JSONMemberReader(value)
      // The findings of a data model stand in it.
      let sentence = try reader.read("sentence", .text(most: UnixSocket.limit))
      let hint: String? = try reader.read("hint", .optional(.text))
      try reader.end()
      return AdminRefusal(sentence, hint: hint)
    })

  // MARK: Commands and answers.

  private static func bytes(_ node: JSONNode) -> [UInt8] {
    var writer = ByteWriter()
    node.append(to: &writer)
    return writer.array
  }

  private static func document(_ bytes: [UInt8]) throws(AdminRefusal) -> JSONValue {
    do throws(JSONError) {
      return try JSONDocument.read(bytes, limits: limits).root
    } catch {
      throw unknown("\(error)")
    }
  }

  private static func unknown(_ problem: String) -> AdminRefusal {
    AdminRefusal(
      "The server does not know this request: is it of another version than the command? (\(problem))")
  }

  private static let unreadable = AdminRefusal(
    "The server's answer cannot be read: is it of another version than the command?")
}

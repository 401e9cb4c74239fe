/// The command's end of the socket.
package enum AdminClient {
  /// Asks the server at the other end and waits for its answer.
  /// - Throws: what it refuses, or that it gave no answer. `directory` is for that sentence.
  package static func perform(
    _ command: AdminCommand, over socket: UnixSocket, to directory: String
  ) throws(AdminRefusal) -> AdminResult {
    guard socket.send(AdminCodec.encode(command)), let bytes = socket.receive(), !bytes.isEmpty else {
      throw AdminRefusal("The server that has \(directory) gave no answer.", hint: "Its log may say why.")
    }
    return try AdminCodec.result(bytes)
  }
}

import Administration

/// Commands and answers of the administrative socket.
enum AdministrativeLines {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    if let command = try? AdminCodec.command(input.bytes) {
      let bytes = AdminCodec.encode(command)
      try promise((try? AdminCodec.command(bytes)) == command, "a command is read as it is sent: \(command)")
      _ = AdminAct(command, nil, .failure(AdminRefusal(input.text)))
    }
    let answer = read(input.bytes)
    try promise(read(AdminCodec.encode(answer)), is: answer, "an answer is read as it is sent")
  }

  private static func read(_ bytes: [UInt8]) -> Result<AdminResult, AdminRefusal> {
    do throws(AdminRefusal) { return .success(try AdminCodec.result(bytes)) } catch { return .failure(error) }
  }
}

import Web

/// A body of `multipart/form-data`. Its first two bytes say how it is cut: whole and in pieces it has the same parts.
enum MultipartBodies {
  private static let contentType = "multipart/form-data; boundary=x"

  private enum Outcome: Equatable {
    case parts([MultipartReader.Part], isComplete: Bool)
    case fault(MultipartReader.Fault)
  }

  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (first, others) = input.choiceAndRest
    let (second, body) = others.choiceAndRest
    _ = try? MultipartReader(contentType: body.text, mostOfFields: 10)
    // Small, and as large as the server's.
    for most in [100, 1 << 20] {
      let whole = outcome([body.bytes], most)
      let cut = outcome(body.pieces([first, second]), most)
      try promise(cut, is: whole, "in pieces of \(first) and \(second) bytes, with \(most) bytes of fields")
      try promise(outcome(body.pieces([1]), most), is: whole, "byte by byte, with \(most) bytes of fields")
    }
  }

  private static func outcome(_ pieces: [[UInt8]], _ most: Int) -> Outcome {
    do throws(MultipartReader.Fault) {
      var reader = try MultipartReader(contentType: contentType, mostOfFields: most)
      var parts: [MultipartReader.Part] = []
      for piece in pieces {
        var found: [MultipartReader.Part] = []
        var fault: MultipartReader.Fault?
        piece.withUnsafeBytes { bytes in
          do throws(MultipartReader.Fault) { found = try reader.read(bytes) } catch { fault = error }
        }
        if let fault { throw fault }
        for part in found { add(part, to: &parts) }
      }
      // Bytes at the end of a cut file that may begin a boundary are held back, however it was cut.
      return .parts(parts, isComplete: reader.isComplete)
    } catch {
      return .fault(error)
    }
  }

  /// Bytes of one file are one part, in however many they came.
  private static func add(_ part: MultipartReader.Part, to parts: inout [MultipartReader.Part]) {
    if case .bytes(let more) = part, case .bytes(let before)? = parts.last {
      parts[parts.count - 1] = .bytes(before + more)
    } else {
      parts.append(part)
    }
  }
}

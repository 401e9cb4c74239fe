import Crypto
import Glibc
import ServerUnderTest
import Storage
import Testing
import Wire

@testable import Attachments

/// The order of things, with a program of the test's own in the place of the real one.
@Suite("Smaller pictures on demand")
struct PictureVariantsTests {
  /// A program that notes each run and then does what `ending` says.
  private func program(_ scene: BlobScene, _ ending: String) throws -> String {
    let script = "#!/bin/sh\necho run >> \(scene.folder.path)/runs\n\(ending)\n"
    let path = try scene.folder.write(script, to: "program")
    chmod(path, 0o700)
    return path
  }

  private func runs(_ scene: BlobScene) -> Int {
    TemporaryDirectory.text(of: scene.folder.path + "/runs").split(separator: "\n").count
  }

  private static let picture = PNGFile(width: 3, height: 3).bytes

  private func isFile(_ variant: PictureVariant) -> Bool {
    if case .file(_, Self.picture.count, "image/png") = variant { return true }
    return false
  }

  @Test("are made once, whoever asks and however often, also after a restart")
  func once() async throws {
    let scene = try BlobScene()
    let program = try program(scene, "/bin/sleep 0.2; exec /bin/cat")
    let variants = try scene.variants(program)
    defer { variants.close() }
    let key = try await scene.keep(Self.picture)
    let all = await withTaskGroup(of: PictureVariant.self) { group in
      for _ in 0..<20 { group.addTask { await variants.file(of: key, .thumbnail, in: scene.store) } }
      return await group.reduce(into: [PictureVariant]()) { $0.append($1) }
    }
    #expect(all.count == 20 && all.allSatisfy(isFile))
    #expect(runs(scene) == 1)
    let again = try scene.variants(program)
    defer { again.close() }
    #expect(isFile(await again.file(of: key, .thumbnail, in: scene.store)))
    #expect(runs(scene) == 1)
    #expect(isFile(await again.file(of: key, .fullscreen, in: scene.store)))
    #expect(runs(scene) == 2)
    try await again.remove(key.hash)
    #expect(isFile(await again.file(of: key, .thumbnail, in: scene.store)))
    #expect(runs(scene) == 3)
  }

  @Test("that were made in an earlier way are made again when they are asked for, and what is left of them goes")
  func earlier() async throws {
    let scene = try BlobScene()
    let variants = try scene.variants(try program(scene, "exec /bin/cat"))
    defer { variants.close() }
    let key = try await scene.keep(Self.picture)
    let name = "\(key)"
    let folder = "variants/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))"
    for part in ["variants/\(name.prefix(2))", folder] { mkdir("\(scene.folder.path)/\(part)", 0o700) }
    // As it was named while there was one way alone, and a refusal of then.
    let old = try scene.folder.write("an earlier picture", to: "\(folder)/\(name)-thumbnail")
    let refusal = try scene.folder.write("", to: "\(folder)/\(name)-fullscreen-refused")
    #expect(isFile(await variants.file(of: key, .thumbnail, in: scene.store)))
    #expect(isFile(await variants.file(of: key, .fullscreen, in: scene.store)))
    #expect(runs(scene) == 2)
    #expect(access(old, F_OK) != 0 && access(refusal, F_OK) != 0)
    // And those that were never asked for again go with the attachment.
    let other = try scene.folder.write("an earlier picture", to: "\(folder)/\(name)-thumbnail")
    try await variants.remove(key.hash)
    #expect(access(other, F_OK) != 0)
  }

  @Test("that were refused are not tried again for a day", arguments: ["exit 4", "exit 5", "kill -9 $$"])
  func refused(ending: String) async throws {
    let scene = try BlobScene()
    let variants = try scene.variants(try program(scene, ending))
    defer { variants.close() }
    scene.clock.set(milliseconds: SystemClock().milliseconds())
    let key = try await scene.keep(Self.picture)
    for _ in 0..<3 {
      guard case .refused = await variants.file(of: key, .thumbnail, in: scene.store) else {
        Issue.record("it is not refused")
        return
      }
    }
    #expect(runs(scene) == 1)
    scene.clock.advance(byMilliseconds: 90_000_000)
    _ = await variants.file(of: key, .thumbnail, in: scene.store)
    #expect(runs(scene) == 2)
  }

  @Test("that could not be made are tried again", arguments: ["exit 3", "exit 1", "echo nonsense"])
  func unavailable(ending: String) async throws {
    let scene = try BlobScene()
    let variants = try scene.variants(try program(scene, ending))
    defer { variants.close() }
    let key = try await scene.keep(Self.picture)
    for _ in 0..<2 {
      guard case .unavailable = await variants.file(of: key, .thumbnail, in: scene.store) else {
        Issue.record("it is not unavailable")
        return
      }
    }
    #expect(runs(scene) == 2)
  }

  @Test("are made a few at a time, a few more wait, and others are told to come back")
  func bounded() async throws {
    let scene = try BlobScene()
    let variants = try scene.variants(
      try program(scene, "while [ ! -e \(scene.folder.path)/go ]; do /bin/sleep 0.02; done; exec /bin/cat"), most: 1,
      waiting: 2)
    defer { variants.close() }
    var keys: [BlobKey] = []
    for size in 1...8 { keys.append(try await scene.keep(PNGFile(width: size, height: 1).bytes)) }
    let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
      for key in keys {
        group.addTask {
          switch await variants.file(of: key, .thumbnail, in: scene.store) {
          case .file: "file"
          case .busy: "busy"
          case let other: "\(other)"
          }
        }
      }
      var outcomes: [String] = []
      while outcomes.count < 5, let outcome = try await group.next() { outcomes.append(outcome) }
      _ = try scene.folder.write("", to: "go")
      for try await outcome in group { outcomes.append(outcome) }
      return outcomes
    }
    #expect(outcomes.prefix(5).allSatisfy { $0 == "busy" })
    // Whether the third had a place depends on whether the first was taken up by then.
    #expect(outcomes.suffix(2) == ["file", "file"])
  }

  @Test("of bytes that are not there, and of forms that are no pictures, there are none")
  func none() async throws {
    let scene = try BlobScene()
    let variants = try scene.variants("/nowhere/sojourn")
    defer { variants.close() }
    let key = BlobKey(ContentHash(of: [1]))
    guard case .missing = await variants.file(of: key, .thumbnail, in: scene.store),
      case .refused = await variants.file(of: key, .original, in: scene.store)
    else {
      Issue.record("neither has a file")
      return
    }
  }
}

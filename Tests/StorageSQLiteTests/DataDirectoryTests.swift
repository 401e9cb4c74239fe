import Foundation
import StorageSQLite
import Testing

@Suite("A data directory")
struct DataDirectoryTests {
  private func refusal(of path: String) -> DataDirectory.Refusal? {
    do throws(DataDirectory.Refusal) {
      _ = try DataDirectory(path)
      return nil
    } catch {
      return error
    }
  }

  @Test("belongs to one taker at a time, and the second learns whose it is")
  func lock() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/data"
    var first: DataDirectory? = try DataDirectory(path)
    #expect(first?.path == path)
    guard case .inUse(let process) = refusal(of: path) else {
      Issue.record("the directory was given twice")
      return
    }
    #expect(process == "\(getpid())")
    first = nil
    _ = try DataDirectory(path)
  }

  @Test("is made for its owner alone, with its folders")
  func modes() throws {
    let folder = try TemporaryDirectory()
    let directory = try DataDirectory(folder.path + "/data")
    for folder in [directory.path, directory.deployments, directory.spool] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder)
      #expect(attributes[.posixPermissions] as? Int == 0o700, "\(folder)")
    }
  }

  @Test("that is a file, or lies in nothing, is refused by name", arguments: ["/file", "/no/such/place"])
  func unusable(name: String) throws {
    let folder = try TemporaryDirectory()
    try Data("x".utf8).write(to: URL(filePath: folder.path + "/file"))
    guard case .unusable(let sentence) = refusal(of: folder.path + name) else {
      Issue.record("it was not refused as unusable")
      return
    }
    #expect(sentence.contains(folder.path + name))
  }
}

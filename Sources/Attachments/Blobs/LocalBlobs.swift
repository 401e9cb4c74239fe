import Crypto
import Glibc
import Storage
import Wire

/// Blobs as files: `DIR/ab/cd/abcd…`, named by their content, from the second generation on with its number behind:
/// `abcd….2`. They are written and synced before they have the name: a file that is there is whole.
package struct LocalBlobs: Sendable {
  package let directory: String

  /// Where files gather before they have their name.
  package var incoming: String { directory + "/incoming" }

  /// Makes the directory where it is missing, and removes what an earlier process left half done.
  package init(directory: String, isShared: Bool = false) throws(BlobFault) {
    self.directory = directory
    try Self.make(directory)
    try IntakeFile.prepare(incoming, isShared: isShared)
  }

  // These block; `LocalBlobStore` runs them on threads of its own.

  func keep(_ intake: FilledIntake, at target: BlobTarget) throws(BlobFault) {
    let key = BlobKey(intake.hash, generation: target.generation)
    let path = path(of: key)
    if !target.isLost, size(of: key) == intake.size {
      // From now on it counts as kept now: a sweep that looks at the age leaves it alone.
      _ = utimensat(AT_FDCWD, path, nil, 0)
      return
    }
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    let outer = String(folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)])
    try Self.make(outer)
    try Self.make(folder)
    // The name comes last, when everything is on disk; whoever sees it sees a whole file.
    if rename(intake.file.path, path) != 0 {
      guard errno == ENOENT else { throw Self.unnamed(in: folder) }
      // It was kept under another generation before, and may be gone from there.
      let again = try copy(of: intake)
      guard rename(again.file.path, path) == 0 else { throw Self.unnamed(in: folder) }
    }
    try Self.sync(folder)
  }

  private static func unnamed(in folder: String) -> BlobFault {
    .unavailable("an attachment cannot be named in \(folder): \(String(cString: strerror(errno)))")
  }

  private func copy(of intake: FilledIntake) throws(BlobFault) -> FilledIntake {
    let source = FileSource(descriptor: intake.file.descriptor.number, count: intake.size)
    var copy = try BlobIntake(directory: incoming, limit: intake.size)
    var fault: BlobFault?
    try source.walk { piece in
      do throws(BlobFault) { try copy.append(piece) } catch { fault = error }
      return fault == nil
    }
    if let fault { throw fault }
    return try copy.finish()
  }

  func open(_ key: BlobKey) throws(BlobFault) -> (file: OwnedDescriptor, size: Int) {
    let descriptor = Glibc.open(path(of: key), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .missing }
      throw .unavailable("the blob \(key) cannot be opened: \(String(cString: strerror(errno)))")
    }
    let file = OwnedDescriptor(descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unavailable("the blob \(key) cannot be looked at: \(String(cString: strerror(errno)))")
    }
    return (file, Int(status.st_size))
  }

  /// Nil where there is none.
  func size(of key: BlobKey) -> Int? {
    var status = stat()
    return stat(path(of: key), &status) == 0 ? Int(status.st_size) : nil
  }

  func remove(_ key: BlobKey) throws(BlobFault) {
    guard unlink(path(of: key)) == 0 || errno == ENOENT else {
      throw .unavailable("the blob \(key) cannot be removed: \(String(cString: strerror(errno)))")
    }
  }

  /// What lies in the folder of this first byte.
  func list(firstByte: UInt8) -> [KeptBlob] {
    var found: [KeptBlob] = []
    let outer = "\(directory)/\(Hex.encode([firstByte]))"
    for middle in Self.names(in: outer) where middle.utf8.count == 2 {
      for name in Self.names(in: "\(outer)/\(middle)") {
        var status = stat()
        guard let key = BlobKey(name), stat("\(outer)/\(middle)/\(name)", &status) == 0 else { continue }
        found.append(KeptBlob(key, size: Int(status.st_size), keptAt: Int64(status.st_mtim.tv_sec)))
      }
    }
    return found
  }

  private func path(of key: BlobKey) -> String {
    let name = key.description
    return "\(directory)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
  }

  /// Removes the directory of a deployment with everything that lies there.
  static func removeAll(_ directory: String) throws(BlobFault) {
    for outer in names(in: directory) where outer != "." && outer != ".." {
      let folder = "\(directory)/\(outer)"
      for inner in names(in: folder) where inner != "." && inner != ".." {
        let path = "\(folder)/\(inner)"
        for name in names(in: path) where name != "." && name != ".." { unlink("\(path)/\(name)") }
        if rmdir(path) != 0 { unlink(path) }
      }
      rmdir(folder)
    }
    guard rmdir(directory) == 0 || errno == ENOENT else {
      throw .unavailable("\(directory) cannot be removed: \(String(cString: strerror(errno)))")
    }
  }

  static func names(in directory: String) -> [String] {
    guard let folder = opendir(directory) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  static func make(_ directory: String) throws(BlobFault) {
    if MadeFile.folder(directory, 0o700) == 0 { return try sync(directory + "/..") }
    guard errno == EEXIST else {
      throw .unavailable("the directory \(directory) cannot be made: \(String(cString: strerror(errno)))")
    }
  }

  private static func sync(_ directory: String) throws(BlobFault) {
    let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unavailable("\(directory) cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    // Where a file system cannot sync a directory it keeps names in order itself.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .unavailable("\(directory) cannot be synced: \(String(cString: strerror(errno)))")
    }
  }
}

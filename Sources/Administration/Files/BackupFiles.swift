import Crypto
import Glibc
import Wire

/// Files and folders as backups need them: whole and on disk when a call returns, or not done.
package enum BackupFiles {
  package struct Copied: Equatable {
    package var bytes: Int
    /// Of the content, in hex.
    package var hash: String
  }

  private static let chunk = 1 << 20
  /// Bytes after which a copy is synced, so that other writers of the disk never wait for much.
  private static let bytesUnsynced = 1 << 20

  /// Copies a file's bytes, mode 0600. Nil where the source is not there.
  /// - Throws: `BackupFault`.
  package static func copy(_ source: String, to target: String, progress: (Int) -> Void) throws -> Copied? {
    guard let from = try opened(source) else { return nil }
    unlink(target)
    let number = MadeFile.open(target, O_WRONLY | O_EXCL, 0o600)
    guard number >= 0 else { throw fault("\(target) cannot be made") }
    let to = OwnedDescriptor(number)
    var unsynced = 0
    let copied = try read(from, source) { bytes in
      var rest = bytes
      while let base = rest.baseAddress, !rest.isEmpty {
        let written = write(to.number, base, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw fault("\(target) cannot be written") }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
      unsynced += bytes.count
      if unsynced >= bytesUnsynced {
        unsynced = 0
        fdatasync(to.number)
      }
      progress(bytes.count)
    }
    guard fsync(to.number) == 0 else { throw fault("\(target) cannot be synced") }
    return copied
  }

  /// Gives a file, which nobody ever changes, a second name, or copies it where that cannot be. Nil where the
  /// source is not there.
  package static func link(_ source: String, to target: String, progress: (Int) -> Void) throws -> Copied? {
    unlink(target)
    guard Glibc.link(source, target) == 0 else { return try copy(source, to: target, progress: progress) }
    return try hash(of: target, progress: progress)
  }

  /// Nil where there is no such file.
  package static func hash(of path: String, progress: (Int) -> Void = { _ in }) throws -> Copied? {
    guard let file = try opened(path) else { return nil }
    return try read(file, path) { progress($0.count) }
  }

  private static func opened(_ path: String) throws -> OwnedDescriptor? {
    // A symbolic link could lead out of the directory.
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if number < 0, errno == ENOENT { return nil }
    guard number >= 0 else { throw fault("\(path) cannot be read") }
    let file = OwnedDescriptor(number)
    var status = stat()
    guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw BackupFault("\(path) is no file.")
    }
    return file
  }

  private static func read(
    _ file: OwnedDescriptor, _ path: String, _ each: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Copied {
    var hash = SHA256()
    var total = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(file.number, buffer.baseAddress, chunk)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault("\(path) cannot be read") }
      if count == 0 { return Copied(bytes: total, hash: Hex.encode(hash.finish())) }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hash.update(bytes)
      try each(bytes)
      total += count
    }
  }

  /// Puts a small file there, whole and on disk, in one move.
  package static func put(_ text: String, at path: String) throws {
    let draft = path + ".new"
    unlink(draft)
    let number = MadeFile.open(draft, O_WRONLY | O_EXCL, 0o600)
    guard number >= 0 else { throw fault("\(path) cannot be written") }
    let file = OwnedDescriptor(number)
    do {
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw fault("\(path) cannot be written") }
        bytes = bytes.dropFirst(count)
      }
      guard fsync(file.number) == 0 else { throw fault("\(path) cannot be synced") }
      try move(draft, to: path)
    } catch {
      unlink(draft)
      throw error
    }
  }

  package static func move(_ source: String, to target: String) throws {
    guard rename(source, target) == 0 else { throw fault("\(target) cannot be named") }
    sync(folder: String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]))
  }

  /// The text of a file of at most `limit` bytes; nil where there is none.
  package static func text(of path: String, limit: Int) throws -> String? {
    guard let file = try opened(path) else { return nil }
    var text: [UInt8] = []
    _ = try read(file, path) { bytes in
      guard text.count + bytes.count <= limit else { throw BackupFault("\(path) is larger than \(limit) bytes.") }
      text.append(contentsOf: bytes)
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: Folders.

  /// Marks a directory in which a backup is being made, or was cut off: it is no backup, whatever else is there.
  package static let incomplete = "incomplete"

  /// Where a path leads, over all links; its last part need not be there yet. Nil where the rest is not.
  package static func resolved(_ path: String) -> String? {
    func real(_ path: String) -> String? {
      guard let found = realpath(path, nil) else { return nil }
      defer { free(found) }
      return String(cString: found)
    }
    if let whole = real(path) { return whole }
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return nil }
    let parent = (path.hasPrefix("/") ? "/" : "./") + parts.dropLast().joined(separator: "/")
    guard let folder = real(parent) else { return nil }
    return folder == "/" ? "/\(name)" : "\(folder)/\(name)"
  }

  /// Makes a folder, mode 0700, where it is missing.
  package static func make(folder: String) throws {
    guard MadeFile.folder(folder, 0o700) == 0 || errno == EEXIST else { throw fault("\(folder) cannot be made") }
  }

  /// Puts the names in it on disk. Where a file system cannot sync a folder it keeps names in order itself.
  package static func sync(folder: String) {
    let number = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return }
    fsync(number)
    close(number)
  }

  package enum Kind { case file, folder, other }

  /// The names in a folder, in order, with what they are; nil where there is no such folder.
  package static func entries(of folder: String) -> [(name: String, kind: Kind, bytes: Int)]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var entries: [(name: String, kind: Kind, bytes: Int)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
      let kind: Kind =
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .other
        }
      entries.append((name, kind, Int(status.st_size)))
    }
    return entries.sorted { $0.name < $1.name }
  }

  private static func fault(_ what: String) -> BackupFault {
    BackupFault("\(what): \(String(cString: strerror(errno))).")
  }
}

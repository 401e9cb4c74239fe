import Glibc

/// Files and folders that are made in a directory which may belong to somebody else: root runs a command in the
/// directory of the user that serves it. What root makes gets the owner of the folder that it is made in, so that
/// the server can read and write it.
///
/// 1. Only what was made here changes its owner, never something that was there: whoever owns the directory could
///    have put another name of a foreign file in its place.
/// 2. It is changed by the open descriptor, never by the path.
/// 3. A link in the place of a file is not followed, so that nothing elsewhere is written.
package enum MadeFile {
  /// As `open` with `O_CREAT`, which `flags` need not name.
  package static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    while true {
      let made = Glibc.open(path, flags | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if made >= 0 {
        adopt(made, in: folder(of: path))
        return made
      }
      guard errno == EEXIST, flags & O_EXCL == 0 else { return -1 }
      let found = Glibc.open(path, (flags & ~O_CREAT) | O_CLOEXEC | O_NOFOLLOW)
      // It may have gone in between.
      if found >= 0 || errno != ENOENT { return found }
    }
  }

  /// As `mkdir`.
  package static func folder(_ path: String, _ mode: mode_t) -> Int32 {
    guard mkdir(path, mode) == 0 else { return -1 }
    let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if number >= 0 {
      adopt(number, in: folder(of: path))
      close(number)
    }
    return 0
  }

  /// Gives what was just made, and is open, the owner of its folder.
  package static func adopt(_ made: Int32, in folder: String) {
    guard geteuid() == 0 else { return }
    let number = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return }
    defer { close(number) }
    var owner = stat()
    var own = stat()
    guard fstat(number, &owner) == 0, fstat(made, &own) == 0, own.st_uid == 0 else { return }
    if owner.st_uid != 0 { _ = fchown(made, owner.st_uid, owner.st_gid) }
  }

  /// The folder that the last part of a path lies in.
  private static func folder(of path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

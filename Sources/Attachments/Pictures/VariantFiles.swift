import Crypto
import Glibc
import Wire

/// Smaller pictures as files, `DIR/ab/cd/HASH-thumbnail.2`, beside marks for those that were refused:
/// `DIR/ab/cd/HASH-thumbnail.2-refused`. The number is that of the way in which they are made
/// (`AttachmentVariant.revision`): what was made in an earlier way is made again when it is asked for.
///
/// All of it can be made again: the directory may be emptied at any time.
struct VariantFiles: Sendable {
  let directory: String
  /// A refusal may come from a machine under load, so it is forgotten after a day.
  static let refusalSeconds: Int64 = 86_400

  private var incoming: String { directory + "/incoming" }

  init(directory: String) throws(BlobFault) {
    self.directory = directory
    try LocalBlobs.make(directory)
    try IntakeFile.prepare(incoming)
  }

  // These block.

  /// What is known already; nil where nothing is.
  func known(_ hash: ContentHash, _ variant: AttachmentVariant, at now: Instant) -> PictureVariant? {
    let path = path(hash, variant)
    let number = open(path, O_RDONLY | O_CLOEXEC)
    if number >= 0 { return Self.looked(at: OwnedDescriptor(number)) }
    var status = stat()
    guard stat(path + "-refused", &status) == 0 else { return nil }
    return now.secondsSince1970 - Int64(status.st_mtim.tv_sec) < Self.refusalSeconds ? .refused : nil
  }

  /// Runs the job on the picture and keeps what comes of it.
  func make(
    _ hash: ContentHash, _ variant: AttachmentVariant, side: Int, from picture: OwnedDescriptor, by job: PictureJob
  ) throws(BlobFault) -> PictureVariant {
    let output = try IntakeFile(directory: incoming)
    switch job.run(from: picture, to: output.descriptor, side: side) {
    case .unavailable(let why): return .unavailable(why)
    case .refused:
      try mark(hash, variant)
      return .refused
    case .done:
      guard let made = Self.looked(at: output.descriptor) else {
        return .unavailable("the picture process wrote no JPEG or PNG")
      }
      removeEarlier(hash, variant)
      let path = path(hash, variant)
      try makeFolders(of: path)
      // A name over something that is not on disk would outlive a power cut without its bytes.
      guard fdatasync(output.descriptor.number) == 0, rename(output.path, path) == 0 else {
        throw .unavailable("a smaller picture cannot be kept: \(String(cString: strerror(errno)))")
      }
      return made
    }
  }

  func remove(_ hash: ContentHash) {
    for variant in AttachmentVariant.allCases where variant.side != nil {
      unlink(path(hash, variant))
      unlink(path(hash, variant) + "-refused")
      removeEarlier(hash, variant)
    }
  }

  private func removeEarlier(_ hash: ContentHash, _ variant: AttachmentVariant) {
    for revision in 1..<AttachmentVariant.revision {
      let path = path(hash, variant, revision)
      unlink(path)
      unlink(path + "-refused")
    }
  }

  private func mark(_ hash: ContentHash, _ variant: AttachmentVariant) throws(BlobFault) {
    let path = path(hash, variant) + "-refused"
    try makeFolders(of: path)
    let number = MadeFile.open(path, O_WRONLY, 0o600)
    guard number >= 0 else {
      throw .unavailable("a refused picture cannot be marked: \(String(cString: strerror(errno)))")
    }
    // An earlier mark counts anew.
    _ = futimens(number, nil)
    close(number)
  }

  private static func looked(at file: OwnedDescriptor) -> PictureVariant? {
    var status = stat()
    var head = [UInt8](repeating: 0, count: 8)
    guard fstat(file.number, &status) == 0, pread(file.number, &head, head.count, 0) == head.count,
      let type = PictureVariant.contentType(of: head)
    else { return nil }
    return .file(file, size: Int(status.st_size), contentType: type)
  }

  private func path(
    _ hash: ContentHash, _ variant: AttachmentVariant, _ revision: Int = AttachmentVariant.revision
  ) -> String {
    let name = hash.description
    return "\(directory)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)-\(variant.made(in: revision))"
  }

  private func makeFolders(of path: String) throws(BlobFault) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    try LocalBlobs.make(String(folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)]))
    try LocalBlobs.make(folder)
  }
}

import ServerUnderTest

@testable import Attachments

enum PictureLibrary {
  /// Whether the real program finds libvips; says so where it does not.
  static let isInstalled: Bool = {
    guard let scene = try? BlobScene(), let input = try? scene.filled(PNGFile(width: 1, height: 1).bytes),
      let output = try? IntakeFile(directory: scene.folder.path)
    else { return true }
    let job = PictureJob(program: SojournBinary.path)
    if case .unavailable(let why) = job.run(from: input.file.descriptor, to: output.descriptor, side: 1) {
      print("Tests of smaller pictures are skipped: \(why).")
      return false
    }
    return true
  }()
}

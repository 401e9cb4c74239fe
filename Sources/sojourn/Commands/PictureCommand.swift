import Attachments
import CVips
import CommandLineTable

/// `sojourn picture`: one picture made smaller, in a process that the server starts for it and that may
/// do little else.
enum PictureCommand {
  static let command = Command(
    "picture", summary: "Makes a picture smaller; the server runs it for each.",
    discussion: [
      "Reads a JPEG, PNG, WebP or HEIC picture from standard input and writes a JPEG, or a PNG where there is "
        + "transparency, to standard output: upright and without metadata. Needs libvips (Debian: libvips42).",
      "Exits with 3 without libvips, with 4 for what is no such picture or a broken one, and with 5 for one of more "
        + "than \(PictureJob.mostPixels) pixels.",
    ],
    options: [side],
    examples: [
      CommandExample("sojourn picture --side 200 < photo.jpg > thumbnail.jpg", "Fits it into 200 × 200 pixels.")
    ])

  private static let side = CommandOption(
    "side", .integer(1...10_000), placeholder: "PIXELS", required: true,
    help: "The side of the square that the picture is to fit.")

  static func run(_ command: ParsedCommand) -> Int32 {
    sojourn_picture_confine(PictureJob.memoryBytes, PictureJob.processorSeconds)
    return sojourn_picture_fit(0, 1, Int32(command.integer("side") ?? 200), PictureJob.mostPixels)
  }
}

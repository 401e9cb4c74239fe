/// Why a backup or a restore was not done, in a sentence for the person who asked for it.
struct BackupFault: Error, Equatable {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

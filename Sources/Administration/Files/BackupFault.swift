import Wire

/// Why a backup or a restore was not done, in a sentence for the person who asked for it.
package struct BackupFault: ExplainedError, Equatable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}

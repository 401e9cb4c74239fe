// swift-tools-version: 6.2
//
// The targets are the architecture. Read them from the bottom up: C libraries, wire basics, the data
// model and the query language, storage, the use cases, the API, and the command that wires them.
// A target imports only what stands above it in this file; siblings do not know each other.

import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What reads bytes from outside, tried with any bytes: `script/fuzz` builds the program that looks for some that break
/// a promise, all other builds have the test that tries again what it found.
let fuzzing: Target = {
  let dependencies: [Target.Dependency] = [
    "DataBrowser", "API", "APIClient", "CommandLineTable", "Web", "Administration", "Webhooks", "People",
    "Deployments", "AttachmentsS3", "Attachments", "Objects", "QueryLanguage", "Storage", "DataModel", "HTTPServer",
    "JSON", "Crypto", "Wire",
  ]
  let data = ["Corpus", "Dictionaries", "Differential"]
  if Context.environment["SOJOURN_FUZZ"] == nil {
    return .testTarget(
      name: "FuzzTests", dependencies: dependencies, path: "Tests/Fuzz", exclude: data + ["Program"],
      swiftSettings: strict)
  }
  return .executableTarget(
    name: "sojourn-fuzz", dependencies: dependencies, path: "Tests/Fuzz", exclude: data + ["Replay"],
    swiftSettings: strict + [.enableExperimentalFeature("Extern")])
}()

let package = Package(
  name: "sojourn",
  products: [.executable(name: "sojourn", targets: ["sojourn"])],
  targets: [
    // C libraries of Debian, each with a thin face. script/bootstrap installs them.
    .target(name: "CMicrohttpd", linkerSettings: [.linkedLibrary("microhttpd")]),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CSQLiteLog", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "CSQLiteMemory", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "CExpat", linkerSettings: [.linkedLibrary("expat")]),
    .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CMalloc"),
    // Finds libvips when a picture is made smaller, in the process that does it.
    .target(name: "CVips"),
    .target(name: "CStat"),
    .target(name: "CQRCode", linkerSettings: [.linkedLibrary("qrencode")]),
    .target(name: "CMemoryFile"),
    .target(name: "CProgramPages"),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // Wire basics: ids, dates, numbers, percent-encoding, forms, bytes going out.
    .target(name: "Wire", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    // Hashes, sealed boxes, secrets, and comparisons that tell nothing by their time.
    .target(name: "Crypto", dependencies: ["CSodium", "Wire"], swiftSettings: strict),
    // Threads of our own for what blocks, the queues before them, and where waiting tasks go on.
    .target(name: "Threads", swiftSettings: strict),
    // What is counted, the table of it, and the text that monitors read.
    .target(name: "Metrics", dependencies: ["Wire"], swiftSettings: strict),
    // Requests over libcurl, any number at a time on one thread.
    .target(name: "Transfers", dependencies: ["CCurl", "Threads", "Wire"], swiftSettings: strict),
    // JSON texts read into a tree, checked to the last byte.
    .target(name: "JSON", dependencies: ["CSimdjson", "Wire"], swiftSettings: strict),
    // HTTP over libmicrohttpd: Request and Response values, limits, deadlines, TLS, gzip.
    .target(
      name: "HTTPServer", dependencies: ["CMicrohttpd", "CGnuTLS", "CZlib", "Threads", "Wire"],
      swiftSettings: strict),

    // schema.xml → models, findings, display formats.
    .target(name: "DataModel", dependencies: ["CExpat", "Crypto", "Wire"], swiftSettings: strict),
    // The contract of storage: plans in, outcomes out, snapshots, the oplog.
    .target(
      name: "Storage", dependencies: ["DataModel", "Metrics", "Threads", "Crypto", "Wire"], swiftSettings: strict),
    // The contract kept on SQLite: one file per deployment and one control file.
    .target(
      name: "StorageSQLite",
      dependencies: [
        "CSQLite", "CSQLiteLog", "CSQLiteMemory", "CStat", "Storage", "DataModel", "Metrics", "Threads", "Crypto",
        "Wire",
      ],
      swiftSettings: strict),
    // The contract kept on PostgreSQL, for any number of nodes.
    .target(
      name: "StoragePostgres",
      dependencies: ["CPostgres", "Storage", "DataModel", "JSON", "Metrics", "Threads", "Crypto", "Wire"],
      swiftSettings: strict),
    // Filters, sort keys and values as written by a client → the typed tree that storage performs.
    .target(
      name: "QueryLanguage", dependencies: ["Storage", "DataModel", "JSON", "Crypto", "Wire"],
      swiftSettings: strict),
    // What every engine must do, as a kit that tests run on each of them; expressions are asked as clients
    // write them.
    .target(
      name: "StorageConformance",
      dependencies: ["QueryLanguage", "Storage", "DataModel", "JSON", "Metrics", "Crypto", "Wire"],
      swiftSettings: strict),

    // Attachments' bytes: what they are, where they lie, and who may have them.
    .target(
      name: "Attachments", dependencies: ["CExpat", "Storage", "DataModel", "Threads", "Crypto", "Wire"],
      swiftSettings: strict),
    // Attachments' bytes in an object store that speaks S3.
    .target(
      name: "AttachmentsS3",
      dependencies: ["CCurl", "CExpat", "Attachments", "Storage", "Transfers", "Crypto", "Wire"],
      swiftSettings: strict),
    // The use cases on objects: create, patch, put, delete, batch, list, count; and their rendering.
    .target(
      name: "Objects",
      dependencies: ["CMemoryFile", "Attachments", "QueryLanguage", "Storage", "DataModel", "JSON", "Crypto", "Wire"],
      swiftSettings: strict),
    // Deployments, their settings and credentials.
    .target(
      name: "Deployments", dependencies: ["Attachments", "Storage", "DataModel", "Threads", "Crypto", "Wire"],
      swiftSettings: strict),
    // Who may sign in, who is signed in, what they may do, and the audit of what they did.
    .target(
      name: "People", dependencies: ["CCrypto", "Deployments", "Storage", "Threads", "Crypto", "Wire"],
      swiftSettings: strict),
    // Webhooks: what is sent, when, and to whom.
    .target(
      name: "Webhooks",
      dependencies: ["CCurl", "CCrypto", "Storage", "DataModel", "Transfers", "Threads", "Crypto", "Wire"],
      swiftSettings: strict),
    // What operators do, as typed commands with one codec and one refusal, and the socket that carries them.
    .target(
      name: "Administration",
      dependencies: [
        "Webhooks", "People", "Deployments", "Attachments", "Storage", "DataModel", "JSON", "Threads", "Crypto", "Wire",
      ],
      swiftSettings: strict),
    // The v4 routes over all of it: route table, error table, requests to calls, outcomes to answers.
    .target(
      name: "API",
      dependencies: [
        "Deployments", "Attachments", "Objects", "QueryLanguage", "Storage", "DataModel", "HTTPServer", "JSON",
        "Metrics",
        "Crypto", "Wire",
      ],
      swiftSettings: strict),

    // Pages: HTML, addresses, headers, forms.
    .target(name: "Web", dependencies: ["CQRCode", "HTTPServer", "Crypto", "Wire"], swiftSettings: strict),
    // The Data Browser: pages over the use cases, in process; it knows nothing of the API's routes.
    .target(
      name: "DataBrowser",
      dependencies: [
        "Web", "Administration", "Webhooks", "People", "Deployments", "Attachments", "Objects", "QueryLanguage",
        "Storage", "DataModel", "HTTPServer", "JSON", "Crypto", "Wire",
      ],
      swiftSettings: strict),

    // Arguments, environment, configuration file and help texts from one table of options.
    .target(name: "CommandLineTable", dependencies: ["Wire"], swiftSettings: strict),
    // A client of the API for commands that talk to a deployment, over libcurl.
    .target(
      name: "APIClient", dependencies: ["CCurl", "CommandLineTable", "JSON", "Transfers", "Wire"],
      swiftSettings: strict),

    .executableTarget(
      name: "sojourn",
      dependencies: [
        "CCurl", "CMalloc", "CProgramPages", "CVips", "DataBrowser", "API", "Administration", "Webhooks", "People",
        "Deployments", "AttachmentsS3", "Attachments", "Objects", "APIClient", "CommandLineTable", "StoragePostgres",
        "StorageSQLite", "Storage", "DataModel", "HTTPServer", "JSON", "Transfers", "Metrics", "Threads", "Crypto",
        "Wire",
      ],
      swiftSettings: strict),

    // Pure values.
    .testTarget(name: "WireTests", dependencies: ["CSodium", "Crypto", "Wire"], swiftSettings: strict),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "Wire"], swiftSettings: strict),
    .testTarget(name: "MetricsTests", dependencies: ["Metrics", "Threads", "Wire"], swiftSettings: strict),
    .testTarget(name: "DataModelTests", dependencies: ["DataModel", "Wire"], swiftSettings: strict),
    .testTarget(
      name: "HTTPServerTests", dependencies: ["CGnuTLS", "HTTPServer", "Threads", "Crypto", "Wire"],
      swiftSettings: strict),
    .testTarget(
      name: "QueryLanguageTests", dependencies: ["QueryLanguage", "Storage", "DataModel", "JSON", "Wire"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: ["APIClient", "CommandLineTable", "PostgresUnderTest", "ServerUnderTest", "JSON", "Wire"],
      swiftSettings: strict),
    .testTarget(
      name: "AttachmentsTests",
      dependencies: [
        "CZlib", "sojourn", "AttachmentsS3", "Attachments", "Storage", "ServerUnderTest", "HTTPServer", "JSON",
        "Threads",
        "Crypto", "Wire",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "WebhooksTests",
      dependencies: [
        "Webhooks", "ServerUnderTest", "StorageUnderTest", "Storage", "DataModel", "JSON", "Crypto", "Wire",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "StorageTests", dependencies: ["StorageConformance", "Storage", "Crypto", "DataModel", "Wire"],
      swiftSettings: strict),
    .testTarget(
      name: "PeopleTests",
      dependencies: ["People", "ServerUnderTest", "Deployments", "StorageUnderTest", "Storage", "Crypto", "Wire"],
      swiftSettings: strict),
    .testTarget(
      name: "AdministrationTests",
      dependencies: [
        "Administration", "Webhooks", "People", "Deployments", "Storage", "DataModel", "JSON", "Crypto", "Wire",
      ],
      swiftSettings: strict),
    // The conformance kit on each engine.
    .target(
      name: "CRecordingFiles", path: "Tests/RecordingFiles", linkerSettings: [.linkedLibrary("sqlite3")]),
    .testTarget(
      name: "StorageSQLiteTests",
      dependencies: [
        "CSQLite", "CSQLiteLog", "CRecordingFiles", "StorageConformance", "StorageSQLite", "Storage", "DataModel",
        "Metrics", "Threads", "Crypto", "Wire",
      ],
      exclude: ["Files"], swiftSettings: strict),
    .testTarget(
      name: "StoragePostgresTests",
      dependencies: [
        "StorageUnderTest", "StorageConformance", "StoragePostgres", "CPostgres", "PostgresUnderTest",
        "ServerUnderTest", "Storage", "Attachments", "DataModel", "Metrics", "Threads", "Crypto", "Wire",
      ],
      swiftSettings: strict),
    .target(name: "CCountedAllocations", path: "Tests/CountedAllocations"),
    .testTarget(
      name: "APITests",
      dependencies: [
        "CCountedAllocations", "API", "Deployments", "AttachmentsS3", "Attachments", "Objects", "StorageConformance",
        "StorageUnderTest", "Storage", "DataModel",
        "HTTPServer", "JSON", "QueryLanguage", "Threads", "Crypto", "Wire",
      ],
      exclude: ["allocations.txt"], swiftSettings: strict),
    // Pages, read back by expat.
    .target(name: "PageReading", dependencies: ["CExpat"], path: "Tests/PageReading", swiftSettings: strict),
    .testTarget(
      name: "WebTests", dependencies: ["Web", "PageReading", "HTTPServer", "Wire"], swiftSettings: strict),
    .testTarget(
      name: "DataBrowserTests",
      dependencies: [
        "DataBrowser", "Web", "PageReading", "APIClient", "Administration", "Webhooks", "People", "Deployments",
        "Attachments",
        "Objects", "StorageUnderTest", "StorageConformance", "Storage",
        "DataModel", "HTTPServer", "QueryLanguage", "JSON", "Threads", "Crypto", "Wire",
      ],
      swiftSettings: strict),
    // Pages are what the tables say.
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["sojourn", "API", "CommandLineTable", "HTTPServer", "Metrics", "Wire"], swiftSettings: strict),
    // A PostgreSQL of the tests' own, and a relay before it.
    .target(
      name: "PostgresUnderTest", dependencies: ["ServerUnderTest"], path: "Tests/PostgresUnderTest",
      swiftSettings: strict),
    // The engine that tests of what stands above storage run on, and a place for it.
    .target(
      name: "StorageUnderTest",
      dependencies: ["PostgresUnderTest", "StoragePostgres", "StorageSQLite", "Storage", "Wire"],
      path: "Tests/StorageUnderTest", swiftSettings: strict),
    // The real binary over real sockets.
    .target(
      name: "ServerUnderTest", dependencies: ["JSON"], path: "Tests/ServerUnderTest", swiftSettings: strict),
    .testTarget(
      name: "BlackBoxTests",
      dependencies: [
        "sojourn", "Administration", "CommandLineTable", "HTTPServer", "PostgresUnderTest", "ServerUnderTest",
        "PageReading",
        "JSON", "Transfers", "Threads", "Crypto", "Wire",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DurabilityTests",
      dependencies: [
        "CSQLite", "sojourn", "StoragePostgres", "Webhooks", "PostgresUnderTest", "ServerUnderTest", "Storage", "JSON",
        "Threads", "Crypto", "Wire",
      ],
      exclude: ["KeptLayouts"], swiftSettings: strict),
    fuzzing,
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

import Administration
import Storage
import Web
import Wire

/// The server itself, for those who run it.
package struct ServerPage: Page {
  package var figures: ServerFigures

  package init(_ figures: ServerFigures) { self.figures = figures }

  package var title: String { "Server" }
  package var trail: [Crumb] { [Crumb("Deployments", .deployments)] }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "Server" }
        a(.class("button"), .href(Route.serverAudit(.all))) { "Audit of the server" }
      }
      div(.class("halves")) {
        div(.class("stack")) {
          health
          disk
        }
        div(.class("stack")) {
          load
          metrics
        }
      }
      deployments
      settings
    }
  }

  private var health: HTML {
    section(.class("card")) {
      h2 { "Health" }
      div(.class("inside stack")) {
        div(figures.isReady ? .class("notice good") : .class("notice bad")) { p { figures.health } }
        dl(.class("facts")) {
          dt { "Version" }
          dd { figures.version }
          if let startedAt = figures.startedAt {
            dt { "Serves since" }
            dd { HTML.timeWithZone(startedAt) }
          }
          dt { "Listens at" }
          dd { figures.addresses.joined(separator: ", ") }
        }
      }
    }
  }

  private var disk: HTML {
    section(.class("card")) {
      h2 { "Disk" }
      div(.class("inside stack")) {
        if figures.disk?.isNearlyFull == true {
          div(.class("notice warn")) {
            strong { "The disk is nearly full" }
            p { Problem.diskAdvice }
          }
        }
        dl(.class("facts")) {
          dt { "Data directory" }
          dd { code(.directionOfText) { figures.dataDirectory } }
          dt { "Room" }
          dd { figures.disk?.text ?? "not known" }
          dt { "Attachments" }
          dd(.directionOfText) { figures.attachmentsElsewhere ?? "in the data directory" }
        }
      }
    }
  }

  private var load: HTML {
    section(.class("card")) {
      h2 { "Connections and memory" }
      div(.class("inside")) {
        dl(.class("facts")) {
          dt { "Connections" }
          dd { "\(Grouped.text(figures.connections)) of at most \(Grouped.text(figures.mostConnections))" }
          dt { "Bodies being read" }
          dd { "\(ByteText.text(figures.bodyBytes)) of at most \(ByteText.text(figures.mostBodyBytes))" }
          dt { "Memory in use" }
          dd { figures.memoryBytes.map(ByteText.text) ?? "not known" }
          dt { "Open files" }
          dd {
            "\(figures.openFiles.map { Grouped.text($0) } ?? "not known") of at most \(Grouped.text(figures.mostFiles))"
          }
          dt { "Threads" }
          dd { figures.threads.map { Grouped.text($0) } ?? "not known" }
        }
      }
    }
  }

  private var metrics: HTML {
    section(.class("card")) {
      h2 { "Figures for monitors" }
      div(.class("inside stack")) {
        if let address = figures.metricsAddress {
          p { "Prometheus and its kin read them here; only this machine and the networks of --admin-network may ask." }
          CodeBlock(id: "metrics", text: "curl \(address)/metrics", isWrapped: true).html
        } else {
          p { "They are read nowhere yet. Start the server with an address for them, which only this machine reaches:" }
          CodeBlock(id: "metrics", text: "sojourn serve … --admin-listen http://127.0.0.1:9464", isWrapped: true).html
        }
      }
    }
  }

  private var deployments: HTML {
    section(.class("card")) {
      h2 { "Deployments and their logs" }
      if figures.deployments.isEmpty {
        div(.class("empty")) { p { "There is no deployment yet." } }
      } else {
        div(.class("region free"), .role("region"), .aria("label", "Deployments"), .tabIndex(0)) {
          Web.table {
            caption(.class("away")) { "Deployments and their logs" }
            thead {
              tr {
                for head in Self.heads { th(.scope("col")) { head } }
              }
            }
            tbody { for row in figures.deployments { self.row(row) } }
          }
        }
        if figures.furtherDeployments > 0 {
          p(.class("hush")) { "and \(Grouped.text(figures.furtherDeployments, "more deployment"))" }
        }
      }
      p(.class("hush small")) {
        "The position is that of the last change in the change feed. A mirror keeps its own position, which the server does "
          + "not know: “sojourn mirror” prints how far it is behind. Programs that wait at the feed have all that there is."
      }
    }
  }

  private static let heads = [
    "Deployment", "Writes", "Last change", "Position", "File", "Log", "Writes waiting", "Waiting at the feed",
    "Deliveries given up",
  ]

  private func row(_ row: ServerFigures.DeploymentRow) -> HTML {
    tr {
      th(.scope("row"), .directionOfText) { link(row.card.label, to: .overview(row.card.id)) }
      td { row.isFit ? HTML.text("succeed") : span(.class("tag bad")) { "fail" } }
      td {
        row.lastSequence > 0 ? HTML.timeWithZone(Instant(ofSequence: row.lastSequence)) : .text("–")
      }
      td(.class("number")) { HTML.integer(row.lastSequence) }
      td(.class("number nowrap")) { ByteText.text(row.fileBytes) }
      td(.class("number nowrap")) { ByteText.text(row.logBytes) }
      td(.class("number")) { Grouped.text(row.waitingWrites) }
      td(.class("number")) { Grouped.text(row.followers) }
      td(.class("number")) { Grouped.text(row.parked) }
    }
  }

  private var settings: HTML {
    section(.class("card")) {
      h2 { "Settings of the server" }
      p(.class("hush")) { "They hold from start to end: change them where they are set, and start the server again." }
      if !figures.settings.isEmpty {
        div(.class("region free"), .role("region"), .aria("label", "Settings"), .tabIndex(0)) {
          Web.table {
            caption(.class("away")) { "Settings of the server" }
            thead {
              tr {
                for head in ["Setting", "Value", "Set", "Meaning"] { th(.scope("col")) { head } }
              }
            }
            tbody { for setting in figures.settings { self.row(setting) } }
          }
        }
      }
    }
  }

  private func row(_ setting: ServerFigures.Setting) -> HTML {
    tr {
      th(.scope("row")) { code { setting.name } }
      td { SettingCard.html(setting.value) }
      td { setting.source }
      td {
        setting.meaning
        span(.class("hush small")) { " Set by \(setting.places)." }
      }
    }
  }
}

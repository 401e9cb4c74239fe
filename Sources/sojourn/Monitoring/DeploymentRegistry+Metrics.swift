import Deployments
import Metrics
import Storage

extension DeploymentRegistry {
  /// The figures of every deployment.
  func measure(_ page: inout MetricPage) {
    let deployments = all
    page.add(.deployments, ["served"], deployments.count)
    page.add(.deployments, ["unusable"], allUnusable.count)
    let labels = DeploymentLabels(deployments.map(\.id))
    /// Of those behind the first, the sum would say nothing.
    var last: Int64 = 0
    var areOthersFit = true
    for deployment in deployments {
      let figures = deployment.store.figures
      let name = labels[deployment.id]
      let label = [name]
      page.add(.commits, label, Double(figures.commitDuration.count))
      page.add(.commitDuration, label, figures.commitDuration)
      page.add(.groupWrites, label, figures.groupWrites)
      page.add(.writeWait, label, figures.writeWait)
      page.add(.waitingWrites, label, figures.waitingWrites)
      page.add(.writeFailures, label, figures.writeFailures)
      for figure in figures.ofEngine { page.add(figure.metric, figure.labels(of: name), figure.value) }
      page.add(.waitingReaders, label, figures.waitingReaders)
      page.add(.attachments, label, figures.attachments.attachments)
      page.add(.attachmentBytes, label, figures.attachments.bytes)
      let refused = deployment.limiter.refused
      page.add(.rateLimitRefusals, [name, "deployment"], refused.requests)
      page.add(.rateLimitRefusals, [name, "user"], refused.devices)
      if name == DeploymentLabels.rest {
        last = max(last, figures.lastSequence)
        areOthersFit = areOthersFit && figures.isFit
      } else {
        page.add(.lastSequence, label, Double(figures.lastSequence))
        page.add(.writerFit, label, figures.isFit ? 1 : 0)
      }
    }
    if deployments.count > DeploymentLabels.most {
      page.add(.lastSequence, [DeploymentLabels.rest], Double(last))
      page.add(.writerFit, [DeploymentLabels.rest], areOthersFit ? 1 : 0)
    }
  }
}

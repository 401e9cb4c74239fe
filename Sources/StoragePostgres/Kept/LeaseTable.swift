import Storage
import Wire

/// The leases of a deployment. `LeaseRule` says who may have one.
struct LeaseTable {
  let schema: DeploymentSchema

  func ask(for name: String, _ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask("SELECT holder, number, ends_at FROM \(schema.name).leases WHERE name = $1") {
      $0.add(text: name)
    } taking: { result, rows in
      guard let row = result.first else { return }
      rows.lease = LeaseRow(
        name: name, holder: try row.id(0), number: try row.integer(1), endsAt: try row.integer(2))
    }
  }

  func store(_ lease: LeaseRow, in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).leases (name, holder, number, ends_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (name) DO UPDATE SET holder = $2, number = $3, ends_at = $4
      """
    ) {
      $0.add(text: lease.name)
      $0.add(id: lease.holder)
      $0.add(integer: lease.number)
      $0.add(integer: lease.endsAt)
    }
  }
}

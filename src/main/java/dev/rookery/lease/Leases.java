package dev.rookery.lease;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The leases of one run of a node.
 *
 * <p>A node that lives raises its beat. Whoever sees another's beat stand still for {@link
 * #SILENT_MAX}, by a clock of its own that only measures how long something takes, removes that
 * node's row, on condition that the beat is still the same; from then on its leases may be taken. A
 * node that was merely paused finds its row gone and knows that it has lost everything. Until it
 * notices, it can do no harm: {@link #fence} fails once there is a newer tenure, inside the
 * transaction that would have written.
 *
 * <p>Calls park the virtual thread; {@link #beat} is to be called about once a second, and never by
 * two threads at once.
 */
public final class Leases {
  public static final Duration SILENT_MAX = Duration.ofSeconds(3);
  private static final int NODES_MAX = 1_000;
  private static final int LEASES_MAX = 10_000;

  private static final String RAISE =
      """
      INSERT INTO lease_holder (node, beat) VALUES ($1, 1)
      ON CONFLICT (node) DO UPDATE SET beat = lease_holder.beat + 1
      RETURNING beat
      """;

  private static final String BEATS = "SELECT node, beat FROM lease_holder ORDER BY node LIMIT $1";

  private static final String BURY =
      "DELETE FROM lease_holder WHERE node = $1 AND beat = $2 RETURNING node";

  private static final String LEAVE = "DELETE FROM lease_holder WHERE node = $1 RETURNING node";

  private static final String TAKE =
      """
      INSERT INTO lease (name, node, epoch) VALUES ($1, $2, 1)
      ON CONFLICT (name) DO UPDATE SET
        epoch = CASE WHEN lease.node = excluded.node THEN lease.epoch ELSE lease.epoch + 1 END,
        node = excluded.node
      WHERE lease.node = excluded.node
        OR NOT EXISTS (SELECT 1 FROM lease_holder WHERE lease_holder.node = lease.node)
      RETURNING epoch
      """;

  private static final String PASS_ON =
      """
      UPDATE lease SET node = $1, epoch = epoch + 1
      WHERE name = $2 AND node = $3 AND epoch = $4
        AND EXISTS (SELECT 1 FROM lease_holder WHERE lease_holder.node = $1)
      RETURNING epoch
      """;

  private static final String GIVE_UP =
      "DELETE FROM lease WHERE name = $1 AND node = $2 AND epoch = $3 RETURNING name";

  private static final String ORPHANS =
      """
      SELECT name FROM lease
      WHERE NOT EXISTS (SELECT 1 FROM lease_holder WHERE lease_holder.node = lease.node)
      ORDER BY name LIMIT $1
      """;

  private static final String OWNED = "SELECT name, epoch FROM lease WHERE node = $1 LIMIT $2";

  private static final String HOLDS =
      "SELECT epoch FROM lease WHERE name = $1 AND node = $2 AND epoch = $3";

  private final Database database;
  private final LongSupplier nanos;
  private final String node;
  private final Map<String, Seen> seen = new HashMap<>();
  private boolean begun;

  /**
   * @param node unique for this run of the node
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}
   */
  public Leases(Database database, String node, LongSupplier nanos) {
    this.database = database;
    this.node = node;
    this.nanos = nanos;
  }

  private record Seen(long beat, long sinceNanos) {}

  /**
   * Says that this node lives, and buries those that do not.
   *
   * @return whether all leases taken since the last call are still held; if not, every one of them
   *     is lost
   */
  public boolean beat() {
    long beat = database.write(tx -> tx.run(RAISE, node).row(0).number("beat"));
    boolean kept = beat > 1 || !begun;
    begun = true;
    bury();
    return kept;
  }

  private void bury() {
    long now = nanos.getAsLong();
    Map<String, Long> beats = new HashMap<>();
    database.read(BEATS, NODES_MAX).all(row -> beats.put(row.text("node"), row.number("beat")));
    beats.remove(node);
    seen.keySet().retainAll(beats.keySet());
    beats.forEach(
        (other, beat) -> {
          Seen before = seen.get(other);
          if (before == null || before.beat != beat) {
            seen.put(other, new Seen(beat, now));
          } else if (now - before.sinceNanos > SILENT_MAX.toNanos()) {
            database.write(tx -> tx.run(BURY, other, beat).size());
            seen.remove(other);
          }
        });
  }

  /** Takes what nobody holds; answers the same tenure again if it is ours already. */
  public Optional<Lease> take(String name) {
    return database.write(
        tx -> tx.run(TAKE, name, node).first(row -> new Lease(name, node, row.number("epoch"))));
  }

  /** What belonged to nodes that are gone, at most {@code max} of it, for whoever can go on. */
  public List<String> orphans(int max) {
    return database.read(ORPHANS, Math.min(max, LEASES_MAX)).all(row -> row.text("name"));
  }

  /** What this node holds. */
  public List<Lease> owned() {
    return new ArrayList<>(
        database
            .read(OWNED, node, LEASES_MAX)
            .all(row -> new Lease(row.text("name"), node, row.number("epoch"))));
  }

  /** Passes a lease to a node that lives, in one step; empty if it was lost or nobody is there. */
  public Optional<Lease> handOver(Lease lease, String to) {
    return database.write(
        tx ->
            tx.run(PASS_ON, to, lease.name(), lease.node(), lease.epoch())
                .first(row -> new Lease(lease.name(), to, row.number("epoch"))));
  }

  /** What was owned is no more. */
  public void end(Lease lease) {
    database.write(tx -> tx.run(GIVE_UP, lease.name(), lease.node(), lease.epoch()).size());
  }

  /** Leaves in order: others may take over at once what is still held. */
  public void leave() {
    database.write(tx -> tx.run(LEAVE, node).size());
  }

  /**
   * To be called in every transaction in which an owner writes. Nobody can take the lease until
   * that transaction ends; {@code Unavailable("not_owner")} if somebody has.
   */
  public static void fence(Transaction tx, Lease lease) {
    String sql = HOLDS + tx.dialect().forShare();
    if (tx.run(sql, lease.name(), lease.node(), lease.epoch()).isEmpty()) {
      throw new Refused(new Refusal.Unavailable("not_owner"));
    }
  }
}

package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.extensionhost.ExtensionDeployment.Report;
import dev.rookery.extensionhost.ExtensionDeployment.State;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deployments as rows, with what nodes say about them. */
final class ExtensionStore {
  /** How many versions of an extension can be deployed again. */
  static final int VERSIONS_KEPT = 5;

  private static final int DEPLOYMENTS_KEPT = 50;

  private static final String COLUMNS =
      "id, name, version, digest, state, reason, source, created_ms, decided_ms";

  private final Database database;
  private final ExtensionJarStore jars;

  ExtensionStore(Database database) {
    this.database = database;
    this.jars = new ExtensionJarStore(database);
  }

  /** The jars of the deployments. */
  ExtensionJarStore jars() {
    return jars;
  }

  /** Says that this run of the node follows deployments. */
  void register(long run, Set<Long> living) {
    List<Long> known =
        database.read("SELECT run FROM extension_node").all(row -> row.number("run"));
    database.write(
        tx -> {
          tx.run("INSERT INTO extension_node (run) VALUES ($1) ON CONFLICT (run) DO NOTHING", run);
          for (long each : known) {
            if (!living.contains(each) && each != run) {
              tx.run("DELETE FROM extension_node WHERE run = $1", each);
            }
          }
          return run;
        });
  }

  Set<Long> followers() {
    return new HashSet<>(
        database.read("SELECT run FROM extension_node").all(row -> row.number("run")));
  }

  /** Begins a deployment. */
  ExtensionDeployment insert(
      String name, String version, String digest, String source, Duration time) {
    return database.write(
        tx -> {
          boolean busy =
              !tx.run(
                      """
                      SELECT id FROM extension_deployment WHERE name = $1 AND state = 'preparing'
                      """,
                      name)
                  .isEmpty();
          if (busy) {
            throw Refused.conflict(ExtensionDeployments.IN_PROGRESS);
          }
          long now = tx.now().toEpochMilli();
          return tx.run(
                  """
                  INSERT INTO extension_deployment (name, version, digest, state, source,
                    created_ms, deadline_ms)
                  VALUES ($1, $2, $3, 'preparing', $4, $5, $6)
                  ON CONFLICT DO NOTHING
                  RETURNING
                  """
                      + COLUMNS,
                  name,
                  version,
                  digest,
                  source,
                  now,
                  now + time.toMillis())
              .first(ExtensionStore::deployment)
              .orElseThrow(() -> Refused.conflict(ExtensionDeployments.IN_PROGRESS));
        });
  }

  /** Deployments that nodes must follow: at most two of each extension. */
  List<ExtensionDeployment> current() {
    return database
        .read(
            "SELECT "
                + COLUMNS
                + " FROM extension_deployment WHERE state IN ('preparing', 'active') ORDER BY"
                + " name, id")
        .all(ExtensionStore::deployment);
  }

  ExtensionDeployment find(long id) {
    return database
        .read("SELECT " + COLUMNS + " FROM extension_deployment WHERE id = $1", id)
        .first(ExtensionStore::deployment)
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  /** The last deployments of an extension, newest first. */
  List<ExtensionDeployment> history(String name) {
    return history(database, name);
  }

  private static List<ExtensionDeployment> history(Reader reader, String name) {
    return reader
        .read(
            "SELECT "
                + COLUMNS
                + " FROM extension_deployment WHERE name = $1 ORDER BY id DESC LIMIT "
                + DEPLOYMENTS_KEPT,
            name)
        .all(ExtensionStore::deployment);
  }

  List<String> names() {
    return database
        .read("SELECT DISTINCT name FROM extension_deployment ORDER BY name LIMIT 1000")
        .all(row -> row.text("name"));
  }

  List<Report> reports(long deployment) {
    return database
        .read(
            """
            SELECT run, state, reason, start_ms FROM extension_report
            WHERE deployment_id = $1 ORDER BY run
            """,
            deployment)
        .all(
            row ->
                new Report(
                    row.number("run"),
                    row.text("state").equals("ready"),
                    row.textOrNull("reason"),
                    row.number("start_ms")));
  }

  void report(long deployment, Report report) {
    database.write(
        tx ->
            tx.run(
                """
                INSERT INTO extension_report (deployment_id, run, state, reason, start_ms)
                VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (deployment_id, run) DO UPDATE
                  SET state = excluded.state, reason = excluded.reason,
                    start_ms = excluded.start_ms
                """,
                deployment,
                report.run(),
                report.ready() ? "ready" : "failed",
                report.reason(),
                report.startMs()));
  }

  /**
   * Decides a deployment unless it is decided; an approved one supersedes that before it. What is
   * not needed any more is deleted.
   */
  boolean decide(ExtensionDeployment deployment, @Nullable String rejection) {
    return decide(deployment, rejection, _ -> {});
  }

  /**
   * @param onActive runs in the transaction that lets the version take over
   */
  boolean decide(
      ExtensionDeployment deployment, @Nullable String rejection, Consumer<Transaction> onActive) {
    return database.write(
        tx -> {
          // Locks the row, so that no other node decides otherwise meanwhile.
          boolean open =
              !tx.run(
                      """
                      UPDATE extension_deployment SET decided_ms = $1
                      WHERE id = $2 AND state = 'preparing' RETURNING id
                      """,
                      tx.now().toEpochMilli(),
                      deployment.id())
                  .isEmpty();
          if (!open) {
            return false;
          }
          if (rejection == null) {
            tx.run(
                """
                UPDATE extension_deployment SET state = 'superseded'
                WHERE name = $1 AND state = 'active'
                """,
                deployment.name());
            onActive.accept(tx);
          }
          tx.run(
              "UPDATE extension_deployment SET state = $1, reason = $2 WHERE id = $3",
              rejection == null ? "active" : "rejected",
              rejection,
              deployment.id());
          prune(tx, deployment.name());
          return true;
        });
  }

  boolean isOverdue(long deployment) {
    return database.write(
        tx ->
            !tx.run(
                    "SELECT id FROM extension_deployment WHERE id = $1 AND deadline_ms < $2",
                    deployment,
                    tx.now().toEpochMilli())
                .isEmpty());
  }

  /**
   * Takes the active version out of service.
   *
   * @throws Refused {@code not_found} if there is none
   */
  void remove(String name, Consumer<Transaction> onRemoved) {
    database.write(
        tx -> {
          onRemoved.accept(tx);
          ScheduleStore.deleteAll(tx, name);
          return tx.run(
                  """
                  UPDATE extension_deployment SET state = 'removed'
                  WHERE name = $1 AND state = 'active' RETURNING id
                  """,
                  name)
              .first(row -> row.number("id"))
              .orElseThrow(() -> Refused.missing("not_found"));
        });
  }

  /** The versions of an extension that took over, newest first and each once. */
  List<ExtensionDeployment> usable(String name) {
    return usable(database, name);
  }

  private static List<ExtensionDeployment> usable(Reader reader, String name) {
    var digests = new HashSet<String>();
    return reader
        .read(
            "SELECT "
                + COLUMNS
                + " FROM extension_deployment WHERE name = $1"
                + " AND state IN ('active', 'superseded', 'removed') ORDER BY id DESC LIMIT "
                + DEPLOYMENTS_KEPT,
            name)
        .all(ExtensionStore::deployment)
        .stream()
        .filter(each -> digests.add(each.digest()))
        .limit(VERSIONS_KEPT)
        .toList();
  }

  /** Deletes deployments and jars of an extension that are not needed any more. */
  private static void prune(Transaction tx, String name) {
    ExtensionJarStore.prune(tx, digests(tx, name), digest -> isUsable(tx, digest));
    List<ExtensionDeployment> history = history(tx, name);
    if (history.size() < DEPLOYMENTS_KEPT) {
      return;
    }
    long oldest = history.getLast().id();
    List<ExtensionDeployment> usable = usable(tx, name);
    // Many rejected deployments must not make an extension forget what it can be rolled back to.
    long oldestUsable = usable.isEmpty() ? oldest : Math.min(oldest, usable.getLast().id());
    String condition =
        """
        name = $1 AND (
          (state = 'rejected' AND id < $2) OR (state IN ('superseded', 'removed') AND id < $3))
        """;
    tx.run(
        "DELETE FROM extension_report WHERE deployment_id IN (SELECT id FROM extension_deployment"
            + " WHERE "
            + condition
            + ")",
        name,
        oldest,
        oldestUsable);
    tx.run("DELETE FROM extension_deployment WHERE " + condition, name, oldest, oldestUsable);
  }

  private static Set<String> digests(Transaction tx, String name) {
    return new HashSet<>(
        tx.run("SELECT DISTINCT digest FROM extension_deployment WHERE name = $1", name)
            .all(row -> row.text("digest")));
  }

  /** Whether an extension can be rolled back to the jar. */
  private static boolean isUsable(Transaction tx, String digest) {
    return tx
        .run(
            """
            SELECT DISTINCT name FROM extension_deployment
            WHERE digest = $1 AND state IN ('active', 'superseded', 'removed')
            """,
            digest)
        .all(row -> row.text("name"))
        .stream()
        .anyMatch(name -> usable(tx, name).stream().anyMatch(each -> each.digest().equals(digest)));
  }

  private static ExtensionDeployment deployment(Row row) {
    return new ExtensionDeployment(
        row.number("id"),
        row.text("name"),
        row.text("version"),
        row.text("digest"),
        State.valueOf(Objects.requireNonNull(row.text("state")).toUpperCase(Locale.ROOT)),
        row.textOrNull("reason"),
        row.text("source"),
        row.number("created_ms"),
        row.numberOrNull("decided_ms"));
  }
}

package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.BackupCommand.BackupPage;
import dev.rookery.console.BackupCommand.Progress;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link BackupCommand}. What is asked for is a row, which the named node finds and carries
 * out with {@link BackupRunner}; one of the cluster is made at a time.
 */
public final class BackupVerticle extends VerticleBase {
  private static final String STATE = "backup.state";
  private static final String DUE = "backup.due";
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration END_EVERY = Duration.ofSeconds(5);
  private static final Duration SCHEDULE_EVERY = Duration.ofMinutes(1);
  private static final Duration BEGUN_WITHIN = Duration.ofMinutes(1);
  private static final Duration GAUGES_EVERY = Duration.ofSeconds(15);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration REMOVALS_KEPT_FOR = Duration.ofDays(90);

  /**
   * How this node makes backups.
   *
   * @param node its name
   * @param folder where it keeps them
   * @param every how often one is made without being asked; null for never
   */
  public record Settings(
      String node, Path folder, @Nullable Duration every, int keptMax, long bytesMax) {}

  private final Bus bus;
  private final Database database;
  private final InstantSource clock;
  private final ClusterScheduler scheduler;
  private final NodeCalls calls;
  private final BackupTool tool;
  private final Settings settings;
  private final BackupStore backups = new BackupStore();
  private final BackupFiles files;
  private final BackupRunner runner;
  private BackupTransfer transfer;

  @SuppressWarnings("NullAway.Init")
  public BackupVerticle(
      Bus bus,
      Database database,
      Membership membership,
      InstantSource clock,
      ClusterScheduler scheduler,
      NodeCalls calls,
      BackupTool tool,
      Settings settings) {
    this.bus = bus;
    this.database = database;
    this.clock = clock;
    this.scheduler = scheduler;
    this.calls = calls;
    this.tool = tool;
    this.settings = settings;
    this.files = new BackupFiles(settings.folder());
    this.runner = new BackupRunner(database, backups, membership, clock, tool, settings);
  }

  @Override
  public Future<?> start() {
    calls.answer(STATE, _ -> state());
    calls.answer(
        DUE,
        _ -> {
          runner.runSoon();
          return new JsonObject();
        });
    vertx.setPeriodic(LOOK_EVERY.toMillis(), _ -> runner.runSoon());
    var gauges =
        new LastRunGauges(
            database.registry(), clock, "rookery.backup", () -> backups.lastRuns(database));
    vertx.setPeriodic(1, GAUGES_EVERY.toMillis(), _ -> Thread.startVirtualThread(gauges::refresh));
    scheduler.schedule("backups of ended nodes", END_EVERY, _ -> endOrphans());
    Duration every = settings.every();
    if (every != null) {
      schedule(every);
    }
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "files of deleted backups",
            SweptTable.aged(
                    "backup_removal",
                    "when its node has removed the file, or did not for 90 days",
                    "at_ms",
                    REMOVALS_KEPT_FOR)
                .orderedBy(null)),
        _ ->
            database.write(
                tx -> backups.sweepRemovals(tx, tx.now().minus(REMOVALS_KEPT_FOR).toEpochMilli())));
    transfer = new BackupTransfer(vertx, bus, settings.node(), files);
    return Future.all(
        transfer.start(), bus.<BackupCommand<?>>serve(BackupCommand.ADDRESS, this::handle));
  }

  @Override
  public Future<?> stop() {
    runner.stop();
    return Future.succeededFuture();
  }

  private void schedule(Duration every) {
    scheduler.schedule("scheduled backups", SCHEDULE_EVERY, _ -> backUpIfTime(every));
  }

  private JsonObject state() {
    return JsonObject.of(
        "able", tool.isAvailable(), "written", runner.written(), "expected", runner.expected());
  }

  private Object handle(BackupCommand<?> command) {
    return switch (command) {
      case BackupCommand.BackUp(var node) -> backUp(node);
      case BackupCommand.ListBackups _ -> list();
      case BackupCommand.Delete(var backup) -> delete(backup);
      case BackupCommand.FindFile(var backup, var file) -> findFile(backup, file);
    };
  }

  private BackupPage list() {
    NodeCalls.Answers answers = calls.askAll(STATE, new JsonObject()).await();
    var able = new ArrayList<String>();
    var written = new TreeMap<String, Progress>();
    answers
        .byNode()
        .forEach(
            (node, answer) -> {
              if (answer.getBoolean("able")) {
                able.add(node);
              }
              if (answer.getLong("written") >= 0) {
                written.put(
                    node, new Progress(answer.getLong("written"), answer.getLong("expected")));
              }
            });
    return new BackupPage(
        settings.node(),
        tool.kind(),
        backups.list(database, BackupCommand.ListBackups.MAX),
        List.copyOf(able),
        answers.silent(),
        written);
  }

  private Backup backUp(String asked) {
    String node = asked.isEmpty() ? ableNode() : asked;
    if (!calls.living().contains(node)) {
      throw Refused.missing("node_not_found");
    }
    JsonObject answer =
        calls
            .ask(STATE, new JsonObject(), Set.of(node), NodeCalls.LONG_WITHIN)
            .await()
            .byNode()
            .get(node);
    if (answer == null || !answer.getBoolean("able")) {
      throw Refused.conflict("backup_not_available");
    }
    var admin = AuditedChange.currentAdmin();
    long id =
        database.write(
            tx ->
                backups
                    .insert(tx, node, tool.kind(), admin)
                    .orElseThrow(() -> Refused.conflict("backup_running")));
    var _ = calls.ask(DUE, new JsonObject(), Set.of(node), NodeCalls.WITHIN);
    return find(id);
  }

  private String ableNode() {
    return tool.isAvailable()
        ? settings.node()
        : list().able().stream()
            .findFirst()
            .orElseThrow(() -> Refused.conflict("backup_not_available"));
  }

  private Backup find(long backup) {
    return backups.find(database, backup).orElseThrow(() -> Refused.missing("backup_not_found"));
  }

  private Done delete(long backup) {
    Backup found = find(backup);
    database.write(
        tx -> {
          // Not the one that was found: it may have got its files since.
          Backup deleted =
              backups.delete(tx, backup).orElseThrow(() -> Refused.conflict("backup_running"));
          backups.removeFiles(tx, deleted);
          return Done.DONE;
        });
    if (found.node().equals(settings.node())) {
      runner.removeFiles();
    } else {
      var _ = calls.ask(DUE, new JsonObject(), Set.of(found.node()), NodeCalls.WITHIN);
    }
    return Done.DONE;
  }

  private BackupFile findFile(long backup, @Nullable String name) {
    Backup found = find(backup);
    String file =
        found.files().stream()
            .filter(one -> name == null || one.equals(name))
            .findFirst()
            .orElseThrow(() -> Refused.missing("backup_not_found"));
    String node = found.node();
    if (node.equals(settings.node())) {
      return new BackupFile.Here(
          files.find(file).orElseThrow(() -> Refused.missing("backup_not_found")));
    }
    if (!calls.living().contains(node)) {
      throw BackupTransfer.silent(node);
    }
    long bytes = transfer.read(node, file, 0, 0).await().total();
    return new BackupFile.OnOtherNode(file, bytes, from -> transfer.read(node, file, from));
  }

  private void endOrphans() {
    if (!backups.isAnyActive(database)) {
      return;
    }
    database.write(
        tx -> {
          backups.endOrphans(tx, tx.now().minus(BEGUN_WITHIN).toEpochMilli());
          return Done.DONE;
        });
  }

  private void backUpIfTime(Duration every) {
    if (backups.isScheduleDue(database, clock.millis(), every)) {
      backUp("");
    }
  }
}

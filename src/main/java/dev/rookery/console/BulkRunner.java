package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.BulkJob.RowState;
import dev.rookery.console.BulkStore.Stored;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one job, row after row, on a virtual thread. Each row is marked before its command is
 * sent and after it, in transactions that are fenced with the lease of this node: a node that was
 * declared dead begins no further row, and the next one repeats at most the row that was begun. A
 * command that is repeated does no harm.
 */
final class BulkRunner {
  private static final int READ_AT_ONCE = 100;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** How often a row is tried whose command finds the node or the database busy. */
  private static final int TRIES_MAX = 20;

  private final Bus bus;
  private final Database database;
  private final BulkStore jobs;
  private final Grants grants;
  private final BulkActions actions;
  private final MeterRegistry meters;

  BulkRunner(Bus bus, Database database, BulkStore jobs, Grants grants, BulkActions actions) {
    this.bus = bus;
    this.database = database;
    this.jobs = jobs;
    this.grants = grants;
    this.actions = actions;
    this.meters = database.registry();
  }

  /** What became of a row. */
  private record Outcome(BulkJob.Row row, RowState state, String code) {}

  /**
   * Runs a job to its end, or until it is cancelled, the lease is lost or the node stops.
   *
   * @param stored of an action that is registered
   * @param goesOn false once the node stops
   */
  void run(Stored stored, Lease lease, BooleanSupplier goesOn) {
    BulkJob job = stored.job();
    BulkAction action = actions.find(job.action()).orElseThrow();
    @Nullable Outcome last = null;
    long after = 0;
    while (true) {
      List<BulkJob.Row> rows = jobs.pending(database, job.id(), after, READ_AT_ONCE);
      for (BulkJob.Row row : rows) {
        if (!goesOn.getAsBoolean() || !step(stored, action, lease, last, row)) {
          return;
        }
        last = carryOut(stored, action, row, goesOn);
        if (last == null) {
          return;
        }
        after = row.place();
      }
      if (rows.size() < READ_AT_ONCE) {
        finish(job, lease, last);
        return;
      }
    }
  }

  /**
   * Stores what became of the row before, and begins the next one.
   *
   * @return false if the job ends here
   */
  private boolean step(
      Stored stored, BulkAction action, Lease lease, @Nullable Outcome last, BulkJob.Row next) {
    BulkJob job = stored.job();
    return database.write(
        tx -> {
          Leases.fence(tx, lease);
          store(tx, job, last);
          if (!jobs.isRunning(tx, job.id())) {
            return false;
          }
          String problem = grants.problem(tx, job.admin(), stored.key(), action.permission());
          if (!problem.isEmpty()) {
            jobs.finish(tx, job.id(), BulkJob.State.STOPPED, problem);
            return false;
          }
          if (next.state() == RowState.PENDING) {
            jobs.setRow(tx, job.id(), next.place(), RowState.TRIED, "");
          }
          return true;
        });
  }

  private void finish(BulkJob job, Lease lease, @Nullable Outcome last) {
    database.write(
        tx -> {
          Leases.fence(tx, lease);
          store(tx, job, last);
          if (jobs.isRunning(tx, job.id())) {
            jobs.finish(tx, job.id(), BulkJob.State.DONE, "");
          }
          return true;
        });
  }

  private void store(Transaction tx, BulkJob job, @Nullable Outcome last) {
    if (last != null) {
      jobs.setRow(tx, job.id(), last.row().place(), last.state(), last.code());
      jobs.count(tx, job.id(), last.state());
    }
  }

  /** Returns what became of the row; null if the node stops before that is known. */
  private @Nullable Outcome carryOut(
      Stored stored, BulkAction action, BulkJob.Row row, BooleanSupplier goesOn) {
    for (int tries = 1; goesOn.getAsBoolean(); tries++) {
      Optional<Refusal> refusal = send(stored, action, row);
      if (refusal.isEmpty()) {
        return outcome(row, RowState.DONE, "");
      }
      String code = refusal.get().code();
      boolean busy =
          refusal.get() instanceof Refusal.Unavailable || refusal.get() instanceof Refusal.Limited;
      if (refusal.get() instanceof Refusal.Missing) {
        boolean removedBefore = action.removes() && (row.state() == RowState.TRIED || tries > 1);
        return removedBefore
            ? outcome(row, RowState.DONE, "")
            : outcome(row, RowState.VANISHED, code);
      }
      if (!busy || tries == TRIES_MAX) {
        return outcome(row, RowState.REFUSED, code);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return null;
  }

  private Outcome outcome(BulkJob.Row row, RowState state, String code) {
    meters.counter("rookery.console.bulk.rows", "outcome", state.text()).increment();
    return new Outcome(row, state, code);
  }

  /** Sends the command of a row, with its entry in the audit log; empty if it was done. */
  private Optional<Refusal> send(Stored stored, BulkAction action, BulkJob.Row row) {
    BulkJob job = stored.job();
    var change =
        new AuditedChange(
            new Actor(
                stored.kind(),
                job.admin(),
                stored.session(),
                stored.address(),
                stored.requestId(),
                action.permission(),
                stored.limit(),
                job.reason()),
            action.auditAction(),
            action.area() + "/" + row.row(),
            Map.of("job", job.id()));
    String key = "bulk-" + job.id() + "-row-" + row.row();
    try {
      Command<?> command = action.command().of(row.row(), job.admin(), job.input(), key);
      bus.ask(command, change).await();
    } catch (Refused refused) {
      if (!(refused.refusal() instanceof Refusal.Unavailable)) {
        bus.ask(new ConsoleCommand.Record(change, refused.refusal().code())).await();
      }
      return Optional.of(refused.refusal());
    }
    if (change.needsRecord()) {
      bus.ask(new ConsoleCommand.Record(change, AuditEntry.DONE)).await();
    }
    return Optional.empty();
  }
}

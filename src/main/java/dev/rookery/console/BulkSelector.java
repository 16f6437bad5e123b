package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the rows of jobs: the ids of all that match, in the order of the list, while the admin
 * looks on. What appears in the list later is not in the job, and a row that moves in the list
 * meanwhile is in it once. At most {@value #AT_ONCE} at a time on a node.
 */
public final class BulkSelector {
  static final int AT_ONCE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(BulkSelector.class);
  private static final int PART = 500;

  /** Rows that move ahead again and again must not keep a selection from its end. */
  private static final int PARTS_MAX = 2 * BulkJob.ROWS_MAX / PART;

  private static final Duration RETRY = Duration.ofSeconds(10);

  private final Semaphore slots = new Semaphore(AT_ONCE);

  /**
   * Begins to collect the rows; the job tells how far it is.
   *
   * @param begin carries out {@link BulkCommand.Select} in the name of the admin, so that the audit
   *     log has it
   */
  public <T> Future<BulkJob> select(
      Bus bus, Supplier<Future<BulkJob>> begin, ListSelection.Rows<T> rows) {
    if (!slots.tryAcquire()) {
      return Future.failedFuture(new Refused(new Refusal.Limited("too_many_selections", RETRY)));
    }
    return begin
        .get()
        .onSuccess(job -> collect(bus, job.id(), rows))
        .onFailure(_ -> slots.release());
  }

  private <T> void collect(Bus bus, long job, ListSelection.Rows<T> rows) {
    collect(bus, job, rows, null, new HashSet<>(), PARTS_MAX)
        .compose(_ -> bus.ask(new BulkCommand.FinishSelection(job)))
        .recover(
            failure ->
                bus.ask(new BulkCommand.StopSelection(job, code(failure)))
                    .onSuccess(_ -> LOG.info("rows of job {} are not selected", job, failure)))
        .onComplete(_ -> slots.release())
        .onFailure(failure -> LOG.warn("job {} cannot be stopped", job, failure));
  }

  private static String code(Throwable failure) {
    return failure instanceof Refused refused ? refused.refusal().code() : "internal";
  }

  private static <T> Future<Done> collect(
      Bus bus,
      long job,
      ListSelection.Rows<T> rows,
      @Nullable T last,
      Set<Long> selected,
      int partsLeft) {
    if (partsLeft == 0) {
      return Future.failedFuture(Refused.conflict("job_too_large"));
    }
    return rows.read()
        .apply(last, PART)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(Done.DONE);
              }
              List<Long> ids = found.stream().map(rows.id()).filter(selected::add).toList();
              return bus.ask(new BulkCommand.AddRows(job, ids))
                  .compose(_ -> collect(bus, job, rows, found.getLast(), selected, partsLeft - 1));
            });
  }
}

package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands on jobs of admins. A job is of its admin: {@code Missing("job_not_found")} for others,
 * unless a command says otherwise.
 */
public sealed interface BulkCommand<R> extends Command<R> {
  String ADDRESS = "bulk";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Begins to select the rows of a job, in place of an earlier one of the admin and the list that
   * was not started. {@code Conflict("job_running")} while one is running.
   *
   * @param list the path of the list
   * @param action as {@link BulkActions} knows it
   */
  record Select(PlayerId admin, String list, String action, String query)
      implements BulkCommand<BulkJob> {}

  /**
   * Adds rows to a job whose rows are being selected; those that came after it are not in it.
   * {@code Conflict("job_too_large")} beyond {@link BulkJob#ROWS_MAX}, {@code
   * Conflict("job_not_selecting")} if it was replaced.
   */
  record AddRows(long job, List<Long> rows) implements BulkCommand<Done> {}

  /** All rows are selected. {@code Conflict("job_not_selecting")}. */
  record FinishSelection(long job) implements BulkCommand<Done> {}

  /** The rows could not be selected. */
  record StopSelection(long job, String problem) implements BulkCommand<Done> {}

  /**
   * Starts a job with the rows that are selected, and no others. {@code Conflict("job_not_ready")}.
   *
   * @param actor the admin, with the reason
   * @param total how many rows the admin has confirmed: {@code Conflict("job_not_ready")} if there
   *     is another number
   * @param delayMs how long it can be cancelled before it begins
   */
  record Start(long job, Actor actor, Map<String, Object> input, long total, long delayMs)
      implements BulkCommand<BulkJob> {}

  /** Ends a job that is not finished; rows that were done stay done. Harmless when repeated. */
  record Cancel(long job, PlayerId admin) implements BulkCommand<BulkJob> {}

  /**
   * Finds a job.
   *
   * @param admin null for the job of any admin
   */
  record Find(long job, @Nullable PlayerId admin) implements BulkCommand<BulkJob> {}

  /**
   * Lists jobs, the newest first.
   *
   * @param admin null for all
   * @param before the id of the last job of the page before; null for the first page
   */
  record ListJobs(@Nullable PlayerId admin, @Nullable Long before, int max)
      implements BulkCommand<List<BulkJob>> {}

  /**
   * Lists the rows of a job in the order of the list.
   *
   * @param state null for all
   * @param after the place of the last row of the page before; 0 for the first page
   */
  record ListRows(long job, BulkJob.@Nullable RowState state, long after, int max)
      implements BulkCommand<List<BulkJob.Row>> {}
}

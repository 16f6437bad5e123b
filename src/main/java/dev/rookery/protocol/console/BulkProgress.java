package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.BulkCommand;
import dev.rookery.console.BulkJob;
import dev.rookery.console.Permission;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The live region of a job on many rows: its page is loaded again when it is further. */
final class BulkProgress implements ConsoleSection {
  private static final String LIVE = "bulk";
  private static final String JOB = "job";

  private final Bus bus;
  private final LiveViews live;

  BulkProgress(Bus bus, LiveViews live) {
    this.bus = bus;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    live.add(
        LIVE,
        _ -> Set.of(),
        Duration.ofSeconds(1),
        parameters -> () -> message(parameters),
        (admin, parameters) ->
            find(parameters, visible(admin))
                .recover(
                    failure ->
                        Future.failedFuture(
                            failure instanceof Refused refused
                                ? new JoinRefusedException(refused.refusal().code())
                                : failure)));
  }

  static String topic(BulkJob job) {
    return LIVE + "?" + JOB + "=" + job.id();
  }

  /** Changes with every row, and with the state; not while the form of a job is filled in. */
  static String version(BulkJob job) {
    BulkJob.Counts counts = job.counts();
    return job.state().text() + " " + counts.total() + " " + counts.finished();
  }

  /** Whose jobs an admin may see; null for those of all. */
  static @Nullable PlayerId visible(Admin admin) {
    return admin.may(Permission.JOBS_READ) ? null : admin.player();
  }

  private Future<BulkJob> find(Map<String, String> parameters, @Nullable PlayerId of) {
    Long job = SearchQuery.parse(parameters.getOrDefault(JOB, ""));
    return bus.ask(new BulkCommand.Find(job == null ? 0 : job, of));
  }

  private Future<JsonObject> message(Map<String, String> parameters) {
    return find(parameters, null)
        .map(job -> JsonObject.of("parts", JsonObject.of("record", version(job))));
  }
}

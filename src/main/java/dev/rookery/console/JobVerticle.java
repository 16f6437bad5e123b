package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.JobQuery.JobPage;
import dev.rookery.console.JobQuery.OwnedJob;
import dev.rookery.lease.ClusterJob;
import dev.rookery.lease.ClusterScheduler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Set;

/** Answers {@link JobQuery}: each node says which jobs it holds, and runs those when asked. */
public final class JobVerticle extends VerticleBase {
  private static final String JOBS = "jobs";
  private static final String RUN = "run_job";
  private static final int JOBS_MAX = 500;

  private final Bus bus;
  private final ClusterScheduler scheduler;
  private final NodeCalls calls;

  public JobVerticle(Bus bus, ClusterScheduler scheduler, NodeCalls calls) {
    this.bus = bus;
    this.scheduler = scheduler;
    this.calls = calls;
  }

  @Override
  public Future<?> start() {
    calls.answer(JOBS, _ -> jobs());
    calls.answer(RUN, asked -> JsonObject.of("taken", scheduler.runSoon(asked.getString("name"))));
    return bus.<JobQuery<?>>serve(JobQuery.ADDRESS, this::answer);
  }

  private JsonObject jobs() {
    var jobs = new JsonArray();
    scheduler.held().stream().limit(JOBS_MAX).forEach(job -> jobs.add(json(job)));
    return JsonObject.of(JOBS, jobs);
  }

  private static JsonObject json(ClusterJob job) {
    return new JsonObject()
        .put("name", job.name())
        .put("running", job.running())
        .put("runs", job.runs())
        .put("ended_ago", job.endedAgoMs())
        .put("took", job.tookMs())
        .put("error", job.error())
        .put("next_in", job.nextInMs());
  }

  private static ClusterJob job(JsonObject json) {
    return new ClusterJob(
        json.getString("name"),
        json.getBoolean("running"),
        json.getLong("runs", 0L),
        json.getLong("ended_ago"),
        json.getLong("took"),
        json.getString("error"),
        json.getLong("next_in"));
  }

  private Object answer(JobQuery<?> query) {
    return switch (query) {
      case JobQuery.ListJobs() -> list();
      case JobQuery.RunJob(var name) -> run(name);
    };
  }

  private JobPage list() {
    NodeCalls.Answers answers = calls.askAll(JOBS, new JsonObject()).await();
    var found = new ArrayList<OwnedJob>();
    answers
        .byNode()
        .forEach(
            (name, answer) -> {
              JsonArray jobs = answer.getJsonArray(JOBS);
              for (int i = 0; i < jobs.size(); i++) {
                found.add(new OwnedJob(name, job(jobs.getJsonObject(i))));
              }
            });
    found.sort(Comparator.comparing((OwnedJob held) -> held.job().name()));
    return new JobPage(found, answers.silent());
  }

  private OwnedJob run(String name) {
    JobPage page = list();
    boolean silent = !page.silent().isEmpty();
    for (OwnedJob job : page.jobs()) {
      if (job.job().name().equals(name)) {
        JsonObject answer =
            calls
                .ask(RUN, JsonObject.of("name", name), Set.of(job.node()), NodeCalls.LONG_WITHIN)
                .await()
                .byNode()
                .get(job.node());
        if (answer != null && answer.getBoolean("taken")) {
          return job;
        }
        silent |= answer == null;
      }
    }
    // A node that has not answered may hold it, or have run it.
    throw silent ? new Refused(new Refusal.Unavailable("timeout")) : Refused.missing("not_found");
  }
}

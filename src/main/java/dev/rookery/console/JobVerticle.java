package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Answers {@link JobQuery}: each node says which jobs it holds, and runs those when asked. */
public final class JobVerticle extends VerticleBase {
  private static final String JOBS = "jobs";
  private static final String RUN = "run_job";
  private static final int JOBS_MAX = 500;

  private final Bus bus;
  private final Membership membership;
  private final ClusterScheduler scheduler;
  private final NodeCalls calls;
  private final String node;

  /**
   * @param node the name of this node
   */
  public JobVerticle(
      Bus bus, Membership membership, ClusterScheduler scheduler, NodeCalls calls, String node) {
    this.bus = bus;
    this.membership = membership;
    this.scheduler = scheduler;
    this.calls = calls;
    this.node = node;
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
        .put("ended_ago", job.endedAgoMs())
        .put("took", job.tookMs())
        .put("error", job.error())
        .put("next_in", job.nextInMs());
  }

  private static ClusterJob job(JsonObject json) {
    return new ClusterJob(
        json.getString("name"),
        json.getBoolean("running"),
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

  private Set<String> living() {
    var names = new TreeSet<String>();
    membership.members().stream().filter(Member::alive).forEach(member -> names.add(member.node()));
    names.add(node);
    return names;
  }

  private JobPage list() {
    Set<String> nodes = living();
    Map<String, JsonObject> answers = calls.ask(JOBS, new JsonObject(), nodes).await();
    var found = new ArrayList<OwnedJob>();
    answers.forEach(
        (name, answer) -> {
          JsonArray jobs = answer.getJsonArray(JOBS);
          for (int i = 0; i < jobs.size(); i++) {
            found.add(new OwnedJob(name, job(jobs.getJsonObject(i))));
          }
        });
    found.sort(Comparator.comparing((OwnedJob held) -> held.job().name()));
    return new JobPage(found, nodes.stream().filter(name -> !answers.containsKey(name)).toList());
  }

  private OwnedJob run(String name) {
    List<OwnedJob> held =
        list().jobs().stream().filter(job -> job.job().name().equals(name)).toList();
    for (OwnedJob job : held) {
      Map<String, JsonObject> answers =
          calls.ask(RUN, JsonObject.of("name", name), Set.of(job.node()), NodeCalls.WITHIN).await();
      JsonObject answer = answers.get(job.node());
      if (answer != null && answer.getBoolean("taken")) {
        return job;
      }
    }
    throw Refused.missing("not_found");
  }
}

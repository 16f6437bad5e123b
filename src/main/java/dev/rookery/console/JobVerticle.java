package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.console.JobQuery.DutyPage;
import dev.rookery.console.JobQuery.NodeDuty;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Duty;
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
  private static final String DUTIES = "duties";
  private static final String RUN = "run_duty";
  private static final int DUTIES_MAX = 500;

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
    calls.answer(DUTIES, _ -> duties());
    calls.answer(RUN, asked -> JsonObject.of("taken", scheduler.runSoon(asked.getString("name"))));
    return bus.<JobQuery<?>>serve(JobQuery.ADDRESS, this::answer);
  }

  private JsonObject duties() {
    var duties = new JsonArray();
    scheduler.held().stream().limit(DUTIES_MAX).forEach(duty -> duties.add(json(duty)));
    return JsonObject.of(DUTIES, duties);
  }

  private static JsonObject json(Duty duty) {
    return new JsonObject()
        .put("name", duty.name())
        .put("running", duty.running())
        .put("ended_ago", duty.endedAgoMs())
        .put("took", duty.tookMs())
        .put("error", duty.error())
        .put("next_in", duty.nextInMs());
  }

  private static Duty duty(JsonObject json) {
    return new Duty(
        json.getString("name"),
        json.getBoolean("running"),
        json.getLong("ended_ago"),
        json.getLong("took"),
        json.getString("error"),
        json.getLong("next_in"));
  }

  private Object answer(JobQuery<?> query) {
    return switch (query) {
      case JobQuery.ListDuties() -> list();
      case JobQuery.RunDuty(var name) -> run(name);
    };
  }

  private Set<String> living() {
    var names = new TreeSet<String>();
    membership.members().stream().filter(Member::alive).forEach(member -> names.add(member.node()));
    names.add(node);
    return names;
  }

  private DutyPage list() {
    Set<String> nodes = living();
    Map<String, JsonObject> answers =
        calls.ask(DUTIES, new JsonObject(), nodes, NodeCalls.WITHIN).await();
    var found = new ArrayList<NodeDuty>();
    answers.forEach(
        (name, answer) -> {
          JsonArray duties = answer.getJsonArray(DUTIES);
          for (int i = 0; i < duties.size(); i++) {
            found.add(new NodeDuty(name, duty(duties.getJsonObject(i))));
          }
        });
    found.sort(Comparator.comparing((NodeDuty held) -> held.duty().name()));
    return new DutyPage(found, nodes.stream().filter(name -> !answers.containsKey(name)).toList());
  }

  private NodeDuty run(String name) {
    List<NodeDuty> held =
        list().duties().stream().filter(duty -> duty.duty().name().equals(name)).toList();
    for (NodeDuty duty : held) {
      Map<String, JsonObject> answers =
          calls
              .ask(RUN, JsonObject.of("name", name), Set.of(duty.node()), NodeCalls.WITHIN)
              .await();
      JsonObject answer = answers.get(duty.node());
      if (answer != null && answer.getBoolean("taken")) {
        return duty;
      }
    }
    throw Refused.missing("not_found");
  }
}

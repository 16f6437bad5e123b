package dev.rookery.match;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.match.ControlPlane.Reply;
import dev.rookery.match.ProfileCallStore.Call;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends changes of profiles to the control plane, on one node of the cluster. A change is stored
 * with the record that causes it and deleted when it is confirmed, so it is sent at least once; the
 * control plane applies it once for the room, the action and the user. Changes of a user's profile
 * of a game are sent in their order.
 *
 * <p>Without an answer a change of an action is tried 3 times and a settlement 5 times with the
 * short waits of the contract, then ever more rarely. What the control plane refuses, or does not
 * answer for about a day, is parked.
 */
final class ProfileCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileCalls.class);
  private static final String COMMIT = "/api/profiles/commit";
  private static final int BATCH = 64;

  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final long FIRST_WAIT_MS = 100;
  private static final long WAIT_FACTOR = 4;
  private static final int ACTION_ATTEMPTS = 3;
  private static final int FINAL_ATTEMPTS = 5;
  private static final long WAIT_MS_MAX = Duration.ofMinutes(5).toMillis();

  /** With the longest wait between them, about a day. */
  private static final int ATTEMPTS_MAX = 300;

  private static final Duration PARKED_FOR = Duration.ofDays(30);

  private final Database database;
  private final ControlPlane controlPlane;
  private final InstantSource clock;
  private final ProfileCallStore store = new ProfileCallStore();
  private final Counter parked;

  ProfileCalls(Database database, ControlPlane controlPlane, InstantSource clock) {
    this.database = database;
    this.controlPlane = controlPlane;
    this.clock = clock;
    this.parked = ParkedProfileChanges.counter(database, "parked");
  }

  void schedule(ClusterScheduler scheduler) {
    scheduler.schedulePaced("profile commits", RETRY_AFTER, this::run);
    scheduler
        .sweeps()
        .register(
            Sweep.byWriters(
                "changes of profiles, when others are sent",
                SweptTable.aged(
                    "match_profile_call",
                    "when it was given up long ago",
                    "parked_ms",
                    PARKED_FOR)));
    Supplier<Map<String, Long>> counts =
        scheduler.scheduleReading(
            "profile commits by state", Map.of(), () -> store.countByState(database));
    for (String state : List.of("waiting", "parked")) {
      Gauge.builder("rookery.matches.profile.commits", () -> counts.get().getOrDefault(state, 0L))
          .description("Changes of profiles that the control plane has not confirmed, by state")
          .tag("state", state)
          .register(database.registry());
    }
  }

  /** Sends what is due; returns when it is worth looking again. */
  Duration run(Lease lease) {
    List<Call> due = store.due(database, clock.millis(), BATCH);
    if (!due.isEmpty()) {
      send(lease, due);
      return Duration.ZERO;
    }
    long now = clock.millis();
    long wait = store.next(database).map(next -> next - now).orElse(IDLE.toMillis());
    return Duration.ofMillis(Math.clamp(wait, FIRST_WAIT_MS, IDLE.toMillis()));
  }

  private void send(Lease lease, List<Call> due) {
    List<Future<Reply>> replies =
        due.stream()
            .map(call -> controlPlane.post(COMMIT, body(call)).otherwise(Reply::missing))
            .toList();
    var outcomes = new ArrayList<Consumer<Transaction>>();
    for (int i = 0; i < due.size(); i++) {
      outcomes.add(outcome(due.get(i), replies.get(i).await()));
    }
    long old = clock.millis() - PARKED_FOR.toMillis();
    database.write(
        tx -> {
          Leases.fence(tx, lease);
          outcomes.forEach(one -> one.accept(tx));
          store.deleteParkedBefore(tx, old);
          return true;
        });
  }

  private static JsonObject body(Call call) {
    var body = new JsonObject();
    if (!call.isFinal()) {
      body.put("actionID", call.key());
    }
    body.put("delta", new JsonArray(call.delta()))
        .put("deploymentVersion", call.deploymentVersion())
        .put("gameKey", call.gameKey())
        .put("playerID", call.player())
        .put("roomID", call.room())
        .put("schemaVersion", call.schemaVersion())
        .put("userID", call.user());
    if (call.expectedRevision() != null) {
      body.put("expectedRevision", call.expectedRevision());
    }
    return body;
  }

  private Consumer<Transaction> outcome(Call call, Reply reply) {
    if (!reply.ok()) {
      return reply.refuses() ? parked(call, reply.problem()) : failed(call, reply.problem());
    }
    String status = String.valueOf(reply.body().getValue("status"));
    return switch (status) {
      case "applied", "duplicate" -> tx -> store.delete(tx, call);
      case "revision_conflict" ->
          reply.body().getValue("currentRevision") instanceof Number revision
                  && call.attempts() + 1 < attempts(call)
              ? tx -> store.postpone(tx, call, clock.millis(), revision.longValue(), status)
              : failed(call, status);
      case "invalid_delta", "schema_mismatch" -> parked(call, status);
      default -> failed(call, "no status");
    };
  }

  private static int attempts(Call call) {
    return call.isFinal() ? FINAL_ATTEMPTS : ACTION_ATTEMPTS;
  }

  private Consumer<Transaction> failed(Call call, String reason) {
    if (call.attempts() + 1 >= ATTEMPTS_MAX) {
      return parked(call, reason);
    }
    if (call.attempts() + 1 == attempts(call)) {
      LOG.warn(
          "the change {} of room {} cannot be sent to the control plane: {}; it is tried again",
          call.key(),
          call.room(),
          reason);
    }
    long wait = FIRST_WAIT_MS;
    for (long n = 0; n < call.attempts() && wait < WAIT_MS_MAX; n++) {
      wait *= WAIT_FACTOR;
    }
    long next = clock.millis() + Math.min(wait, WAIT_MS_MAX);
    return tx -> store.postpone(tx, call, next, call.expectedRevision(), reason);
  }

  private Consumer<Transaction> parked(Call call, String reason) {
    LOG.error(
        "the change {} of room {} is parked: the control plane answers {}",
        call.key(),
        call.room(),
        reason);
    parked.increment();
    return tx -> store.park(tx, call, reason);
  }
}

package dev.rookery.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.bus.Bus;
import dev.rookery.console.JobQuery;
import dev.rookery.console.JobVerticle;
import dev.rookery.relay.Relay;
import dev.rookery.relay.RelayRoomQuery;
import dev.rookery.relay.RelayRoomVerticle;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeCallsTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration BRIEF = Duration.ofMillis(1);
  private static final Set<String> ANSWERING = Set.of("ann", "bob");

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, new SimpleMeterRegistry());

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void leavesOutNodesThatDoNotAnswer() {
    NodeCalls ann = node("ann", new AtomicInteger());
    node("bob", new AtomicInteger());

    // A busy machine may let the deadline pass before the other node is heard.
    Eventually.holds(
        () -> ann.askAll("count", new JsonObject()).await().byNode().keySet().equals(ANSWERING));
    assertThat(ann.askAll("count", new JsonObject()).await().silent()).contains("ghost");
    assertThat(ann.ask("unknown", new JsonObject(), Set.of("ann"), LONG).await())
        .isEqualTo(new NodeCalls.Answers(Map.of(), List.of("ann"), Set.of("ann")));
  }

  @Test
  void namesItselfWhenItsOwnAnswerFails() {
    NodeCalls ann = node("ann", new AtomicInteger());
    node("bob", new AtomicInteger());
    ann.answer(
        "count",
        _ -> {
          throw new IllegalStateException("broken");
        });

    for (int i = 0; i <= NodeCalls.PENDING_MAX; i++) {
      // Each further one would be answered by this node alone if those before were still waiting.
      var answers = ann.ask("count", new JsonObject(), ANSWERING, BRIEF).await();
      assertThat(answers.silent()).contains("ann");
    }
    Eventually.holds(
        () ->
            ann.ask("count", new JsonObject(), ANSWERING, NodeCalls.WITHIN)
                .await()
                .byNode()
                .keySet()
                .equals(Set.of("bob")));
  }

  @Test
  void saysThatASilentNodeMayHaveTheJobOrTheRoom() {
    var calls = node("ann", new AtomicInteger());
    try (var store = TestStore.open(Databases.sqlite());
        var domains = new TestBus()) {
      var member = TestClusterMember.join(store, "ann");
      domains.deploy(new JobVerticle(domains.bus(), member.scheduler(), calls));
      domains.deploy(
          new RelayRoomVerticle(
              domains.bus(), calls, new Relay(vertx, bus, new SimpleMeterRegistry(), "ann")));

      assertThat(domains.refusal(new JobQuery.RunJob("tidy")))
          .isEqualTo(new Refusal.Unavailable("timeout"));
      assertThat(domains.ask(new RelayRoomQuery.CloseRoom("duel")))
          .isEqualTo(new RelayRoomQuery.ClosedRoom(0, List.of("bob", "ghost")));
    }
  }

  @Test
  void doesNotWaitForNodesThatDoNotKnowTheQuestionOrCannotAnswer() {
    NodeCalls ann = node("ann", new AtomicInteger());
    NodeCalls bob = node("bob", new AtomicInteger());
    bob.answerLater("later", _ -> Future.failedFuture("broken"));
    bob.answer("long", _ -> JsonObject.of("of", "x".repeat(NodeCalls.ANSWER_BYTES_MAX)));
    Set<String> other = Set.of("bob");

    assertThat(ann.ask("unknown", new JsonObject(), other, LONG).await())
        .isEqualTo(new NodeCalls.Answers(Map.of(), List.of("bob"), other));
    assertThat(ann.ask("count", new JsonObject(), Set.of("dead", "nobody"), LONG).await().silent())
        .containsExactly("dead", "nobody");
    for (String question : List.of("later", "long")) {
      assertThat(ann.ask(question, new JsonObject(), other, LONG).await())
          .isEqualTo(new NodeCalls.Answers(Map.of(), List.of("bob"), Set.of()));
    }
  }

  @Test
  void doesNotWaitForNodesThatDieMeanwhile() {
    var living = new AtomicReference<>(members());
    var ann = new NodeCalls(vertx, bus, living::get, "ann");
    ann.start().await();
    node("bob", new AtomicInteger());

    Future<NodeCalls.Answers> answers =
        ann.ask("count", new JsonObject(), Set.of("bob", "ghost"), LONG);
    assertThat(answers.isComplete()).isFalse();
    living.set(members().subList(0, 2));

    assertThat(answers.await().silent()).containsExactly("ghost");
    assertThat(answers.await().byNode()).containsOnlyKeys("bob");
  }

  @Test
  void reachesOnlyTheNodesThatAreNamed() {
    var others = new AtomicInteger();
    NodeCalls ann = node("ann", others);
    node("bob", new AtomicInteger());
    node("cid", others);

    for (int i = 1; i <= 3; i++) {
      Map<String, JsonObject> answers =
          ann.ask("count", JsonObject.of("of", "you"), Set.of("bob"), LONG).await().byNode();
      assertThat(answers).isEqualTo(Map.of("bob", JsonObject.of("calls", i, "of", "you")));
    }
    assertThat(others).hasValue(0);
  }

  private static List<Member> members() {
    return Stream.of("ann", "bob", "ghost", "dead").map(NodeCallsTest::member).toList();
  }

  private static Member member(String name) {
    boolean alive = !name.equals("dead");
    return new Member(1, name, "1", Instant.EPOCH, alive, 0, 0, false, 0, 0);
  }

  private NodeCalls node(String name, AtomicInteger calls) {
    var node = new NodeCalls(vertx, bus, NodeCallsTest::members, name);
    node.answer(
        "count",
        asked -> JsonObject.of("calls", calls.incrementAndGet(), "of", asked.getString("of")));
    node.start().await();
    return node;
  }
}

package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Bus;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeCallsTest {
  private static final Duration LONG = Duration.ofMinutes(2);

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
        () ->
            ann.ask("count", new JsonObject(), Set.of("ann", "bob", "ghost"))
                .await()
                .keySet()
                .equals(Set.of("ann", "bob")));
    assertThat(ann.ask("unknown", new JsonObject(), Set.of("ann")).await()).isEmpty();
  }

  @Test
  void reachesOnlyTheNodesThatAreNamed() {
    var others = new AtomicInteger();
    NodeCalls ann = node("ann", others);
    node("bob", new AtomicInteger());
    node("cid", others);

    for (int i = 1; i <= 3; i++) {
      Map<String, JsonObject> answers =
          ann.ask("count", JsonObject.of("of", "you"), Set.of("bob"), LONG).await();
      assertThat(answers).isEqualTo(Map.of("bob", JsonObject.of("calls", i, "of", "you")));
    }
    assertThat(others).hasValue(0);
  }

  private NodeCalls node(String name, AtomicInteger calls) {
    var node = new NodeCalls(vertx, bus, name);
    node.answer(
        "count",
        asked -> JsonObject.of("calls", calls.incrementAndGet(), "of", asked.getString("of")));
    node.start().await();
    return node;
  }
}

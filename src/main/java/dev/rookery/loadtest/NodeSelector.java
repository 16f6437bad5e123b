package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a balancer knows: which nodes say that they are ready. One that does not answer in time is
 * not asked for anything until it does.
 */
final class NodeSelector {
  private static final long EVERY_MS = 250;
  private static final long TIMEOUT_MS = 1_000;

  private final ScenarioContext stage;
  private final List<Node> all = new ArrayList<>();
  private final Random random;
  private final long timer;

  NodeSelector(ScenarioContext stage, Random random) {
    this.stage = stage;
    this.random = random;
    stage.options().nodes().forEach(node -> all.add(new Node(node)));
    this.timer = stage.vertx().setPeriodic(EVERY_MS, _ -> all.forEach(this::probe));
  }

  void close() {
    stage.vertx().cancelTimer(timer);
  }

  /** One that is ready; any, if none is. */
  URI pick() {
    List<Node> ready = all.stream().filter(node -> node.ready).toList();
    List<Node> from = ready.isEmpty() ? all : ready;
    return from.get(random.nextInt(from.size())).uri;
  }

  /** Did not answer. */
  void avoid(URI uri) {
    all.stream().filter(node -> node.uri.equals(uri)).forEach(node -> node.ready = false);
  }

  private void probe(Node node) {
    if (node.asking) {
      return;
    }
    node.asking = true;
    Future<?> answer = stage.caller(node.uri).within(TIMEOUT_MS).get("/health/ready", "");
    answer.onComplete(
        answered -> {
          node.asking = false;
          node.ready = answered.succeeded();
        });
  }

  private static final class Node {
    private final URI uri;
    private boolean ready = true;
    private boolean asking;

    Node(URI uri) {
      this.uri = uri;
    }
  }
}

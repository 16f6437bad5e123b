package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Selects a ready node, as a load balancer does. A node that does not answer in time is not
 * selected until it answers again.
 */
final class NodeSelector {
  private static final long PROBE_INTERVAL_MS = 250;
  private static final long TIMEOUT_MS = 1_000;

  private final ScenarioContext context;
  private final List<Node> nodes = new ArrayList<>();
  private final Random random;
  private final long timer;

  NodeSelector(ScenarioContext context, Random random) {
    this.context = context;
    this.random = random;
    context.options().nodes().forEach(node -> nodes.add(new Node(node)));
    this.timer = context.vertx().setPeriodic(PROBE_INTERVAL_MS, _ -> nodes.forEach(this::probe));
  }

  void close() {
    context.vertx().cancelTimer(timer);
  }

  /** Returns a ready node; any node if none is ready. */
  URI pick() {
    List<Node> ready = nodes.stream().filter(node -> node.ready).toList();
    List<Node> candidates = ready.isEmpty() ? nodes : ready;
    return candidates.get(random.nextInt(candidates.size())).uri;
  }

  /** Marks a node that did not answer. */
  void avoid(URI uri) {
    nodes.stream().filter(node -> node.uri.equals(uri)).forEach(node -> node.ready = false);
  }

  private void probe(Node node) {
    if (node.probing) {
      return;
    }
    node.probing = true;
    Future<?> answer = context.client(node.uri).withTimeout(TIMEOUT_MS).get("/health/ready", "");
    answer.onComplete(
        answered -> {
          node.probing = false;
          node.ready = answered.succeeded();
        });
  }

  private static final class Node {
    private final URI uri;
    private boolean ready = true;
    private boolean probing;

    Node(URI uri) {
      this.uri = uri;
    }
  }
}

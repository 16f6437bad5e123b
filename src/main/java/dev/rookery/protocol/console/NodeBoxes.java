package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.NodeReport;
import dev.rookery.protocol.console.OperationsView.Figure;
import dev.rookery.protocol.console.OperationsView.NodeBox;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Nodes of the cluster as boxes, with their live figures. */
final class NodeBoxes {
  private static final double CLOCK_MAX = 0.5;

  private NodeBoxes() {}

  /** The living nodes, and the runs that ended and are not cleaned up yet. */
  static List<NodeBox> of(List<NodeReport> nodes, InstantSource clock) {
    return nodes.stream().map(node -> box(node, clock.millis())).toList();
  }

  private static NodeBox box(NodeReport node, long nowMs) {
    NodeReport.Answer answer = node.answer();
    String up =
        "version "
            + node.version()
            + ", run "
            + node.run()
            + ", up "
            + Figures.duration(Duration.ofMillis(nowMs - node.startedMs()));
    if (!node.alive()) {
      return new NodeBox(node.node(), false, "gone", "bad", "run " + node.run(), List.of());
    }
    if (answer == null) {
      String since =
          node.answeredMs() == 0
              ? "no answer yet"
              : "no answer since " + Figures.clock(node.answeredMs()) + " UTC";
      return new NodeBox(node.node(), node.here(), since, "warn", up, figures(node));
    }
    if (!answer.certain()) {
      return new NodeBox(node.node(), node.here(), "heartbeat late", "bad", up, figures(node));
    }
    boolean ready = answer.phase().equals("ready");
    double offset = answer.value("clock.offset");
    String state =
        offset > CLOCK_MAX
            ? "clock differs by " + Figures.text(Unit.SECONDS, offset)
            : answer.phase();
    String tone = ready && offset <= CLOCK_MAX ? "good" : "warn";
    return new NodeBox(node.node(), node.here(), state, tone, up, figures(node));
  }

  private static List<Figure> figures(NodeReport node) {
    var figures = new ArrayList<Figure>();
    add(figures, node, "sockets", "Sockets", Figures.number(node.sockets()));
    add(figures, node, "players", "Players", Figures.number(node.players()));
    NodeReport.Answer answer = node.answer();
    if (answer != null) {
      add(figures, node, "leases", "Leases", Figures.number(answer.value("leases.owned")));
      add(figures, node, "cpu", "CPU", Figures.text(Unit.PART, answer.value("cpu.process")));
      add(figures, node, "heap", "Heap", Figures.text(Unit.BYTES, answer.value("heap.used")));
      add(figures, node, "lag", "Lag", Figures.text(Unit.SECONDS, answer.value("loop.max")));
    }
    return figures;
  }

  private static void add(
      List<Figure> figures, NodeReport node, String name, String label, String value) {
    figures.add(new Figure("node." + node.node() + "." + name, label, value));
  }

  /** The live values of boxes. */
  static void addValues(List<NodeBox> boxes, JsonObject values) {
    boxes.forEach(box -> box.facts().forEach(fact -> values.put(fact.key(), fact.value())));
  }

  /** Changes with anything but the figures of the boxes. */
  static String version(List<NodeBox> boxes) {
    var text = new StringBuilder();
    for (NodeBox box : boxes) {
      text.append(box.name()).append(box.state()).append(box.tone()).append(box.facts().size());
    }
    return Integer.toHexString(text.toString().hashCode());
  }
}

package dev.rookery.protocol.console;

import dev.rookery.console.ConfigEntry;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery.Configuration;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.protocol.console.OperationsView.Attention;
import dev.rookery.protocol.console.OperationsView.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds what is not as it should be, from what the nodes say about themselves. */
final class AttentionCheck {
  /** What it needs to know of the last hour. */
  static final List<String> COLUMNS =
      List.of("mail.failed", "consumers.parked", "events.lost", "threads.blocked", "store.refused");

  private static final String CLUSTER = "/admin/cluster";
  private static final String CONFIG = "/admin/config";
  private static final String LOGS = "/admin/logs?level=warn";
  private static final double CLOCK_MAX = 0.5;
  private static final double DISK_MIN = 0.1;
  private static final double HEAP_MAX = 0.9;

  /** Keys that each node has for itself. */
  private static final Set<String> OWN_OF_A_NODE =
      Set.of(
          "dataDir",
          "version",
          "http.host",
          "http.port",
          "cluster.host",
          "cluster.port",
          "cluster.busPort",
          "cluster.members",
          "metrics.port",
          "metrics.host",
          "webRtc.ports",
          "webRtc.publicAddress");

  private final List<Notice> notices = new ArrayList<>();

  private AttentionCheck() {}

  static Attention of(List<NodeReport> nodes, Configuration configuration, History hour) {
    var check = new AttentionCheck();
    check.nodes(nodes);
    check.lastHour(hour);
    check.configuration(configuration);
    return new Attention(
        true, Integer.toHexString(check.notices.hashCode()), List.copyOf(check.notices));
  }

  private void add(String tone, String text, String advice, String href) {
    notices.add(new Notice(tone, text, advice, href));
  }

  private void nodes(List<NodeReport> nodes) {
    var versions = new TreeSet<String>();
    for (NodeReport node : nodes) {
      if (!node.alive()) {
        continue;
      }
      versions.add(node.version());
      NodeReport.Answer answer = node.answer();
      if (answer == null) {
        add(
            "warn",
            "Node " + node.node() + " does not answer.",
            "Its figures are missing on these pages. Look at its process and its network.",
            CLUSTER);
        continue;
      }
      if (!answer.certain()) {
        add(
            "bad",
            "Node " + node.node() + " cannot write its heartbeat.",
            "The others may take it for dead. Is the database reachable from it?",
            CLUSTER);
      }
      if (answer.value("clock.offset") > CLOCK_MAX) {
        add(
            "warn",
            "The clock of node "
                + node.node()
                + " differs from the database by "
                + Figures.text(Unit.SECONDS, answer.value("clock.offset"))
                + ".",
            "Synchronise the clock of the machine, for example with NTP.",
            CLUSTER);
      }
      if (answer.diskFree() < DISK_MIN) {
        add(
            "bad",
            "The disk of node "
                + node.node()
                + " has "
                + Figures.text(Unit.PART, answer.diskFree())
                + " free.",
            "Make room before writes fail.",
            "/admin/system");
      }
      double heap = answer.value("heap.used");
      if (answer.value("heap.max") > 0 && heap > HEAP_MAX * answer.value("heap.max")) {
        add(
            "warn",
            "Node " + node.node() + " uses over 90 % of its heap.",
            "Look at the chart of the heap over a day; give the process more memory if it stays.",
            "/admin/dashboard");
      }
    }
    if (versions.size() > 1) {
      add(
          "warn",
          "Nodes run different versions: " + String.join(", ", versions) + ".",
          "That is normal while you update them one after the other, and should end soon.",
          CLUSTER);
    }
  }

  private void lastHour(History hour) {
    lastHour(hour, "mail.failed", "Emails were not delivered", "Check the mail server.");
    lastHour(
        hour,
        "consumers.parked",
        "Events were passed over after five attempts",
        "The log says which, and why.");
    lastHour(
        hour,
        "events.lost",
        "Clients had to reload because they missed events",
        "A node was too slow, or was gone for longer than the history is kept.");
    lastHour(
        hour,
        "store.refused",
        "The database refused calls",
        "It was busy or away; clients were told to try again.");
    lastHour(
        hour,
        "threads.blocked",
        "Threads were blocked",
        "The log has the stacks of those threads.");
  }

  private void lastHour(History hour, String column, String what, String advice) {
    boolean happened =
        hour.nodes().values().stream()
            .map(points -> points.values().getOrDefault(column, new float[0]))
            .anyMatch(AttentionCheck::hasAny);
    if (happened) {
      add("warn", what + " in the last hour.", advice, LOGS);
    }
  }

  private static boolean hasAny(float[] values) {
    for (float value : values) {
      if (value > 0) {
        return true;
      }
    }
    return false;
  }

  private void configuration(Configuration configuration) {
    Map<String, String> values = new HashMap<>();
    for (ConfigEntry entry : configuration.entries()) {
      if (entry.value() != null) {
        values.put(entry.key(), entry.value());
      }
    }
    boolean production = "true".equals(values.get("production"));
    if (production && "false".equals(values.get("rateLimit.enabled"))) {
      add(
          "bad",
          "Rate limits are switched off in production.",
          "Remove rateLimit.enabled: false.",
          CONFIG + "?q=rateLimit");
    }
    if (production && !values.containsKey("mail.relay")) {
      add(
          "warn",
          "No mail server is set, so nobody can reset a password.",
          "Set SMTP_RELAY, SMTP_USERNAME and SMTP_PASSWORD.",
          CONFIG + "?q=mail");
    }
    if (!production && !Set.of("localhost", "127.0.0.1").contains(values.get("http.publicHost"))) {
      add(
          "warn",
          "This server has a public address, and runs in development mode.",
          "Set ROOKERY_ENV=production.",
          CONFIG + "?q=production");
    }
    var differing = new TreeSet<>(configuration.differing().keySet());
    differing.removeAll(OWN_OF_A_NODE);
    if (!differing.isEmpty()) {
      add(
          "warn",
          "Nodes are configured differently: " + String.join(", ", differing) + ".",
          "Give all nodes the same configuration.",
          CONFIG + "?q=is%3Adiffers");
    }
  }
}

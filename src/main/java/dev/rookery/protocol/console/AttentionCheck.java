package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.console.ConfigEntry;
import dev.rookery.console.ConsoleCommand.AdminFinding;
import dev.rookery.console.FailedSignIns;
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
  private static final String ADMINS = "/admin/admins";
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

  /**
   * @param admins owners and admins who need attention; empty if the viewer may not read roles
   * @param failed admins with many failed sign-ins; empty if the viewer may not read roles
   * @param viewer the admin who looks at the page
   */
  static Attention of(
      List<NodeReport> nodes,
      Configuration configuration,
      History hour,
      List<AdminFinding> admins,
      List<FailedSignIns> failed,
      PlayerId viewer) {
    var check = new AttentionCheck();
    check.admins(admins, viewer, isProduction(configuration));
    check.failedSignIns(failed);
    check.nodes(nodes);
    check.lastHour(hour);
    check.configuration(configuration);
    return new Attention(
        true, Integer.toHexString(check.notices.hashCode()), List.copyOf(check.notices));
  }

  private void add(String tone, String text, String advice, String href) {
    add(tone, text, advice, href, "Look: " + text);
  }

  private void add(String tone, String text, String advice, String href, String link) {
    notices.add(new Notice(tone, text, advice, href, link));
  }

  private void admins(List<AdminFinding> admins, PlayerId viewer, boolean production) {
    var others = new ArrayList<String>();
    for (AdminFinding admin : admins) {
      boolean own = admin.player().equals(viewer);
      if (!admin.factor() && own) {
        add(
            "warn",
            "You have no second factor.",
            "Without it, your password alone opens the console.",
            "/admin/factor",
            "Add a second factor");
      } else if (!admin.factor()) {
        others.add(name(admin));
      }
      if (admin.automatic() && !production) {
        add(
            "warn",
            name(admin) + " is an admin because they were the first player of all.",
            "Is that you? If not, take the role away. In production the first player gets no role.",
            ADMINS,
            "Admins and roles");
      }
    }
    if (!others.isEmpty()) {
      add(
          "warn",
          "Admins without a second factor: " + String.join(", ", others) + ".",
          "Each adds one at /admin/factor. If admin.secondFactor is required, each has to.",
          ADMINS,
          "See all admins");
    }
  }

  private void failedSignIns(List<FailedSignIns> failed) {
    for (FailedSignIns admin : failed) {
      add(
          "bad",
          admin.failures()
              + " sign-ins to the console failed with the account of "
              + name(admin.player(), admin.displayName())
              + " in the last day.",
          "Ask them. If it was not they, have them change their password and add a second factor.",
          "/admin/users/" + admin.player());
    }
  }

  private static String name(AdminFinding admin) {
    return name(admin.player(), admin.displayName());
  }

  private static String name(PlayerId player, String displayName) {
    return displayName.isBlank() ? "Player " + player : displayName + " (player " + player + ")";
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
      for (String warning : answer.warnings()) {
        add(
            "warn",
            warning,
            "Node " + node.node() + " says so. Its files are read again as soon as they change.",
            "/docs/theming");
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
    if (hasAny(hour, column)) {
      add("warn", what + " in the last hour.", advice, LOGS);
    }
  }

  /** Whether a column was above 0 on any node. */
  static boolean hasAny(History history, String column) {
    return history.nodes().values().stream()
        .map(points -> points.values().getOrDefault(column, new float[0]))
        .anyMatch(AttentionCheck::hasAny);
  }

  private static boolean hasAny(float[] values) {
    for (float value : values) {
      if (value > 0) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, String> values(Configuration configuration) {
    Map<String, String> values = new HashMap<>();
    for (ConfigEntry entry : configuration.entries()) {
      if (entry.value() != null) {
        values.put(entry.key(), entry.value());
      }
    }
    return values;
  }

  private static boolean isProduction(Configuration configuration) {
    return "true".equals(values(configuration).get("production"));
  }

  private void configuration(Configuration configuration) {
    Map<String, String> values = values(configuration);
    boolean production = isProduction(configuration);
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

package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConfigEntry;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The page of rate limits, and of the clients that are limited now. */
final class RateLimitPages implements ConsoleSection {
  static final String LIMITS = "/admin/limits";

  private static final FiguresPlan LIMITS_PLAN =
      new FiguresPlan(
          LIMITS,
          "limits",
          "Rate limits",
          Permission.LIMITS_READ,
          List.of("http.limited", "sign.in.limited", "connections.refused", "sockets.strangers"),
          List.of(
              ChartPlan.of("limited", "Requests limited (429)", "http.limited"),
              ChartPlan.of(
                  "refused",
                  "Attempts and connections refused",
                  "sign.in.limited",
                  "connections.refused")));

  private final Bus bus;
  private final Changes changes;
  private final FiguresPages figures;

  RateLimitPages(Bus bus, Changes changes, FiguresPages figures) {
    this.bus = bus;
    this.changes = changes;
    this.figures = figures;
  }

  @Override
  public void register(ConsoleRouter console) {
    figures.add(console, MenuEntry.Group.OPERATE, LIMITS_PLAN, null);
    console.page(
        LIMITS,
        LIMITS_PLAN.permission(),
        request -> figures.show(request, LIMITS_PLAN, limits(request)));
    console.action(LIMITS + "/:network/forget", Permission.LIMITS_EDIT, this::forget);
    console.message("limit-forgotten", "The clients of this network may make requests again.");
  }

  /** The clients that are limited now, and what the limits are. */
  private Future<List<Section>> limits(ConsoleRequest request) {
    var configured = configuredLimits();
    var limited = bus.ask(new OperationsQuery.ListLimited());
    return Future.all(configured, limited)
        .map(_ -> List.of(limitedNow(request, limited.result()), configured.result()));
  }

  private static Section limitedNow(ConsoleRequest request, OperationsQuery.LimitedPage limited) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    boolean edits = request.may(Permission.LIMITS_EDIT);
    var rows = new ArrayList<Row>();
    for (OperationsQuery.Limited client : limited.clients()) {
      String id = HexFormat.of().formatHex(client.network().getBytes(StandardCharsets.UTF_8));
      String shown = personal ? client.network() : "hidden";
      rows.add(
          new Row(
              client.node() + "-" + client.limit() + "-" + (personal ? id : rows.size()),
              shown,
              List.of(
                  Cell.code(shown),
                  Cell.text(client.limit()),
                  Cell.number(client.count()),
                  Cell.text(Figures.duration(Duration.ofMillis(client.waitMs()))),
                  Cell.text(client.node())),
              edits && personal
                  ? List.of(new ListView.Action("Forget", LIMITS + "/" + id + "/forget", 1))
                  : List.of()));
    }
    var table =
        new ListView(
            "limited",
            "Limited now",
            List.of(
                Column.of("Network", 1),
                Column.of("Limit", 1),
                Column.of("Requests", 2),
                Column.of("Until then", 2),
                Column.of("Node", 3)),
            rows,
            false);
    String note =
        limited.silent().isEmpty()
            ? ""
            : "No answer from " + String.join(", ", limited.silent()) + ".";
    return Section.table("limited", "Limited now", table, Pager.NONE, "Nobody is limited.")
        .withNote(note);
  }

  private Future<ConsoleView> forget(ConsoleRequest request) {
    String network;
    try {
      network =
          new String(HexFormat.of().parseHex(request.path("network")), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
    return Confirmation.level1(
            "Let clients of " + network + " make requests again?",
            "Their requests of this window of time are forgotten on all nodes.",
            "Forget")
        .ask(
            request,
            LIMITS,
            ConsoleView.done(LIMITS, "limit-forgotten"),
            () ->
                changes.make(
                    request,
                    new OperationsQuery.ForgetLimited(network),
                    "admin_forget_limited",
                    "limits/" + network));
  }

  /** What requests, sockets and sign-ins are limited to, as configured. */
  private Future<Section> configuredLimits() {
    return bus.ask(new OperationsQuery.ReadConfiguration())
        .map(
            configuration -> {
              var facts = new ArrayList<RecordPage.Fact>();
              for (ConfigEntry entry : configuration.entries()) {
                if (entry.key().startsWith("rateLimit.")) {
                  String value = entry.value();
                  facts.add(
                      RecordPage.Fact.of(
                          entry.key(),
                          Cell.code(value == null ? "not set" : value),
                          Cell.text(entry.meaning())));
                }
              }
              return Section.facts("configured", "Limits", facts)
                  .withNote("They change with the configuration and a restart.");
            });
  }
}

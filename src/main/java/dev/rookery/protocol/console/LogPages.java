package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.LogFilter;
import dev.rookery.console.LogLine;
import dev.rookery.console.LogLine.Level;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.LogPage;
import dev.rookery.console.OperationsQuery.NodeLine;
import dev.rookery.console.Permission;
import dev.rookery.edge.ChunkedBody;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The latest lines of the log of all nodes: filter, follow, download. */
final class LogPages implements ConsoleSection {
  static final String PATH = "/admin/logs";
  private static final String LIVE = "logs";

  /** With the addresses of clients. */
  private static final String LIVE_PERSONAL = "logs-personal";

  private static final int SHOWN = 300;
  private static final int LIVE_MAX = 200;
  private static final int LIVE_TEXT_MAX = 2_000;

  /**
   * A line as the page shows it.
   *
   * @param key the node and the number of the line
   * @param time of the day, in UTC
   * @param at the time with its date
   * @param logger the end of its name, and the whole
   */
  record Shown(
      String key,
      String node,
      String at,
      String time,
      String level,
      String logger,
      String loggerName,
      String text,
      String request,
      String details) {}

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  LogPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  /** The address of the lines of a request. */
  static String ofRequest(String requestId) {
    return ListLinks.of(PATH, "level", "debug", "request", requestId);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(new MenuEntry(MenuEntry.Group.OPERATE, "Logs", PATH, null, Permission.LOGS_READ));
    console.page(PATH, Permission.LOGS_READ, this::show);
    console.action(PATH + "/level", Permission.LOGS_LEVEL, this::setLevel);
    console.message("level-set", "The level is set, for 15 minutes.");
    console.page(PATH + "/download", Permission.LOGS_READ, this::download);
    live.add(
        LIVE,
        Set.of(Permission.LOGS_READ),
        Duration.ofSeconds(1),
        parameters -> new Tail(parameters, false));
    live.add(
        LIVE_PERSONAL,
        Set.of(Permission.LOGS_READ, Permission.PLAYERS_PERSONAL),
        Duration.ofSeconds(1),
        parameters -> new Tail(parameters, true));
  }

  /** The lines that are added while a page is open. */
  private final class Tail implements LiveSource {
    private final LogFilter filter;
    private final boolean personal;
    private final Promise<Void> started = Promise.promise();
    private Map<String, Long> newest = new HashMap<>();

    Tail(Map<String, String> parameters, boolean personal) {
      this.personal = personal;
      this.filter =
          filter(
              parameters.getOrDefault("level", ""),
              parameters.getOrDefault("logger", ""),
              parameters.getOrDefault("request", ""),
              parameters.getOrDefault("text", ""),
              parameters.getOrDefault("node", ""));
    }

    @Override
    public Future<JsonObject> next() {
      boolean first = newest.isEmpty();
      return read(filter, newest, first ? 1 : LIVE_MAX, personal)
          .map(
              page -> {
                newest = page.newest();
                return first ? new JsonObject() : message(page);
              })
          .onComplete(_ -> started.tryComplete());
    }

    @Override
    public Future<JsonObject> catchUp(JsonObject from) {
      var after = new HashMap<String, Long>();
      from.forEach(
          entry -> {
            if (entry.getValue() instanceof Number number) {
              after.put(entry.getKey(), number.longValue());
            }
          });
      if (after.isEmpty()) {
        return Future.succeededFuture(new JsonObject());
      }
      // Not before it is known where further messages begin, so that no line is between the two.
      return started
          .future()
          .compose(_ -> read(filter, after, LIVE_MAX, personal))
          .map(Tail::message);
    }

    private static JsonObject message(LogPage page) {
      var lines = new JsonArray();
      for (NodeLine line : page.lines()) {
        Shown shown = shown(line);
        lines.add(
            JsonObject.of(
                "node", shown.node(),
                "seq", line.line().sequence(),
                "at", shown.at(),
                "time", shown.time(),
                "level", shown.level(),
                "logger", shown.logger(),
                "loggerName", shown.loggerName(),
                "text", cut(shown.text()),
                "request", shown.request(),
                "details", cut(shown.details())));
      }
      return JsonObject.of("lines", lines);
    }

    private static String cut(String text) {
      return text.length() <= LIVE_TEXT_MAX ? text : text.substring(0, LIVE_TEXT_MAX) + "…";
    }
  }

  /** Reads lines, without addresses of clients for those who may not read personal data. */
  private Future<LogPage> read(
      LogFilter filter, Map<String, Long> after, int max, boolean personal) {
    return bus.ask(new OperationsQuery.ReadLog(filter, after, max))
        .map(page -> personal ? page : LogMask.mask(page, filter));
  }

  private static boolean isPersonal(ConsoleRequest request) {
    return request.may(Permission.PLAYERS_PERSONAL);
  }

  private static LogFilter filter(
      String level, String logger, String request, String text, String node) {
    return new LogFilter(
        level.isEmpty() ? Level.INFO : Level.of(level), logger, request, text, node);
  }

  private static LogFilter filter(ConsoleRequest request) {
    return filter(
        request.query("level"),
        request.query("logger"),
        request.query("request"),
        request.query("text"),
        request.query("node"));
  }

  private static String link(String path, LogFilter filter) {
    return ListLinks.of(
        path,
        "level",
        filter.level().text(),
        "logger",
        filter.logger(),
        "request",
        filter.requestId(),
        "text",
        filter.text(),
        "node",
        filter.node());
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    LogFilter filter = filter(request);
    var nodes = bus.ask(new OperationsQuery.ListNodes());
    var lines = read(filter, Map.of(), SHOWN, isPersonal(request));
    return Future.all(nodes, lines).map(_ -> page(request, filter, nodes.result(), lines.result()));
  }

  private Future<ConsoleView> setLevel(ConsoleRequest request) {
    Level level = Level.of(request.field("level"));
    var set =
        new OperationsQuery.SetLogLevel(
            request.field("logger").strip(), level, request.field("node"));
    return Confirmation.level1(
            "Set the level of " + set.logger() + " to " + level.text() + "?",
            "It applies for "
                + OperationsQuery.SetLogLevel.LASTS.toMinutes()
                + " minutes"
                + (set.node().isEmpty() ? " on all nodes." : " on node " + set.node() + ".")
                + " More lines in the log cost time and disk.",
            "Set the level")
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "level-set"),
            () ->
                changes.make(
                    request,
                    set,
                    "admin_set_log_level",
                    "logs/levels/" + set.logger(),
                    Changes.values("level", level.text(), "node", set.node())));
  }

  private static ConsoleView page(
      ConsoleRequest request, LogFilter filter, List<NodeReport> nodes, LogPage page) {
    List<String> names =
        nodes.stream().filter(NodeReport::alive).map(NodeReport::node).sorted().toList();
    var newest = new JsonObject();
    page.newest().forEach(newest::put);
    var model = new HashMap<String, Object>();
    model.put("live", link(isPersonal(request) ? LIVE_PERSONAL : LIVE, filter));
    model.put("from", newest.encode());
    model.put("filter", filter);
    model.put("level", filter.level().text());
    model.put("levels", Stream.of(Level.values()).map(Level::text).toList());
    model.put("names", names);
    model.put("lines", page.lines().stream().map(LogPages::shown).toList());
    model.put("download", link(PATH + "/download", filter));
    model.put("said", said(page));
    model.put("setsLevels", request.may(Permission.LOGS_LEVEL));
    model.put(
        "traces",
        filter.requestId().isEmpty() || !request.may(Permission.TRACES_READ)
            ? ""
            : TracePages.ofRequest(filter.requestId()));
    model.put("changed", page.levels().stream().map(LogPages::changed).toList());
    return ConsoleView.page("logs", "Logs", model);
  }

  private static String changed(OperationsQuery.NodeLevel level) {
    return level.change().logger()
        + " at "
        + level.change().level().text()
        + " on "
        + level.node()
        + " until "
        + Figures.clock(level.change().untilMs())
        + " UTC";
  }

  private static String said(LogPage page) {
    var text = new StringBuilder();
    text.append(
        page.oldestMs() == 0
            ? "No lines are kept yet."
            : "Complete since " + Figures.date(page.oldestMs()) + ".");
    if (page.missed() > 0) {
      text.append(" Left out because too many came at once: ").append(page.missed()).append('.');
    }
    if (!page.silent().isEmpty()) {
      text.append(" No answer from ").append(String.join(", ", page.silent())).append('.');
    }
    return text.toString();
  }

  private static Shown shown(NodeLine of) {
    LogLine line = of.line();
    String logger = line.logger();
    return new Shown(
        of.node() + "-" + line.sequence(),
        of.node(),
        Figures.date(line.timeMs()),
        Figures.clock(line.timeMs()),
        line.level().text(),
        logger.substring(logger.lastIndexOf('.') + 1),
        logger,
        line.message(),
        line.requestId() == null ? "" : line.requestId(),
        line.details() == null ? "" : line.details());
  }

  private Future<ConsoleView> download(ConsoleRequest request) {
    LogFilter filter = filter(request);
    return changes
        .recordRead(request, "console_download_log", "logs", filter.values())
        .compose(
            _ -> read(filter, Map.of(), OperationsQuery.ReadLog.LINES_MAX, isPersonal(request)))
        .map(
            page ->
                new ConsoleView.Download(
                    "log.ndjson",
                    "application/x-ndjson; charset=utf-8",
                    new ChunkedBody(lines(page), null)));
  }

  private static String lines(LogPage page) {
    var lines = new StringBuilder();
    for (NodeLine of : page.lines()) {
      LogLine line = of.line();
      var json =
          JsonObject.of(
              "time", Figures.date(line.timeMs()),
              "node", of.node(),
              "level", line.level().text(),
              "logger", line.logger(),
              "message", line.message());
      if (line.requestId() != null) {
        json.put("request_id", line.requestId());
      }
      if (line.details() != null) {
        json.put("stack", line.details());
      }
      lines.append(json.encode()).append('\n');
    }
    return lines.toString();
  }
}

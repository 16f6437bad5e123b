package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.Permission;
import dev.rookery.console.StreamQuery;
import dev.rookery.console.StreamQuery.NodeFollowers;
import dev.rookery.console.StreamQuery.ResumeOutcome;
import dev.rookery.console.StreamQuery.StreamState;
import dev.rookery.console.StreamRights;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stream inspector: how a topic is and who follows it, its events as they are stored and as
 * each wire sends them, and what a client that resumes would be answered.
 */
final class StreamPages implements ConsoleSection {
  static final String PATH = "/admin/streams";
  static final String SENT = "sent";
  static final String FOLLOWERS = "followers";
  private static final String RESUME = "resume";
  private static final String LIVE = "stream";
  private static final int PAGE_SIZE = 50;
  private static final int TEXT_MAX = 100;

  /** What the rules of resume mean, in the words of the operator. */
  private static final Map<String, String> RULES =
      Map.of(
          "recovered", "Recovered: the client continues, and gets what it missed.",
          "other_epoch", "Reload: the position is of another epoch; the stream began anew.",
          "ahead", "Reload: the stream has not reached this position.",
          "window_passed", "Reload: the position is older than the history.",
          "too_much", "Reload: more than 500 events or about 1 MiB were missed.",
          "readmitted", "Reload: the player joined or left meanwhile.",
          "unavailable", "Reload: the history cannot be read at the moment.",
          "no_positions", "A feed has no positions: read the list again.");

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;
  private final OpenedStreams opened = new OpenedStreams();

  StreamPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Streams", PATH, null, Permission.STREAMS_FOLLOW));
    console.page(PATH, Permission.STREAMS_FOLLOW, this::show);
    live.add(
        LIVE,
        StreamPages::permissions,
        Duration.ofSeconds(1),
        parameters ->
            new StreamFollower(
                bus,
                parameters.getOrDefault("topic", ""),
                parameters.getOrDefault("type", ""),
                rights(parameters)),
        this::admit);
  }

  /** Records that an admin follows a topic whose page they have not opened on this node. */
  private Future<?> admit(Admin admin, Map<String, String> parameters) {
    String topic = parameters.getOrDefault("topic", "");
    String refusal = refusal(topic, rights(parameters));
    if (refusal != null) {
      return Future.failedFuture(new JoinRefusedException(refusal));
    }
    return opened.contains(admin.session(), topic)
        ? Future.succeededFuture()
        : changes
            .recordRead(
                admin, Permission.STREAMS_FOLLOW, "console_follow_stream", "streams/" + topic)
            .onSuccess(_ -> opened.add(admin.session(), topic));
  }

  /** Why a topic cannot be followed with some rights; null if it can. */
  private static @Nullable String refusal(String topic, Set<Permission> rights) {
    try {
      return rights.contains(StreamRights.ofTopic(topic)) ? null : "forbidden";
    } catch (Refused unknown) {
      return unknown.refusal().code();
    }
  }

  /**
   * A link to a stream, from the page of what it is about; none for an admin who may not open it.
   */
  static List<Link> links(ConsoleRequest request, String topic) {
    return request.may(Permission.STREAMS_FOLLOW)
        ? List.of(new Link("Stream", ListLinks.of(PATH, "topic", topic)))
        : List.of();
  }

  /** What a viewer needs is what the region shows: it is shared by all who may see the same. */
  private static Set<Permission> permissions(Map<String, String> parameters) {
    Set<Permission> needed = EnumSet.of(Permission.STREAMS_FOLLOW);
    needed.addAll(rights(parameters));
    return needed;
  }

  private static Set<Permission> rights(Map<String, String> parameters) {
    List<String> named = Arrays.asList(parameters.getOrDefault("rights", "").split(" "));
    return StreamRights.of(permission -> named.contains(permission.text()));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    String topic = request.query("topic").strip();
    String tab = request.query("tab");
    var model = new HashMap<String, Object>();
    model.put("topic", topic);
    model.put("tab", tab.equals(SENT) || tab.equals(RESUME) ? tab : "events");
    model.put("live", "");
    if (topic.isEmpty()) {
      return Future.succeededFuture(ConsoleView.page("streams", "Streams", model));
    }
    Set<Permission> rights = StreamRights.of(request::may);
    return bus.ask(new StreamQuery.FindStream(topic, rights))
        .recover(failure -> recordRefused(request, topic, failure))
        .compose(state -> record(request, topic).map(state))
        .compose(
            state -> {
              addState(model, topic, state);
              return addTab(request, model, topic, rights, state);
            })
        .map(_ -> ConsoleView.page("streams", "Stream " + topic, model));
  }

  private Future<Void> addTab(
      ConsoleRequest request,
      Map<String, Object> model,
      String topic,
      Set<Permission> rights,
      StreamState state) {
    Future<?> added =
        switch (request.query("tab")) {
          case SENT -> addSent(request, model, topic, rights, state);
          case RESUME -> addResume(request, model, topic, rights, state);
          default -> addEvents(request, model, topic, rights, state);
        };
    return added.mapEmpty();
  }

  private Future<StreamState> recordRefused(
      ConsoleRequest request, String topic, Throwable failure) {
    return failure instanceof Refused refused
            && refused.refusal() instanceof Refusal.Denied(var code, _)
        ? changes
            .recordRefused(request, "streams/" + topic, code)
            .compose(_ -> Future.failedFuture(failure))
        : Future.failedFuture(failure);
  }

  /** Who follows is no secret; the rest of the page is recorded. */
  private Future<?> record(ConsoleRequest request, String topic) {
    return FOLLOWERS.equals(request.part())
        ? Future.succeededFuture()
        : changes
            .recordRead(
                request,
                "console_read_stream",
                "streams/" + topic,
                Changes.values("tab", request.query("tab"), "offset", request.query("offset")))
            .onSuccess(_ -> opened.add(request.admin().session(), topic));
  }

  private static void addState(Map<String, Object> model, String topic, StreamState state) {
    model.put("feed", state.feed());
    JsonObject values = values(state);
    model.put("values", values.getMap());
    model.put("followers", state.followers().stream().map(StreamPages::line).toList());
    model.put("followersVersion", version(state));
    model.put("silent", String.join(", ", state.silent()));
    model.put(
        "tabs",
        List.of(
            new RecordPage.Tab(
                "Events", ListLinks.of(PATH, "topic", topic), "events".equals(model.get("tab"))),
            new RecordPage.Tab(
                "As sent",
                ListLinks.of(PATH, "topic", topic, "tab", SENT),
                SENT.equals(model.get("tab"))),
            new RecordPage.Tab(
                "Resume test",
                ListLinks.of(PATH, "topic", topic, "tab", RESUME),
                RESUME.equals(model.get("tab")))));
  }

  static JsonObject values(StreamState state) {
    boolean empty = state.head().equals(Position.START);
    return JsonObject.of(
        "epoch", empty ? "–" : Long.toString(state.head().epoch()),
        "head", empty ? "–" : Long.toString(state.head().offset()),
        "oldest", state.oldest() == 0 ? "–" : Long.toString(state.oldest()),
        "rate", state.feed() ? "–" : Long.toString(state.perMinute()));
  }

  /** Followers of a node over a wire, as the page shows them. */
  record FollowerLine(String node, String wire, String count, String lowest, String lag) {}

  private static FollowerLine line(NodeFollowers of) {
    Long lowest = of.lowest();
    return new FollowerLine(
        of.node(),
        of.wire(),
        Integer.toString(of.count()),
        lowest == null ? "–" : Long.toString(lowest),
        lowest == null ? "–" : Long.toString(of.lag()));
  }

  static String version(StreamState state) {
    return Integer.toHexString(List.of(state.followers(), state.silent()).hashCode());
  }

  private Future<?> addEvents(
      ConsoleRequest request,
      Map<String, Object> model,
      String topic,
      Set<Permission> rights,
      StreamState state) {
    String type = cut(request.query("type"));
    long from = number(request.query("from"));
    boolean newest = from == 0;
    if (newest) {
      model.put(
          "live",
          ListLinks.of(
              LIVE,
              "topic",
              topic,
              "type",
              type,
              "rights",
              // The name of a topic of sockets is short, so that it has no others.
              String.join(
                  " ",
                  StreamRights.within(topic, rights).stream().map(Permission::text).toList())));
    }
    model.put("type", type);
    model.put("types", state.types());
    model.put("from", newest ? "" : Long.toString(from));
    return bus.ask(new StreamQuery.ReadEvents(topic, rights, state.head(), from, type, PAGE_SIZE))
        .onSuccess(
            events -> {
              model.put("rows", events.stream().map(StreamRows::row).toList());
              long first = events.isEmpty() ? 0 : events.getFirst().position().offset();
              long last = events.isEmpty() ? 0 : events.getLast().position().offset();
              model.put(
                  "liveFrom",
                  state.feed()
                      ? "{}"
                      : JsonObject.of(
                              "epoch", Long.toString(state.head().epoch()),
                              "offset", state.head().offset())
                          .encode());
              model.put("pages", pages(topic, type, first, last, state));
            });
  }

  private static Pager pages(String topic, String type, long first, long last, StreamState state) {
    String here = ListLinks.of(PATH, "topic", topic, "type", type);
    boolean older = first > Math.max(1, state.oldest());
    boolean newer = last > 0 && last < state.head().offset();
    return new Pager(
        "",
        "",
        newer ? here : "",
        older ? here + "&from=" + Math.max(Math.max(1, state.oldest()), first - PAGE_SIZE) : "",
        newer ? here + "&from=" + (last + 1) : "");
  }

  private Future<?> addSent(
      ConsoleRequest request,
      Map<String, Object> model,
      String topic,
      Set<Permission> rights,
      StreamState state) {
    String seat = cut(request.query("seat"));
    Position position = position(request, state.head());
    model.put("epoch", Long.toString(position.epoch()));
    model.put("offset", Long.toString(position.offset()));
    model.put("seat", seat);
    model.put("found", false);
    return bus.ask(new StreamQuery.FindEvent(topic, rights, position))
        .compose(
            detail -> {
              model.put("found", true);
              model.put("row", StreamRows.row(detail.event()));
              model.put("payload", pretty(detail.payload()));
              return bus.ask(new StreamQuery.ReadFrames(topic, rights, position, seat));
            })
        .onSuccess(frames -> model.put("frames", frames))
        .recover(StreamPages::isMissing);
  }

  private static <T> Future<T> isMissing(Throwable failure) {
    return failure instanceof Refused refused && refused.refusal().code().equals("not_found")
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }

  private static String pretty(String payload) {
    try {
      return new JsonObject(payload).encodePrettily();
    } catch (RuntimeException _) {
      return payload;
    }
  }

  private Future<?> addResume(
      ConsoleRequest request,
      Map<String, Object> model,
      String topic,
      Set<Permission> rights,
      StreamState state) {
    String epoch = cut(request.query("epoch").strip());
    long player = number(request.query("player"));
    model.put("epoch", epoch.isEmpty() ? Long.toString(state.head().epoch()) : epoch);
    model.put(
        "offset",
        request.query("offset").isEmpty()
            ? Long.toString(state.head().offset())
            : Long.toString(number(request.query("offset"))));
    model.put("player", player == 0 ? "" : Long.toString(player));
    model.put("tested", false);
    if (epoch.isEmpty()) {
      return Future.succeededFuture();
    }
    return bus.ask(
            new StreamQuery.TestResume(
                topic,
                rights,
                epoch,
                number(request.query("offset")),
                player == 0 ? null : new PlayerId(player)))
        .onSuccess(outcome -> addOutcome(model, outcome));
  }

  private static void addOutcome(Map<String, Object> model, ResumeOutcome outcome) {
    model.put("tested", true);
    model.put("recovered", outcome.recovered());
    model.put("rule", RULES.getOrDefault(outcome.rule(), outcome.rule()));
    model.put(
        "reply",
        JsonObject.of(
                "recovered",
                outcome.recovered(),
                "epoch",
                Long.toString(outcome.position().epoch()),
                "offset",
                outcome.position().offset())
            .encode());
    model.put("oldest", outcome.oldest());
    model.put("missed", outcome.missed());
    model.put("frames", outcome.frames());
  }

  private static Position position(ConsoleRequest request, Position head) {
    String epoch = request.query("epoch").strip();
    return request.query("offset").isEmpty()
        ? head
        : Position.ofClient(
            epoch.isEmpty() ? Long.toString(head.epoch()) : epoch, number(request.query("offset")));
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }

  private static long number(String text) {
    Long number = SearchQuery.parse(text.strip());
    return number == null ? 0 : Math.max(0, number);
  }
}

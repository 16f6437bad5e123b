package dev.rookery.protocol.console;

import dev.rookery.console.Admin;
import dev.rookery.console.Permission;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelRouter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The live regions of a node: one view for each topic and its parameters, however many watch it.
 * Nothing is read while nobody watches. A view makes at most one message a second, which is encoded
 * once for all.
 *
 * <p>There are at most {@value #VIEWS_MAX} views. One instance serves all event loops.
 */
final class LiveViews {
  static final int VIEWS_MAX = 200;
  static final String PREFIX = "console:";
  private static final Duration EVERY_MIN = Duration.ofSeconds(1);

  /**
   * A kind of live region.
   *
   * @param permissions what a viewer needs for the parameters of the topic, all of them
   * @param every the time between two messages, at least a second
   * @param create makes a source for the parameters of the topic
   * @param admit is called for each viewer with the permissions, who waits for it
   */
  record Kind(
      Function<Map<String, String>, Set<Permission>> permissions,
      Duration every,
      Function<Map<String, String>, LiveSource> create,
      Admission admit) {}

  /** What is done before an admin watches a region, such as an entry in the audit log. */
  @FunctionalInterface
  interface Admission {
    Future<?> of(Admin admin, Map<String, String> parameters);
  }

  private final Vertx vertx;
  private final Map<String, Kind> kinds = new HashMap<>();
  private final Map<String, LiveView> views = new ConcurrentHashMap<>();
  private final Counter made;
  private final Counter slow;

  LiveViews(Vertx vertx, MeterRegistry meters) {
    this.vertx = vertx;
    Gauge.builder("rookery.console.live.views", views, Map::size)
        .description("Live regions of the console that somebody watches")
        .register(meters);
    this.made =
        Counter.builder("rookery.console.live.messages")
            .description("Messages of live regions that were made, each once for all who watch")
            .register(meters);
    this.slow =
        Counter.builder("rookery.console.live.slow")
            .description("Messages of live regions that took longer than 250 ms to make")
            .register(meters);
  }

  /** Registers a kind of region; before the first one is watched. */
  void add(
      String name,
      Permission permission,
      Duration every,
      Function<Map<String, String>, LiveSource> create) {
    add(name, Set.of(permission), every, create);
  }

  /** As above, for a region that needs several permissions. */
  void add(
      String name,
      Set<Permission> permissions,
      Duration every,
      Function<Map<String, String>, LiveSource> create) {
    add(name, _ -> permissions, every, create, (_, _) -> Future.succeededFuture());
  }

  /** As above, for a region whose parameters decide what a viewer needs, and who is admitted. */
  void add(
      String name,
      Function<Map<String, String>, Set<Permission>> permissions,
      Duration every,
      Function<Map<String, String>, LiveSource> create,
      Admission admit) {
    Duration period = every.compareTo(EVERY_MIN) < 0 ? EVERY_MIN : every;
    kinds.put(name, new Kind(permissions, period, create, admit));
  }

  /** The topics for the socket of an admin. */
  ChannelRouter router(Admin admin) {
    return (topic, _) -> open(topic, admin);
  }

  private @Nullable Channel open(String topic, Admin admin) {
    if (!topic.startsWith(PREFIX)) {
      return null;
    }
    Kind kind = kinds.get(name(topic));
    return kind == null ? null : new LiveChannel(vertx, this, topic, kind, admin);
  }

  private static String name(String topic) {
    int query = topic.indexOf('?');
    return topic.substring(PREFIX.length(), query < 0 ? topic.length() : query);
  }

  /** The view of a topic, which is made for its first viewer; null if there are too many. */
  @Nullable LiveView view(String topic, Kind kind) {
    if (views.size() >= VIEWS_MAX && !views.containsKey(topic)) {
      return null;
    }
    return views.computeIfAbsent(
        topic,
        _ ->
            new LiveView(
                vertx,
                topic,
                kind.every(),
                kind.create().apply(parameters(topic)),
                new LiveView.Meters(made, slow),
                view -> views.remove(topic, view)));
  }

  static Map<String, String> parameters(String topic) {
    var parameters = new HashMap<String, String>();
    int query = topic.indexOf('?');
    if (query >= 0) {
      Map<String, List<String>> all = new QueryStringDecoder(topic.substring(query)).parameters();
      all.forEach((name, values) -> parameters.put(name, values.getLast()));
    }
    return parameters;
  }
}

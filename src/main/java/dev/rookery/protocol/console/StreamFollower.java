package dev.rookery.protocol.console;

import dev.rookery.base.Position;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.console.StreamQuery;
import dev.rookery.console.StreamRights;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a topic for the pages that show it: once a second the events that were added, and every
 * fifth time how the topic is.
 */
final class StreamFollower implements LiveSource {
  private static final int STATE_EVERY = 5;

  private final Bus bus;
  private final String topic;
  private final String type;
  private final Set<Permission> rights;
  private final Promise<Void> started = Promise.promise();
  private @Nullable Position position;
  private long sequence;
  private int messages;
  private JsonObject state = new JsonObject();

  StreamFollower(Bus bus, String topic, String type, Set<Permission> rights) {
    this.bus = bus;
    this.topic = topic;
    this.type = type;
    this.rights = rights;
  }

  @Override
  public Future<JsonObject> next() {
    boolean readsState = messages++ % STATE_EVERY == 0;
    Future<?> read = readsState ? readState() : Future.succeededFuture();
    return read.compose(_ -> StreamRights.isFeed(topic) ? followFeed() : followStream())
        .map(message -> message.mergeIn(state))
        .onComplete(_ -> started.tryComplete());
  }

  private Future<?> readState() {
    return bus.ask(new StreamQuery.FindStream(topic, rights))
        .onSuccess(
            found ->
                state =
                    JsonObject.of(
                        "values", StreamPages.values(found),
                        "parts", JsonObject.of(StreamPages.FOLLOWERS, StreamPages.version(found))));
  }

  private Future<JsonObject> followStream() {
    return bus.ask(new StreamQuery.FollowEvents(topic, rights, position, type))
        .map(
            added -> {
              position = added.position();
              return JsonObject.of("lines", StreamRows.lines(added.events(), added.leftOut()));
            });
  }

  private Future<JsonObject> followFeed() {
    return bus.ask(new StreamQuery.FollowFeed(topic, rights, sequence))
        .map(
            heard -> {
              sequence = heard.newest();
              return JsonObject.of("lines", StreamRows.lines(heard.events(), heard.leftOut()));
            });
  }

  /** After the first message, so that no event is between the two. */
  @Override
  public Future<JsonObject> catchUp(JsonObject from) {
    Object epoch = from.getValue("epoch");
    Object offset = from.getValue("offset");
    if (!(epoch instanceof String text) || !(offset instanceof Number number)) {
      return Future.succeededFuture(new JsonObject());
    }
    var known = Position.ofClient(text, number.longValue());
    return started
        .future()
        .compose(_ -> bus.ask(new StreamQuery.FollowEvents(topic, rights, known, type)))
        .map(missed -> JsonObject.of("lines", StreamRows.lines(missed.events(), missed.leftOut())));
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.FixedWindow;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Following;
import dev.rookery.fanout.Wire;
import dev.rookery.notification.Notices;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.Arrival;
import dev.rookery.presence.PresenceCommand;
import dev.rookery.protocol.phoenix.Answer;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefused;
import dev.rookery.protocol.phoenix.Line;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code user:<id>} topic: what concerns one player alone. Being on it is being online.
 *
 * <p>After the join come {@code updated} and the stored notices, then whatever happened since, each
 * once: a notice posted while the stored ones were read is told by its place in the stream.
 */
final class UserChannel implements Channel {
  static final String PREFIX = "user:";

  private static final Wire<Optional<Push>> WIRE = delivery -> Optional.ofNullable(push(delivery));
  private static final String UPDATED = "updated";
  private static final Answer UNKNOWN = Answer.error(JsonObject.of("error", "unknown_event"));

  private final String topic;
  private final @Nullable Session session;
  private final Bus bus;
  private final FanOut fanOut;
  private final @Nullable FixedWindow limit;
  private final String connection;

  private @Nullable Line line;
  private @Nullable Following following;
  private @Nullable Arrival arrival;
  private @Nullable Position noticesRead;
  private @Nullable Payload shown;

  /**
   * @param limit of the events that cost something, for each player; null for none
   * @param connection names this join among all of the cluster
   */
  UserChannel(
      String topic,
      @Nullable Session session,
      Bus bus,
      FanOut fanOut,
      @Nullable FixedWindow limit,
      String connection) {
    this.topic = topic;
    this.session = session;
    this.bus = bus;
    this.fanOut = fanOut;
    this.limit = limit;
    this.connection = connection;
  }

  @Override
  public Future<Void> join() {
    Long id = TopicId.of(topic, PREFIX);
    if (id == null) {
      return Future.failedFuture(new JoinRefused("invalid topic"));
    }
    var player = new PlayerId(id);
    if (session == null || !session.player().equals(player)) {
      return Future.failedFuture(new JoinRefused("unauthorized"));
    }
    Following followed = fanOut.follow(Topic.player(player), this::hear);
    following = followed;
    return bus.ask(new PresenceCommand.Arrive(player, connection))
        .onSuccess(arrived -> arrival = arrived)
        .onFailure(_ -> followed.end())
        .recover(UserChannel::refused)
        .mapEmpty();
  }

  private static Future<Arrival> refused(Throwable cause) {
    boolean gone = cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
    return Future.failedFuture(gone ? new JoinRefused("unauthorized") : cause);
  }

  @Override
  public void joined(Line line) {
    this.line = line;
    Arrival arrived = Objects.requireNonNull(arrival);
    shown = Payload.of(Views.me(arrived.player()));
    line.push(new Push(topic, UPDATED, shown));
    bus.ask(new NotificationCommand.Stored(arrived.player().id()))
        .onSuccess(notices -> replay(line, arrived, notices))
        .onFailure(cause -> line.crash("reading the notices", cause));
  }

  private void replay(Line line, Arrival arrived, Notices notices) {
    noticesRead = notices.position();
    replay(line, arrived, notices.notifications().iterator());
  }

  /** At the client's pace: a thousand notices may be more than a socket's queue holds. */
  private void replay(Line line, Arrival arrived, Iterator<Notification> rest) {
    while (rest.hasNext()) {
      if (!line.isRoomy()) {
        line.whenRoomy(() -> replay(line, arrived, rest));
        return;
      }
      line.push(notification(topic, rest.next()));
    }
    if (following != null) {
      following.from(arrived.position());
    }
  }

  private void hear(Delivery delivery) {
    Line to = line;
    if (to == null || isRepeated(delivery)) {
      return;
    }
    delivery
        .as(WIRE)
        .ifPresent(
            push -> {
              if (push.event().equals(UPDATED)) {
                if (shown != null && push.payload().sameAs(shown)) {
                  return;
                }
                shown = push.payload();
              }
              to.push(push);
            });
  }

  private boolean isRepeated(Delivery delivery) {
    return noticesRead != null
        && delivery.posted().event() instanceof NotificationEvent
        && delivery.posted().position().isIn(noticesRead);
  }

  private static @Nullable Push push(Delivery delivery) {
    return switch (delivery.posted().event()) {
      case PlayerEvent.Changed(var player) ->
          new Push(PREFIX + player.id(), UPDATED, Views.me(player));
      case NotificationEvent.Posted(var notification) ->
          notification(PREFIX + notification.recipient(), notification);
      // Families that are not for this topic, or not yet.
      default -> null;
    };
  }

  private static Push notification(String topic, Notification notification) {
    return new Push(topic, "notification", Views.notification(notification));
  }

  /**
   * No extension is loaded and no peer is spoken to yet, so calls find nothing; what is no event at
   * all is told so, and the channel stays.
   */
  @Override
  public Future<Answer> handle(Frame.Message message) {
    JsonObject payload = message.payload().object();
    return Future.succeededFuture(
        switch (message.event()) {
          case "call_hook" ->
              isText(payload, "plugin") && isText(payload, "fn") ? costly("not_found") : UNKNOWN;
          case "webrtc:offer" -> isText(payload, "sdp") ? costly("webrtc_disabled") : UNKNOWN;
          case "webrtc:ice" -> isText(payload, "candidate") ? costly("no_webrtc_session") : UNKNOWN;
          case "webrtc:close" -> Answer.ok(new JsonObject());
          default -> UNKNOWN;
        });
  }

  private static boolean isText(@Nullable JsonObject payload, String field) {
    return payload != null && payload.getValue(field) instanceof String;
  }

  private Answer costly(String error) {
    boolean tooMany = limit != null && limit.refusedForMs(topic) > 0;
    return tooMany
        ? Answer.errorAndClose(JsonObject.of("error", "rate_limited"))
        : Answer.error(JsonObject.of("error", error));
  }

  @Override
  public Future<?> ended() {
    if (following != null) {
      following.end();
    }
    // Should it not be heard, the sweep of stale presences will do the same later.
    return session == null
        ? Future.succeededFuture()
        : bus.ask(new PresenceCommand.Depart(session.player(), connection));
  }
}

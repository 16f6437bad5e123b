package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.base.CatchUp;
import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.StoredNotifications;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.Arrival;
import dev.rookery.presence.PresenceCommand;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code user:<id>} topic: what concerns one player alone. Being on it is being online.
 *
 * <p>After the join come {@code updated} and the stored notices, as they were when the player
 * arrived, then whatever happened since, each once.
 */
final class UserChannel implements Channel {
  static final String PREFIX = "user:";

  private static final EventEncoder<List<StreamPush>> WIRE =
      StreamPush.wire(delivery -> StreamPush.oneOrNone(push(delivery)));
  private static final ChannelReply UNKNOWN_EVENT =
      ChannelReply.error(JsonObject.of("error", "unknown_event"));

  private final String topic;
  private final @Nullable Session session;
  private final Sessions sessions;
  private final Bus bus;
  private final FanOut fanOut;
  private final @Nullable FixedWindowLimiter limiter;
  private final String joinId;

  private @Nullable StreamSubscription subscription;
  private @Nullable Arrival arrival;
  private boolean clientLeft;

  /**
   * @param limit of the events that cost something, for each player; null for none
   * @param connection names this join among all of the cluster
   */
  UserChannel(
      String topic,
      @Nullable Session session,
      Sessions sessions,
      Bus bus,
      FanOut fanOut,
      @Nullable FixedWindowLimiter limit,
      String connection) {
    this.topic = topic;
    this.session = session;
    this.sessions = sessions;
    this.bus = bus;
    this.fanOut = fanOut;
    this.limiter = limit;
    this.joinId = connection;
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    Long id = TopicId.of(topic, PREFIX);
    if (id == null) {
      return Future.failedFuture(new JoinRefusedException("invalid topic"));
    }
    var player = new PlayerId(id);
    if (session == null || !session.player().equals(player)) {
      return Future.failedFuture(new JoinRefusedException("unauthorized"));
    }
    var subscribed =
        new StreamSubscription(
            fanOut, Topic.player(player), WIRE, ResumeRequest.of(payload), MembershipEvents.NONE);
    subscription = subscribed;
    return bus.ask(new PresenceCommand.Arrive(player, joinId))
        .onFailure(_ -> subscribed.cancel())
        .recover(UserChannel::joinRefusal)
        .compose(
            arrived -> {
              arrival = arrived;
              return subscribed.onAdmitted(arrived.position());
            });
  }

  private static Future<Arrival> joinRefusal(Throwable cause) {
    boolean gone = cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
    return Future.failedFuture(gone ? new JoinRefusedException("unauthorized") : cause);
  }

  @Override
  public void onJoined(ChannelConnection line) {
    StreamSubscription followed = Objects.requireNonNull(subscription);
    Arrival arrived = Objects.requireNonNull(arrival);
    // Not wanted any more, and there are thousands of idle channels.
    arrival = null;
    if (followed.start(line)) {
      return;
    }
    if (arrived.hasNotifications()) {
      PlayerId me = arrived.player().id();
      bus.ask(new NotificationCommand.ListStored(me))
          .compose(notices -> withoutLater(notices, arrived.position(), Topic.player(me)))
          .onSuccess(notices -> pushSnapshot(line, followed, arrived, notices))
          .onFailure(cause -> line.crash("reading the notices", cause));
    } else {
      pushSnapshot(line, followed, arrived, List.of());
    }
  }

  private void pushSnapshot(
      ChannelConnection line,
      StreamSubscription followed,
      Arrival arrived,
      List<Notification> notices) {
    var me = new Push(topic, UPDATED, Views.me(arrived.player()));
    followed.pushSnapshot(
        line,
        Stream.concat(Stream.of(me), notices.stream().map(notice -> notification(topic, notice)))
            .iterator());
  }

  /** Those that were posted since the arrival will be heard, and are not to come twice. */
  private Future<List<Notification>> withoutLater(
      StoredNotifications notices, Position arrival, String stream) {
    if (notices.position().equals(arrival)) {
      return Future.succeededFuture(notices.notifications());
    }
    return fanOut
        .readMissed(stream, notices.position().startOfGap(arrival), notices.position())
        .map(
            missed -> {
              if (!(missed instanceof CatchUp.Events<Delivery>(var events, var more)) || more) {
                throw new Refused(new Refusal.Unavailable("history_passed"));
              }
              Set<NotificationId> later = new HashSet<>();
              for (Delivery delivery : events) {
                if (delivery.posted().event() instanceof NotificationEvent.Posted(var notice)) {
                  later.add(notice.id());
                }
              }
              return notices.notifications().stream()
                  .filter(notice -> !later.contains(notice.id()))
                  .toList();
            });
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
  public Future<ChannelReply> handle(Frame.Message message) {
    JsonObject payload = message.payload().asObject();
    return Future.succeededFuture(
        switch (message.event()) {
          case "call_hook" ->
              isText(payload, "plugin") && isText(payload, "fn")
                  ? limitedError("not_found")
                  : UNKNOWN_EVENT;
          case "webrtc:offer" ->
              isText(payload, "sdp") ? limitedError("webrtc_disabled") : UNKNOWN_EVENT;
          case "webrtc:ice" ->
              isText(payload, "candidate") ? limitedError("no_webrtc_session") : UNKNOWN_EVENT;
          case "webrtc:close" -> ChannelReply.ok(new JsonObject());
          default -> UNKNOWN_EVENT;
        });
  }

  private static boolean isText(@Nullable JsonObject payload, String field) {
    return payload != null && payload.getValue(field) instanceof String;
  }

  private ChannelReply limitedError(String error) {
    boolean tooMany = limiter != null && limiter.retryAfterMs(topic) > 0;
    return tooMany
        ? ChannelReply.errorAndClose(JsonObject.of("error", "rate_limited"))
        : ChannelReply.error(JsonObject.of("error", error));
  }

  @Override
  public void onLeave() {
    clientLeft = true;
  }

  @Override
  public Future<?> onEnd() {
    if (subscription != null) {
      subscription.cancel();
    }
    if (session == null) {
      return Future.succeededFuture();
    }
    boolean deliberate = clientLeft || sessions.hasEnded(session.id());
    return bus.ask(new PresenceCommand.Depart(session.player(), joinId, deliberate));
  }
}

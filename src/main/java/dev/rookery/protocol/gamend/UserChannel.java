package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Ids;
import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscription;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.StoredNotifications;
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
 * The {@code user:<id>} topic (Gamend realtime contract, section 2.7): the events of one player,
 * for that player. A player is online while joined to it.
 *
 * <p>After the join come {@code updated} and the stored notifications as of the join, then every
 * later event exactly once.
 */
final class UserChannel implements Channel {
  static final String PREFIX = "user:";

  private static final ChannelReply UNKNOWN_EVENT = ErrorReply.of("unknown_event");
  private static final ChannelReply RATE_LIMITED =
      ChannelReply.errorAndClose(JsonObject.of("error", "rate_limited"));

  private final String topic;
  private final @Nullable Session session;
  private final Sessions sessions;
  private final Bus bus;
  private final FanOut fanOut;
  private final ExtensionHost extensions;
  private final @Nullable FixedWindowLimiter limiter;
  private final PlayerPeers peers;
  private final Ids ids;
  // Identifies this join in the cluster.
  private final String joinId;

  private @Nullable StreamSubscription subscription;
  private @Nullable Subscription friends;
  private @Nullable Arrival arrival;
  private @Nullable ChannelConnection connection;
  private @Nullable PeerSignalling signalling;
  private @Nullable MatchSearch search;
  private boolean clientLeft;

  /**
   * @param limiter limits the costly events of each player; null for no limit
   */
  UserChannel(
      String topic,
      @Nullable Session session,
      Sessions sessions,
      Bus bus,
      FanOut fanOut,
      ExtensionHost extensions,
      @Nullable FixedWindowLimiter limiter,
      PlayerPeers peers,
      Ids ids) {
    this.topic = topic;
    this.session = session;
    this.sessions = sessions;
    this.bus = bus;
    this.fanOut = fanOut;
    this.extensions = extensions;
    this.limiter = limiter;
    this.peers = peers;
    this.ids = ids;
    this.joinId = ids.uuid();
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
            fanOut,
            Topic.player(player),
            delivery -> delivery.encodedBy(UserPushes.ENCODER),
            ResumeRequest.of(payload),
            MembershipEvents.NONE);
    subscription = subscribed;
    return bus.ask(new PresenceCommand.Arrive(player, joinId))
        .onFailure(
            cause -> {
              subscribed.cancel();
              if (!Refused.isByRule(cause)) {
                // The player may be online although the answer did not come.
                depart(player, false);
              }
            })
        .recover(UserChannel::joinRefusal)
        .compose(
            arrived -> {
              arrival = arrived;
              return subscribed.onAdmitted(arrived.position());
            });
  }

  private static Future<Arrival> joinRefusal(Throwable cause) {
    boolean playerMissing =
        cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
    return Future.failedFuture(playerMissing ? new JoinRefusedException("unauthorized") : cause);
  }

  @Override
  public void onJoined(ChannelConnection client) {
    connection = client;
    StreamSubscription joined = Objects.requireNonNull(subscription);
    Arrival arrived = Objects.requireNonNull(arrival);
    friends =
        fanOut.subscribe(
            Topic.friends(arrived.player().id()),
            new FeedSubscriber(client, UserPushes.FRIENDS_ENCODER));
    friends.startNow();
    // Not needed any more; a channel may stay open for hours.
    arrival = null;
    if (joined.start(client)) {
      return;
    }
    if (arrived.hasNotifications()) {
      PlayerId me = arrived.player().id();
      bus.ask(new NotificationCommand.ListStored(me))
          .compose(stored -> withoutLater(stored, arrived.position(), Topic.player(me)))
          .onSuccess(stored -> pushSnapshot(client, joined, arrived, stored))
          .onFailure(cause -> client.crash("the stored notifications", cause));
    } else {
      pushSnapshot(client, joined, arrived, List.of());
    }
  }

  private void pushSnapshot(
      ChannelConnection client,
      StreamSubscription joined,
      Arrival arrived,
      List<Notification> notifications) {
    var me = new Push(topic, UPDATED, Views.me(arrived.player()));
    joined.pushSnapshot(
        client,
        Stream.concat(
                Stream.of(me),
                notifications.stream()
                    .map(notification -> UserPushes.notification(topic, notification)))
            .iterator());
  }

  /** Removes the notifications posted after the arrival, because their events follow. */
  private Future<List<Notification>> withoutLater(
      StoredNotifications stored, Position arrival, String stream) {
    if (stored.position().equals(arrival)) {
      return Future.succeededFuture(stored.notifications());
    }
    return fanOut
        .readMissed(stream, stored.position().startOfGap(arrival), stored.position())
        .map(
            missed -> {
              if (!(missed instanceof CatchUp.Events<Delivery>(var events, var more)) || more) {
                throw new Refused(new Refusal.Unavailable("history_passed"));
              }
              Set<NotificationId> later = new HashSet<>();
              for (Delivery delivery : events) {
                if (delivery.posted().event()
                    instanceof NotificationEvent.Posted(var notification)) {
                  later.add(notification.id());
                }
              }
              return stored.notifications().stream()
                  .filter(notification -> !later.contains(notification.id()))
                  .toList();
            });
  }

  /**
   * Calls functions of extensions, searches for matches, and signals for WebRTC. An unknown event
   * gets an error and the channel stays open.
   */
  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    JsonObject payload = message.payload().asObject();
    return switch (message.event()) {
      case "call_hook" ->
          payload == null || !isText(payload, "plugin") || !isText(payload, "fn")
              ? Future.succeededFuture(UNKNOWN_EVENT)
              : isLimited() ? Future.succeededFuture(RATE_LIMITED) : callHook(payload);
      case "find_match" ->
          isLimited() ? Future.succeededFuture(RATE_LIMITED) : search().find(payload);
      case "cancel_match" -> search().cancel();
      case "webrtc:close" -> {
        if (signalling != null) {
          signalling.close();
        }
        yield Future.succeededFuture(ChannelReply.ok(new JsonObject()));
      }
      default -> Future.succeededFuture(signal(message.event(), payload));
    };
  }

  private ChannelReply signal(String event, @Nullable JsonObject payload) {
    if (payload == null || !PeerSignalling.isValid(event, payload)) {
      return UNKNOWN_EVENT;
    }
    if (isLimited()) {
      return RATE_LIMITED;
    }
    if (signalling == null) {
      signalling =
          new PeerSignalling(
              Objects.requireNonNull(session).player(),
              joinId,
              Objects.requireNonNull(connection),
              peers,
              extensions,
              fanOut);
    }
    return signalling.handle(event, payload);
  }

  private MatchSearch search() {
    if (search == null) {
      search = new MatchSearch(bus, Objects.requireNonNull(session).player(), ids);
    }
    return search;
  }

  private static boolean isText(@Nullable JsonObject payload, String field) {
    return payload != null && payload.getValue(field) instanceof String;
  }

  private Future<ChannelReply> callHook(JsonObject payload) {
    boolean sent = payload.containsKey("args");
    var call =
        new HookCall(
            payload.getString("plugin"),
            payload.getString("fn"),
            HookCall.arguments(sent, payload.getMap().get("args")));
    if (call.isReserved()) {
      return Future.succeededFuture(ErrorReply.of(HookCall.RESERVED));
    }
    PlayerId caller = Objects.requireNonNull(session).player();
    return call.run(extensions, caller).map(UserChannel::hookReply);
  }

  private static ChannelReply hookReply(CallOutcome outcome) {
    return outcome instanceof CallOutcome.Returned(var value)
        ? ChannelReply.ok(new JsonObject().put("data", value))
        : ErrorReply.of(HookCall.errorCode(outcome));
  }

  private boolean isLimited() {
    return limiter != null && limiter.retryAfterMs(topic) > 0;
  }

  @Override
  public void onLeave() {
    clientLeft = true;
  }

  @Override
  public Future<?> onEnd() {
    if (signalling != null) {
      signalling.close();
    }
    if (subscription != null) {
      subscription.cancel();
    }
    if (friends != null) {
      friends.cancel();
    }
    if (session == null) {
      return Future.succeededFuture();
    }
    boolean deliberate = clientLeft || sessions.hasEnded(session.id());
    Future<?> searched = search == null ? Future.succeededFuture() : search.end();
    return Future.join(searched, depart(session.player(), deliberate));
  }

  private Future<?> depart(PlayerId player, boolean deliberate) {
    return bus.undo(new PresenceCommand.Depart(player, joinId, deliberate));
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.base.Ids;
import dev.rookery.base.Position;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.MatchCommand.MatchJoined;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.MatchTopic;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code match:<room>} topic: a running match as the player of one seat sees it, who sends
 * {@code action}. Its events can be resumed like those of other topics.
 *
 * <p>A client that asks for it gets the views of its seat over the data channel while that is open,
 * where a lost one does not delay the next. The socket carries what the next view does not replace:
 * the steps of each action, and the view with the result. A client that misses the view of the last
 * action asks for it with {@code view}.
 */
final class MatchChannel implements Channel {
  static final String PREFIX = "match:";

  /** Another match of the room may give the seat to somebody else. */
  static final MembershipEvents MEMBERSHIP =
      new MembershipEvents(_ -> false, MatchEvent.ReturnedToLobby.class::isInstance);

  private static final String ERROR = "error";
  private static final String REVISION = "revision";
  private static final double EXACT_INTEGER_MAX = 9_007_199_254_740_991d;
  private static final int CLIENT_ID_MAX = 128;

  private final String topic;
  private final String room;
  private final @Nullable Session session;
  private final Bus bus;
  private final FanOut fanOut;
  private final Ids ids;
  private final ShownPayloads payloads;
  private final String socket;
  private String player = "";
  private boolean onLane;
  private @Nullable StreamSubscription subscription;
  private @Nullable MatchJoined admission;
  private @Nullable ChannelConnection connection;

  // Of a client with a data channel: what it has been told of last, and asked for last.
  private @Nullable SeenMatch seen;
  private @Nullable SeenMatch repeated;

  /**
   * @param payloads of actions that players are shown
   */
  MatchChannel(
      String topic,
      @Nullable Session session,
      Bus bus,
      FanOut fanOut,
      Ids ids,
      ShownPayloads payloads) {
    this.topic = topic;
    this.room = topic.substring(PREFIX.length());
    this.session = session;
    this.bus = bus;
    this.fanOut = fanOut;
    this.ids = ids;
    this.payloads = payloads;
    this.socket = ids.uuid();
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    if (session == null || !isId(room)) {
      return refuse("unknown_room");
    }
    String user = MatchCommand.user(session.player());
    ResumeRequest asked = ResumeRequest.of(payload);
    onLane = DataChannelRequest.isIn(payload);
    // Views overtake what comes on the socket; a client tells by the positions which is newer.
    ResumeRequest resume = onLane ? asked.withPositions() : asked;
    return bus.ask(new MatchCommand.Find(room))
        .compose(
            found -> {
              if (found.isEmpty()) {
                return refuse("unknown_room");
              }
              RoomInfo info = found.get();
              if (info.phase() != Phase.ACTIVE) {
                return refuse(info.phase() == Phase.LOBBY ? "room_not_started" : "room_closed");
              }
              return info.playerOf(user)
                  .map(seat -> connect(user, seat, resume))
                  .orElseGet(() -> refuse("player_not_assigned"));
            });
  }

  private static boolean isId(String room) {
    return !room.isEmpty() && room.length() <= MatchCommand.ID_MAX && Text.isStorable(room);
  }

  private static <T> Future<T> refuse(String reason) {
    return Future.failedFuture(new JoinRefusedException(reason));
  }

  private Future<JsonObject> connect(String user, String seat, ResumeRequest resume) {
    player = seat;
    var subscribed =
        new StreamSubscription(fanOut, MatchTopic.of(room), pushes(seat), resume, MEMBERSHIP);
    subscription = subscribed;
    return bus.ask(new MatchCommand.ConnectToMatch(room, user, seat, socket))
        .onFailure(cause -> release(subscribed, cause))
        .recover(
            cause ->
                cause instanceof Refused refused
                    ? refuse(refused.refusal().code())
                    : Future.failedFuture(cause))
        .compose(
            joined -> {
              admission = joined;
              return subscribed.onAdmitted(joined.position());
            });
  }

  private Function<Delivery, List<StreamPush>> pushes(String seat) {
    var onSocket = new SeatEncoder(topic, seat, payloads);
    if (!onLane) {
      return delivery -> delivery.encodedBy(onSocket);
    }
    var views = new MatchViews.Encoder(topic, payloads);
    return delivery -> {
      switch (delivery.posted().event()) {
        case MatchEvent.Advanced _ -> {
          MatchViews advanced = delivery.encodedBy(views);
          seen = advanced.seen();
          if (!advanced.seen().snapshot().hasResult()
              && Objects.requireNonNull(connection).tryLane(advanced.view(seat))) {
            return advanced.steps(seat);
          }
        }
        case MatchEvent.Restarted(var match) ->
            seen = new SeenMatch(delivery.position(), match.revision(), match.snapshot());
        default -> {}
      }
      return delivery.encodedBy(onSocket);
    };
  }

  private void release(StreamSubscription subscribed, Throwable cause) {
    subscribed.cancel();
    if (!Refused.isByRule(cause)) {
      // The socket may have been registered although the answer did not come.
      disconnect(false);
    }
  }

  private Future<?> disconnect(boolean leaving) {
    return bus.undo(new MatchCommand.Disconnect(room, socket, leaving));
  }

  @Override
  public void onJoined(ChannelConnection client) {
    MatchJoined joined = Objects.requireNonNull(admission);
    admission = null;
    connection = client;
    if (onLane) {
      seen = new SeenMatch(joined.position(), joined.view().revision(), joined.view().snapshot());
    }
    StreamSubscription subscribed = Objects.requireNonNull(subscription);
    if (!subscribed.start(client)) {
      String text =
          "{\"room_id\":%s,\"player_id\":%s,\"connected\":%s,%s}"
              .formatted(
                  Json.encode(room),
                  Json.encode(player),
                  new JsonArray(joined.connected()).encode(),
                  seen(joined.view().revision(), joined.view().snapshot(), player));
      subscribed.pushSnapshot(
          client, List.of(push(topic, StreamSubscription.UPDATED, text)).iterator());
    }
  }

  private static String seen(long revision, Snapshot snapshot, String player) {
    return MatchJson.seen(revision, snapshot, MatchJson.view(snapshot, player));
  }

  private static Push push(String topic, String event, String payload) {
    return new Push(topic, event, Payload.json(payload.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    if (onLane && message.event().equals("view")) {
      return Future.succeededFuture(repeatView());
    }
    if (!message.event().equals("action")) {
      return Future.succeededFuture(
          ChannelReply.errorAndClose(JsonObject.of(ERROR, "unknown_event")));
    }
    JsonObject action = message.payload().asObject();
    MatchCommand.Act act = action == null ? null : act(action);
    if (act == null) {
      return Future.succeededFuture(ErrorReply.of("invalid_action"));
    }
    return bus.ask(act).map(MatchChannel::reply).recover(ErrorReply::orFail);
  }

  /**
   * Pushes the last view on the socket, which loses nothing: once, however often the client asks.
   */
  private ChannelReply repeatView() {
    SeenMatch last = Objects.requireNonNull(seen);
    if (last != repeated) {
      repeated = last;
      Objects.requireNonNull(connection)
          .push(last.push(topic, MatchJson.view(last.snapshot(), player)));
    }
    return ChannelReply.ok(JsonObject.of(REVISION, last.revision()));
  }

  private MatchCommand.@Nullable Act act(JsonObject action) {
    Object base = action.getValue("base_revision");
    Object id = action.getValue("client_action_id", "");
    if (!(action.getValue("event") instanceof String event)
        || !(id instanceof String clientActionID)
        || clientActionID.length() > CLIENT_ID_MAX
        || !(base == null || isInteger(base))) {
      return null;
    }
    return new MatchCommand.Act(
        room,
        player,
        event,
        Json.encode(action.getValue("payload")),
        base == null ? null : ((Number) base).longValue(),
        clientActionID,
        ids.uuid());
  }

  private static boolean isInteger(Object value) {
    return value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && Math.abs(number.doubleValue()) <= EXACT_INTEGER_MAX;
  }

  private static ChannelReply reply(ActResult result) {
    String refused = result.error();
    if (refused == null) {
      return ChannelReply.ok(JsonObject.of(REVISION, result.revision()));
    }
    var response = JsonObject.of(ERROR, refused, REVISION, result.revision());
    if (result.reason() != null) {
      response.put("reason", result.reason());
    }
    if (result.details() != null) {
      response.put("details", Json.decodeValue(result.details()));
    }
    return ChannelReply.error(response);
  }

  @Override
  public Future<?> onEnd() {
    if (subscription != null) {
      subscription.cancel();
    }
    return disconnect(true);
  }

  /**
   * Encodes the events of a match for one seat. Equal for all channels of the seat, so that each
   * event is encoded once for it.
   */
  record SeatEncoder(String topic, String player, ShownPayloads payloads)
      implements EventEncoder<List<StreamPush>> {
    @Override
    public List<StreamPush> encode(Delivery delivery) {
      Push push =
          switch (delivery.posted().event()) {
            case MatchEvent.Advanced event -> push(topic, "advanced", advanced(event));
            case MatchEvent.Restarted(var match) ->
                push(
                    topic,
                    "restarted",
                    "{" + seen(match.revision(), match.snapshot(), player) + "}");
            case MatchEvent.ReturnedToLobby(var info) ->
                new Push(topic, "returned_to_lobby", JsonObject.of("room_id", info.room()));
            case MatchEvent.PlayerConnected(_, var who, var first, var connected) ->
                first ? presence("player_connected", who, connected) : null;
            case MatchEvent.PlayerDisconnected(_, var who, var connected) ->
                presence("player_disconnected", who, connected);
            default -> null;
          };
      return push == null ? List.of() : List.of(stream(push, delivery.position()));
    }

    private static StreamPush stream(Push push, Position position) {
      return new StreamPush(push, position);
    }

    private Push presence(String event, String who, List<String> connected) {
      return new Push(
          topic, event, JsonObject.of("player_id", who, "connected", new JsonArray(connected)));
    }

    private String advanced(MatchEvent.Advanced event) {
      return MatchJson.advanced(
          event, player, payloads, (revision, after) -> seen(revision, after, player));
    }
  }
}

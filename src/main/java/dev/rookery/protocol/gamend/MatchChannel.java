package dev.rookery.protocol.gamend;

import dev.rookery.base.Ids;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.game.GameSession.Step;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code match:<room>} topic: a running match as the player of one seat sees it, who sends
 * {@code action}. Its events can be resumed like those of other topics.
 */
final class MatchChannel implements Channel {
  static final String PREFIX = "match:";

  private static final Logger LOG = LoggerFactory.getLogger(MatchChannel.class);

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
  private @Nullable StreamSubscription subscription;
  private @Nullable MatchJoined admission;

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
    ResumeRequest resume = ResumeRequest.of(payload);
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
        new StreamSubscription(
            fanOut,
            MatchTopic.of(room),
            new SeatEncoder(topic, seat, payloads),
            resume,
            // Another match of the room may give the seat to somebody else.
            new MembershipEvents(_ -> false, MatchEvent.ReturnedToLobby.class::isInstance));
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

  private void release(StreamSubscription subscribed, Throwable cause) {
    subscribed.cancel();
    if (!(cause instanceof Refused refused) || refused.refusal() instanceof Refusal.Unavailable) {
      // The socket may have been registered although the answer did not come.
      bus.ask(new MatchCommand.Disconnect(room, socket, false))
          .onFailure(_ -> LOG.debug("a channel that was not joined is left in its room"));
    }
  }

  @Override
  public void onJoined(ChannelConnection client) {
    MatchJoined joined = Objects.requireNonNull(admission);
    admission = null;
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

  /** What a player sees of the match, as fields of a JSON object. */
  private static String seen(long revision, Snapshot snapshot, String player) {
    return "\"revision\":%d,\"position\":%s,\"derived\":%s,\"result\":%s,\"view\":%s"
        .formatted(
            revision,
            snapshot.position(),
            snapshot.derived(),
            snapshot.result(),
            snapshot.views().getOrDefault(player, snapshot.publicView()));
  }

  private static Push push(String topic, String event, String payload) {
    return new Push(topic, event, Payload.json(payload.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
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
    return bus.ask(new MatchCommand.Disconnect(room, socket, true)).otherwiseEmpty();
  }

  /**
   * Encodes the events of a match for one seat. Equal for all channels of the seat, so that each
   * event is encoded once for it.
   */
  private record SeatEncoder(String topic, String player, ShownPayloads payloads)
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
      var steps = new ArrayList<String>(event.steps().size());
      long revision = event.revision() - event.steps().size();
      for (Step step : payloads.steps(event, player)) {
        revision++;
        steps.add(
            "{\"kind\":\"%s\",\"event\":%s,%s}"
                .formatted(step.kind(), step.record(), seen(revision, step.after(), player)));
      }
      boolean own = player.equals(event.playerID()) && event.clientActionID() != null;
      return "{\"action_id\":%s,\"player_id\":%s,%s\"revision\":%d,\"steps\":[%s]}"
          .formatted(
              Json.encode(event.actionID()),
              Json.encode(event.playerID()),
              own ? "\"client_action_id\":" + Json.encode(event.clientActionID()) + "," : "",
              event.revision(),
              String.join(",", steps));
    }
  }
}

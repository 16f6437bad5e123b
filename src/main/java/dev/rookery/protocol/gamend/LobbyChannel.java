package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.base.Event;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyCommand.Admission;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.lobby.LobbyQuery.LobbySnapshot;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code lobby:<id>} topic (Gamend realtime contract, section 2.8): the events of a lobby, for
 * its members and for spectators if the lobby admits them.
 *
 * <p>The quoted names are fixed by the contract. They change only together with the protocol
 * version, however the domains rename their own types.
 */
final class LobbyChannel extends MemberChannel<Admission> {
  static final String PREFIX = "lobby:";

  static final EventEncoder<List<StreamPush>> ENCODER = StreamPush.encoder(LobbyChannel::pushes);
  private static final String INVALID = "invalid_topic_or_unauthenticated";

  private final Bus bus;
  private final @Nullable Session session;
  private final String joinId;
  private boolean spectator;

  /**
   * @param joinId identifies this join in the cluster
   */
  LobbyChannel(String topic, @Nullable Session session, Bus bus, FanOut fanOut, String joinId) {
    super(topic, PREFIX, INVALID, session, fanOut);
    this.bus = bus;
    this.session = session;
    this.joinId = joinId;
  }

  @Override
  String stream(long id) {
    return Topic.lobby(new LobbyId(id));
  }

  @Override
  MembershipEvents membership(PlayerId own) {
    return membershipOf(own);
  }

  static MembershipEvents membershipOf(PlayerId own) {
    return new MembershipEvents(
        event -> isOwnJoin(event, own), event -> endsMembership(event, own));
  }

  @Override
  EventEncoder<List<StreamPush>> encoder() {
    return ENCODER;
  }

  @Override
  Future<Admission> admit(long id, PlayerId player) {
    return bus.ask(new LobbyCommand.Watch(new LobbyId(id), player, joinId))
        .onSuccess(admission -> spectator = admission.spectator())
        .onFailure(
            cause -> {
              if (!Refused.isByRule(cause)) {
                // The spectator may be counted although the answer did not come.
                unwatch();
              }
            });
  }

  private Future<?> unwatch() {
    return bus.undo(new LobbyCommand.Unwatch(joinId));
  }

  @Override
  @Nullable String reason(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Missing _ -> INVALID;
      case Refusal.Denied(var code, _) -> code;
      case Refusal.Conflict _, Refusal.Invalid _, Refusal.Limited _, Refusal.Unavailable _ -> null;
    };
  }

  @Override
  Position position(Admission admission) {
    return admission.snapshot().position();
  }

  /** The history is for members, and a client can send any position. */
  @Override
  boolean seesHistory(Admission admission) {
    return !admission.spectator();
  }

  @Override
  JsonObject snapshot(Admission admission) {
    LobbySnapshot loaded = admission.snapshot();
    return Views.lobbyFull(loaded.lobby(), loaded.members()).put("spectator", spectator);
  }

  /**
   * In a lobby with teams its members get ready and its host starts the match, as on the wire that
   * has teams; an extension of the contract.
   */
  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    Long id = TopicId.of(topic, PREFIX);
    if (session == null || id == null) {
      return super.handle(message);
    }
    var lobby = new LobbyId(id);
    JsonObject payload = message.payload().asObject();
    return switch (message.event()) {
      case "set_ready" -> {
        boolean ready = payload == null || !Boolean.FALSE.equals(payload.getValue("ready"));
        yield reply(bus.ask(new LobbyCommand.SetReady(session.player(), ready, lobby)));
      }
      case "start_match" -> reply(bus.ask(new LobbyCommand.StartMatch(session.player(), lobby)));
      default -> super.handle(message);
    };
  }

  private static Future<ChannelReply> reply(Future<?> done) {
    return done.map(_ -> ChannelReply.ok(new JsonObject())).recover(ErrorReply::orFail);
  }

  @Override
  public Future<?> onEnd() {
    Future<?> ended = super.onEnd();
    return spectator ? unwatch() : ended;
  }

  /** The event with which a spectator became a member. */
  private static boolean isOwnJoin(Event event, PlayerId own) {
    return switch (event) {
      case LobbyEvent.Joined(_, var player) -> player.id().equals(own);
      case LobbyEvent.PartyJoined(_, var player) -> player.id().equals(own);
      default -> false;
    };
  }

  /** A player who left or was removed receives that event as the last one. */
  private static boolean endsMembership(Event event, PlayerId own) {
    return switch (event) {
      case LobbyEvent.Left left -> left.player().equals(own);
      case LobbyEvent.Kicked kicked -> kicked.player().equals(own);
      case LobbyEvent.MatchStarted _, LobbyEvent.Closed _ -> true;
      default -> false;
    };
  }

  /** A join makes two pushes: the contract also announces it as a change of the member. */
  private static List<Push> pushes(Delivery delivery) {
    if (delivery.posted().event() instanceof LobbyEvent.Joined(_, var player)) {
      JsonObject member = Views.memberBrief(player);
      return List.of(
          new Push(delivery.topic(), "member_updated", member),
          new Push(delivery.topic(), "user_joined", member));
    }
    return StreamPush.oneOrNone(push(delivery));
  }

  private static @Nullable Push push(Delivery delivery) {
    Event event = delivery.posted().event();
    return event instanceof LobbyEvent own
        ? push(delivery.topic(), own)
        : MemberPushes.push(delivery.topic(), event);
  }

  private static @Nullable Push push(String topic, LobbyEvent event) {
    return switch (event) {
      case LobbyEvent.Changed(var lobby, var members) ->
          new Push(topic, UPDATED, Views.lobbyFull(lobby, members));
      case LobbyEvent.PartyJoined(_, var player) ->
          new Push(topic, "user_joined", Views.memberBrief(player));
      case LobbyEvent.Left(_, var player, var name) ->
          new Push(topic, "user_left", Views.formerMember(player, name));
      case LobbyEvent.Kicked(_, var player, var name) ->
          new Push(topic, "user_kicked", Views.formerMember(player, name));
      case LobbyEvent.HostChanged(_, var host, var name) ->
          new Push(
              topic,
              "host_changed",
              JsonObject.of("new_host_id", host.value(), "display_name", name));
      case LobbyEvent.MatchStarted(_, var match) ->
          new Push(topic, "match_started", Views.match(match));
      // Opened comes before any subscription, Joined is handled in pushes(), Closed ends the
      // channel, and this protocol has no teams.
      case LobbyEvent.Opened _,
          LobbyEvent.Joined _,
          LobbyEvent.Closed _,
          LobbyEvent.TeamsChanged _ ->
          null;
    };
  }
}

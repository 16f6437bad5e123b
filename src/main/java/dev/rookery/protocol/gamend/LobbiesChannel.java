package dev.rookery.protocol.gamend;

import dev.rookery.base.Topic;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code lobbies} topic (Gamend realtime contract, section 2.9): changes of the public list of
 * lobbies, for anyone, signed in or not. Clients read the list over HTTP and keep it up to date
 * with these pushes. The feed has no positions and cannot be resumed; a client that reconnects
 * reads the list again.
 */
final class LobbiesChannel {
  static final String TOPIC = "lobbies";

  static final EventEncoder<List<Push>> ENCODER = delivery -> StreamPush.oneOrNone(push(delivery));

  private LobbiesChannel() {}

  /** A channel for one join. */
  static Channel create(FanOut fanOut) {
    return new FeedChannel(fanOut, Topic.LOBBIES, ENCODER);
  }

  private static @Nullable Push push(Delivery delivery) {
    return delivery.posted().event() instanceof LobbyEvent event ? push(event) : null;
  }

  /**
   * A hidden lobby with a code is entered by that, and its title may contain it: the feed tells of
   * such a lobby only that it has left the list.
   */
  private static @Nullable Push push(LobbyEvent event) {
    return switch (event) {
      case LobbyEvent.Opened(var lobby) when isPrivate(lobby) -> null;
      case LobbyEvent.Opened(var lobby) ->
          new Push(TOPIC, "lobby_created", Views.lobbyListItem(lobby));
      case LobbyEvent.Changed(var lobby, _) when isPrivate(lobby) -> deleted(lobby);
      case LobbyEvent.Changed(var lobby, _) ->
          new Push(TOPIC, "lobby_updated", Views.lobbyListItem(lobby));
      case LobbyEvent.MatchStarted(var lobby, _) -> isPrivate(lobby) ? null : deleted(lobby);
      case LobbyEvent.Closed(var lobby, _) -> isPrivate(lobby) ? null : deleted(lobby);
      case LobbyEvent.Joined(var lobby, _) -> membershipChanged(lobby);
      case LobbyEvent.Left(var lobby, _, _) -> membershipChanged(lobby);
      case LobbyEvent.Kicked(var lobby, _, _) -> membershipChanged(lobby);
      case LobbyEvent.HostChanged _, LobbyEvent.TeamsChanged _, LobbyEvent.PartyJoined _ -> null;
    };
  }

  private static boolean isPrivate(Lobby lobby) {
    return lobby.hidden() && lobby.code() != null;
  }

  private static Push deleted(Lobby lobby) {
    return new Push(TOPIC, "lobby_deleted", id(lobby));
  }

  private static @Nullable Push membershipChanged(Lobby lobby) {
    return isPrivate(lobby) ? null : new Push(TOPIC, "lobby_membership_changed", id(lobby));
  }

  private static JsonObject id(Lobby lobby) {
    return JsonObject.of("id", lobby.id().value());
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.achievement.PlayerAchievement;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.MatchRoom;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatMessage;
import dev.rookery.chat.Conversation;
import dev.rookery.friend.Friendship;
import dev.rookery.lobby.Lobby;
import dev.rookery.notification.Notification;
import dev.rookery.party.Party;
import dev.rookery.party.PartyInvite;
import dev.rookery.party.PartySnapshot;
import dev.rookery.player.Player;
import dev.rookery.player.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON objects of players, lobbies, messages and notifications, over HTTP and in channels
 * (Gamend HTTP contract, section 3; Gamend realtime contract, section 2.1).
 *
 * <p>The quoted names are fixed by the contract. A missing text is {@code ""}, a missing object
 * {@code {}}, and the id of a missing lobby or party {@code -1}.
 */
final class Views {
  private static final long NONE = -1;

  private Views() {}

  /** The player's own profile: the only view with their email address. */
  static JsonObject me(Player player) {
    var providers = new JsonObject();
    for (Provider provider : Provider.values()) {
      boolean linked = player.linked().contains(provider);
      // The contract has five providers; OpenID Connect is shown to players who have linked it.
      if (linked || provider != Provider.OPENID) {
        providers.put(provider.name().toLowerCase(Locale.ROOT), linked);
      }
    }
    return new JsonObject()
        .put("id", player.id().value())
        .put("email", player.email())
        .put("profile_url", player.profileUrl())
        .put("display_name", player.displayName())
        .put("metadata", player.metadata())
        .put("lobby_id", lobbyId(player.lobby()))
        .put("party_id", player.partyId() == null ? NONE : player.partyId())
        .put("is_online", player.online())
        .put("last_seen_at", time(player.lastSeenMs()))
        .put("linked_providers", providers.put("device", player.hasDevice()))
        .put("has_password", player.hasPassword());
  }

  /** The player in lists of members and friends, without their email address. */
  static JsonObject brief(Player player) {
    return new JsonObject()
        .put("id", player.id().value())
        .put("display_name", player.displayName())
        .put("email", "")
        .put("profile_url", player.profileUrl())
        .put("metadata", player.metadata())
        .put("is_online", player.online())
        .put("last_seen_at", time(player.lastSeenMs()));
  }

  /** {@link #brief} as channels send it. */
  static JsonObject memberBrief(Player player) {
    return brief(player).put("user_id", player.id().value());
  }

  /** The player's public profile, with their lobby and party. */
  static JsonObject user(Player player) {
    return user(player, true, true);
  }

  /**
   * The player's public profile.
   *
   * @param lobby whether the viewer may know the player's lobby; otherwise it is shown as none
   * @param party whether the viewer may know the player's party
   */
  static JsonObject user(Player player, boolean lobby, boolean party) {
    Long partyId = player.partyId();
    return brief(player)
        .put("lobby_id", lobby ? lobbyId(player.lobby()) : NONE)
        .put("party_id", party && partyId != null ? partyId : NONE);
  }

  /** The lobby in HTTP responses. */
  static JsonObject lobby(Lobby lobby) {
    return lobbyListItem(lobby).put("slowdown", lobby.slowdownSeconds());
  }

  /** The lobby in the pushes of the {@code lobbies} channel. */
  static JsonObject lobbyListItem(Lobby lobby) {
    return lobbyCore(lobby).put("is_passworded", lobby.passworded());
  }

  /** The lobby in the {@code updated} push of its own channel, with members by account age. */
  static JsonObject lobbyFull(Lobby lobby, List<Player> members) {
    return lobbyCore(lobby).put("members", list(members, Views::brief));
  }

  private static JsonObject lobbyCore(Lobby lobby) {
    return new JsonObject()
        .put("id", lobby.id().value())
        .put("title", lobby.title())
        .put("host_id", lobby.host() == null ? NONE : lobby.host().value())
        .put("host_name", lobby.hostName())
        .put("hostless", lobby.hostless())
        .put("max_users", lobby.seatsMax())
        .put("is_hidden", lobby.hidden())
        .put("is_locked", lobby.locked())
        .put("metadata", lobby.metadata());
  }

  /** The message in pushes of channels. */
  static JsonObject chatPush(ChatMessage message) {
    return new JsonObject()
        .put("id", message.id().value())
        .put("content", message.content())
        .put("metadata", message.metadata())
        .put("sender_id", message.sender().value())
        .put("sender_name", message.senderName())
        .put("chat_type", chatType(message.conversation().kind()))
        .put("chat_ref_id", chatRefId(message))
        .put("inserted_at", time(message.createdMs()));
  }

  /** The message in HTTP responses. */
  static JsonObject chatMessage(ChatMessage message) {
    return chatPush(message).put("updated_at", time(message.updatedMs()));
  }

  private static long chatRefId(ChatMessage message) {
    PlayerId recipient = message.recipient();
    return recipient == null ? message.conversation().id() : recipient.value();
  }

  static String chatType(Conversation.Kind kind) {
    return switch (kind) {
      case LOBBY -> "lobby";
      case PARTY -> "party";
      case GROUP -> "group";
      case DIRECT -> "friend";
      case ROOM -> "room";
    };
  }

  /** The match that a lobby started, with its game server; an extension of the contract. */
  static JsonObject match(Match match) {
    var server = match.server();
    var view =
        new JsonObject()
            .put("match_id", match.matchup().match())
            .put("team_a", team(match.matchup().teamA()))
            .put("team_b", team(match.matchup().teamB()))
            .put("started_at", time(match.startedMs()))
            .put("address", server.address())
            .put("port", server.port())
            .put("server_name", server.name());
    MatchRoom room = match.room();
    return room == null ? view : view.put("room", room(room));
  }

  /** The room of this server in which a match is played; its topic is {@code match:<room_id>}. */
  private static JsonObject room(MatchRoom room) {
    return JsonObject.of("room_id", room.room(), "game_key", room.gameKey())
        .put(
            "seats",
            list(
                room.seats(),
                seat ->
                    new JsonObject()
                        .put("player_id", seat.playerID())
                        .put("user_id", seat.player() == null ? null : seat.player().value())));
  }

  private static JsonArray team(List<Participant> team) {
    return list(
        team,
        participant ->
            JsonObject.of("user_uuid", participant.uuid(), "display_name", participant.name()));
  }

  static JsonObject notification(Notification notification) {
    return new JsonObject()
        .put("id", notification.id().value())
        .put("sender_id", notification.sender().value())
        .put("sender_name", notification.senderName())
        .put("recipient_id", notification.recipient().value())
        .put("title", notification.title())
        .put("content", notification.content())
        .put("metadata", notification.metadata())
        .put("inserted_at", time(notification.createdMs()));
  }

  /** The friendship in pushes of channels. */
  static JsonObject friendship(Friendship friendship) {
    return new JsonObject()
        .put("id", friendship.id().value())
        .put("requester_id", friendship.requester().value())
        .put("target_id", friendship.target().value())
        .put("status", status(friendship));
  }

  /** The party in HTTP responses. */
  static JsonObject party(PartySnapshot snapshot) {
    Party party = snapshot.party();
    return partyFull(party, snapshot.members())
        .put("inserted_at", time(party.createdMs()))
        .put("updated_at", time(party.updatedMs()));
  }

  /** The party in the {@code updated} push of its own channel, with members by account age. */
  static JsonObject partyFull(Party party, List<Player> members) {
    return new JsonObject()
        .put("id", party.id().value())
        .put("leader_id", party.leader().value())
        .put("leader_name", party.leaderName())
        .put("max_size", party.maxSize())
        .put("metadata", party.metadata())
        .put("members", list(members, Views::brief));
  }

  static JsonObject partyInvite(PartyInvite invite) {
    return new JsonObject()
        .put("id", invite.id().value())
        .put("party_id", invite.party().value())
        .put("sender_id", invite.sender().value())
        .put("sender_name", invite.senderName())
        .put("recipient_id", invite.recipient().value())
        .put("recipient_name", invite.recipientName())
        .put("status", invite.state().name().toLowerCase(Locale.ROOT))
        .put("inserted_at", time(invite.createdMs()));
  }

  /** A player who left or was removed, in pushes of channels. */
  static JsonObject formerMember(PlayerId player, String displayName) {
    return JsonObject.of("user_id", player.value(), "display_name", displayName);
  }

  static String status(Friendship friendship) {
    return friendship.state().name().toLowerCase(Locale.ROOT);
  }

  /** The progress of a player in pushes of channels. */
  static JsonObject playerAchievement(PlayerAchievement progress) {
    Long unlockedMs = progress.unlockedMs();
    return new JsonObject()
        .put("id", progress.id())
        .put("user_id", progress.player().value())
        .put("achievement_id", progress.achievement().value())
        .put("progress", progress.progress())
        .put("unlocked_at", unlockedMs == null ? null : time(unlockedMs))
        .put("metadata", new JsonObject())
        .put("inserted_at", time(progress.createdMs()))
        .put("updated_at", time(progress.updatedMs()));
  }

  /** {@code {"data":[…],"meta":{…}}}; {@code has_more} is true for every full page. */
  static <T> JsonObject page(Page<T> page, Function<? super T, JsonObject> view) {
    int count = page.items().size();
    return new JsonObject()
        .put("data", list(page.items(), view))
        .put(
            "meta",
            new JsonObject()
                .put("page", page.number())
                .put("page_size", page.size())
                .put("count", count)
                .put("total_count", page.total())
                .put("total_pages", pages(page))
                .put("has_more", count == page.size()));
  }

  /** The number of pages of the whole list. */
  static long pages(Page<?> page) {
    return (page.total() + page.size() - 1) / page.size();
  }

  static <T> JsonArray list(List<T> items, Function<? super T, JsonObject> view) {
    var array = new JsonArray();
    items.forEach(item -> array.add(view.apply(item)));
    return array;
  }

  /** ISO 8601 in UTC with whole seconds; 0 stands for never. */
  static String time(long ms) {
    return Instant.ofEpochSecond(Math.floorDiv(ms, 1_000L)).toString();
  }

  /** As {@link #time}, without the zone: the contract has it so for friend requests. */
  static String zonelessTime(long ms) {
    String time = time(ms);
    return time.substring(0, time.length() - 1);
  }

  private static long lobbyId(@Nullable LobbyId lobby) {
    return lobby == null ? NONE : lobby.value();
  }
}

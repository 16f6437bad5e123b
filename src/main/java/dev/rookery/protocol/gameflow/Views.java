package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.auth.DiscordSignIn;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyUuid;
import dev.rookery.lobby.Match;
import dev.rookery.lobby.Roster;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.player.Player;
import dev.rookery.player.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients are shown. The quoted names are the contract with clients already shipped. */
final class Views {
  private static final String DISCORD_AVATARS = "https://cdn.discordapp.com/avatars/";

  private Views() {}

  static JsonObject lobby(Lobby lobby) {
    Roster roster = lobby.roster() == null ? Roster.EMPTY : lobby.roster();
    return new JsonObject()
        .put("id", LobbyUuid.of(lobby.id()))
        .put("code", lobby.code() == null ? "" : lobby.code().toString())
        .put("isPrivate", lobby.hidden())
        .put("teamA", team(roster.teamA()))
        .put("teamB", team(roster.teamB()))
        .put("ownerId", owner(lobby, roster));
  }

  /** Null where nobody decides. */
  private static @Nullable String owner(Lobby lobby, Roster roster) {
    return lobby.host() == null ? null : roster.find(lobby.host()).map(Entrant::uuid).orElse(null);
  }

  private static JsonArray team(List<Entrant> team) {
    var all = new JsonArray();
    for (Entrant one : team) {
      all.add(
          new JsonObject()
              .put("accountId", one.uuid())
              .put("username", one.name())
              .put("ready", one.ready()));
    }
    return all;
  }

  static JsonObject match(Match match, @Nullable String lobby) {
    var server = match.server();
    return new JsonObject()
        .put("matchId", match.matchup().match())
        .put("lobbyId", lobby)
        .put("teamA", contenders(match.matchup().teamA()))
        .put("teamB", contenders(match.matchup().teamB()))
        .put("startedAt", match.startedMs())
        .put(
            "server",
            new JsonObject()
                .put("address", server.address())
                .put("port", server.port())
                .put("serverName", server.name()));
  }

  private static JsonArray contenders(List<Participant> team) {
    var all = new JsonArray();
    for (Participant one : team) {
      all.add(new JsonObject().put("accountId", one.uuid()).put("username", one.name()));
    }
    return all;
  }

  static JsonObject discord(DiscordSignIn arrived) {
    return new JsonObject()
        .put("id", arrived.id())
        .put("username", arrived.username())
        .put("avatar", arrived.avatar().isEmpty() ? null : arrived.avatar());
  }

  static JsonObject account(Player player, @Nullable String discordId) {
    var account = new JsonObject().put("id", player.uuid()).put("username", player.displayName());
    if (player.linked().contains(Provider.DISCORD) && discordId != null) {
      boolean avatar = player.profileUrl().startsWith(DISCORD_AVATARS);
      account.put(
          "discord",
          new JsonObject()
              .put("id", discordId)
              .put("username", player.displayName())
              .put("avatar", avatar ? player.profileUrl() : null));
    }
    return account.put("createdAt", player.createdMs());
  }
}

package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.auth.DiscordSignIn;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.Roster;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.player.Player;
import dev.rookery.player.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON objects of the GameFlow protocol. The quoted names are fixed by the GameFlow contract,
 * however the domains rename their own fields.
 */
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

  /** Returns the UUID of the owner, or null in a lobby without host. */
  private static @Nullable String owner(Lobby lobby, Roster roster) {
    return lobby.host() == null ? null : roster.find(lobby.host()).map(Entrant::uuid).orElse(null);
  }

  private static JsonArray team(List<Entrant> team) {
    var all = new JsonArray();
    for (Entrant entrant : team) {
      all.add(
          new JsonObject()
              .put("accountId", entrant.uuid())
              .put("username", entrant.name())
              .put("ready", entrant.ready()));
    }
    return all;
  }

  static JsonObject match(Match match, @Nullable String lobby) {
    var server = match.server();
    return new JsonObject()
        .put("matchId", match.matchup().match())
        .put("lobbyId", lobby)
        .put("teamA", participants(match.matchup().teamA()))
        .put("teamB", participants(match.matchup().teamB()))
        .put("startedAt", match.startedMs())
        .put(
            "server",
            new JsonObject()
                .put("address", server.address())
                .put("port", server.port())
                .put("serverName", server.name()));
  }

  private static JsonArray participants(List<Participant> team) {
    var all = new JsonArray();
    for (Participant participant : team) {
      all.add(
          new JsonObject()
              .put("accountId", participant.uuid())
              .put("username", participant.name()));
    }
    return all;
  }

  static JsonObject discord(DiscordSignIn signIn) {
    return new JsonObject()
        .put("id", signIn.id())
        .put("username", signIn.username())
        .put("avatar", signIn.avatar().isEmpty() ? null : signIn.avatar());
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

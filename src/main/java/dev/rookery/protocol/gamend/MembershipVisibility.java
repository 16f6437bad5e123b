package dev.rookery.protocol.gamend;

import dev.rookery.base.LobbyId;
import dev.rookery.bus.Bus;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which lobbies and parties of other players a viewer may know: every lobby that is not hidden, and
 * otherwise their own. Admins know all. The ids of hidden lobbies ascend, and an id is enough to
 * join one.
 *
 * @param all whether the viewer is an admin
 * @param viewer null if anonymous, or if nothing is to be hidden from them
 * @param hidden those lobbies of the shown players that are hidden
 */
record MembershipVisibility(boolean all, @Nullable Player viewer, Set<LobbyId> hidden) {
  private static final MembershipVisibility ALL = new MembershipVisibility(true, null, Set.of());

  /**
   * Finds out what the viewer may know of these players.
   *
   * @param session null for an anonymous viewer
   */
  static Future<MembershipVisibility> of(Bus bus, @Nullable Session session, List<Player> shown) {
    if (session != null && session.admin()) {
      return Future.succeededFuture(ALL);
    }
    Set<LobbyId> lobbies =
        shown.stream()
            .map(Player::lobby)
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());
    boolean parties = shown.stream().anyMatch(player -> player.partyId() != null);
    Future<Set<LobbyId>> hidden =
        lobbies.isEmpty()
            ? Future.succeededFuture(Set.of())
            : bus.ask(new LobbyQuery.FindHidden(lobbies));
    return hidden.compose(
        found ->
            session == null || (found.isEmpty() && !parties)
                ? Future.succeededFuture(new MembershipVisibility(false, null, found))
                : bus.ask(new PlayerCommand.Find(session.player()))
                    .map(viewer -> new MembershipVisibility(false, viewer, found)));
  }

  /** The public profile, as the viewer may see it. */
  JsonObject user(Player player) {
    boolean own = all || (viewer != null && viewer.id().equals(player.id()));
    LobbyId lobby = player.lobby();
    Long party = player.partyId();
    boolean showsLobby =
        own
            || lobby == null
            || !hidden.contains(lobby)
            || (viewer != null && lobby.equals(viewer.lobby()));
    boolean showsParty = own || party == null || (viewer != null && party.equals(viewer.partyId()));
    return Views.user(player, showsLobby, showsParty);
  }
}

package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.lobby.Roster.Team;
import dev.rookery.player.PlayerSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How teams change. Plain values in and out; who may change them is for {@link LobbyRules}. */
final class RosterRules {
  /** Bots fill each team up to this size. */
  static final int FILLED = 2;

  private RosterRules() {}

  /** The teams of a lobby that had none: its members in turn, nobody ready. */
  static Roster of(List<PlayerSummary> members) {
    Roster roster = Roster.EMPTY;
    for (PlayerSummary member : members) {
      roster = with(roster, member, null);
    }
    return roster;
  }

  /**
   * With a player, not ready, in the team asked for, else in the smaller one. Changes nothing if
   * the player is in a team.
   */
  static Roster with(Roster roster, PlayerSummary player, @Nullable Team wanted) {
    if (roster.find(player.id()).isPresent()) {
      return roster;
    }
    var entrant = new Entrant(player.id(), player.uuid(), name(player), false);
    Team smaller = roster.teamB().size() < roster.teamA().size() ? Team.B : Team.A;
    return add(roster, wanted == null ? smaller : wanted, entrant);
  }

  static Roster without(Roster roster, PlayerId player) {
    UnaryOperator<List<Entrant>> rest =
        team -> team.stream().filter(entrant -> !player.equals(entrant.player())).toList();
    return new Roster(rest.apply(roster.teamA()), rest.apply(roster.teamB()));
  }

  static Roster ready(Roster roster, PlayerId player, boolean ready) {
    return change(
        roster, player, entrant -> new Entrant(player, entrant.uuid(), entrant.name(), ready));
  }

  /** With the player's current name; the same if it has not changed. */
  static Roster renamed(Roster roster, PlayerSummary player) {
    String name = name(player);
    return change(
        roster,
        player.id(),
        entrant -> new Entrant(player.id(), entrant.uuid(), name, entrant.ready()));
  }

  private static Roster change(Roster roster, PlayerId player, UnaryOperator<Entrant> change) {
    UnaryOperator<List<Entrant>> changed =
        team ->
            team.stream()
                .map(entrant -> player.equals(entrant.player()) ? change.apply(entrant) : entrant)
                .toList();
    return new Roster(changed.apply(roster.teamA()), changed.apply(roster.teamB()));
  }

  /** How many bots are missing for both teams to be filled. */
  static int botsMissing(Roster roster) {
    return missing(roster.teamA()) + missing(roster.teamB());
  }

  private static int missing(List<Entrant> team) {
    return Math.max(0, FILLED - team.size());
  }

  /**
   * Fills both teams up with bots, which are always ready and numbered from 1 each time.
   *
   * @param uuids of the new bots, as many as are missing or fewer, if there is no room for more
   */
  static Roster withBots(Roster roster, List<String> uuids) {
    Roster filled = roster;
    int number = 0;
    for (String uuid : uuids) {
      number++;
      Team team = missing(filled.teamA()) > 0 ? Team.A : Team.B;
      filled = add(filled, team, new Entrant(null, "bot-" + uuid, "Bot " + number, true));
    }
    return filled;
  }

  /** The host after the old one has left: the first player of the first team that has one. */
  static Optional<PlayerId> successor(Roster roster) {
    return roster.all().map(Entrant::player).flatMap(Stream::ofNullable).findFirst();
  }

  /** {@code Conflict("not_ready")} unless everybody in the teams is ready. */
  static void mayStart(@Nullable Roster roster) {
    if (roster == null || !isReady(roster)) {
      throw Refused.conflict("not_ready");
    }
  }

  static boolean isReady(Roster roster) {
    return roster.all().allMatch(Entrant::ready);
  }

  private static Roster add(Roster roster, Team team, Entrant entrant) {
    return switch (team) {
      case A -> new Roster(plus(roster.teamA(), entrant), roster.teamB());
      case B -> new Roster(roster.teamA(), plus(roster.teamB(), entrant));
    };
  }

  private static List<Entrant> plus(List<Entrant> team, Entrant entrant) {
    var more = new ArrayList<>(team);
    more.add(entrant);
    return more;
  }

  /** Some wires let players have no name, and wires with teams show a name for each. */
  private static String name(PlayerSummary player) {
    return player.displayName().isBlank() ? "Player " + player.id() : player.displayName();
  }
}

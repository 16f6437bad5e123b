package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.player.Player;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happens to teams. Plain values in and out; who may do it is for {@link LobbyRules}. */
final class RosterRules {
  /** Bots fill each team up to so many. */
  static final int FILLED = 2;

  private RosterRules() {}

  /** The teams of a lobby that had none: its members by turns, nobody ready. */
  static Roster of(List<Player> members) {
    Roster roster = Roster.EMPTY;
    for (Player member : members) {
      roster = with(roster, member, null);
    }
    return roster;
  }

  /** Not ready, in the team asked for, else in the smaller one. Harmless if he is in one. */
  static Roster with(Roster roster, Player player, @Nullable Team wanted) {
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
    UnaryOperator<List<Entrant>> set =
        team ->
            team.stream()
                .map(
                    entrant ->
                        player.equals(entrant.player())
                            ? new Entrant(player, entrant.uuid(), entrant.name(), ready)
                            : entrant)
                .toList();
    return new Roster(set.apply(roster.teamA()), set.apply(roster.teamB()));
  }

  /** How many bots are missing for both teams to be filled. */
  static int botsMissing(Roster roster) {
    return missing(roster.teamA()) + missing(roster.teamB());
  }

  private static int missing(List<Entrant> team) {
    return Math.max(0, FILLED - team.size());
  }

  /**
   * Fills both teams up, always ready bots, numbered from 1 each time.
   *
   * @param uuids of new bots, as many as are missing or fewer, if there is no room for more
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

  /** Who decides when the host has left: the first player of the first team that has one. */
  static Optional<PlayerId> heir(Roster roster) {
    return roster.all().map(Entrant::player).flatMap(Stream::ofNullable).findFirst();
  }

  /** {@code Conflict("not_ready")} unless everybody is. */
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

  /** Wires without names let players have none, wires with teams show one for each. */
  private static String name(Player player) {
    return player.displayName().isBlank() ? "Player " + player.id() : player.displayName();
  }
}

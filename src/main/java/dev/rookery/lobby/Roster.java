package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who plays with whom in a lobby with teams, each team in the order in which they came. */
public record Roster(List<Entrant> teamA, List<Entrant> teamB) {
  public static final Roster EMPTY = new Roster(List.of(), List.of());

  public Roster {
    teamA = List.copyOf(teamA);
    teamB = List.copyOf(teamB);
  }

  /**
   * Somebody in a team.
   *
   * @param player null for a bot
   * @param name as it was when he came
   */
  public record Entrant(@Nullable PlayerId player, String uuid, String name, boolean ready) {}

  /** First team first. */
  public Stream<Entrant> all() {
    return Stream.concat(teamA.stream(), teamB.stream());
  }

  public Optional<Entrant> find(PlayerId player) {
    return all().filter(entrant -> player.equals(entrant.player())).findFirst();
  }
}

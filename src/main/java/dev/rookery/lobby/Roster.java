package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The two teams of a lobby, each in the order in which its members joined. */
public record Roster(List<Entrant> teamA, List<Entrant> teamB) {
  public static final Roster EMPTY = new Roster(List.of(), List.of());

  public Roster {
    teamA = List.copyOf(teamA);
    teamB = List.copyOf(teamB);
  }

  /** One of the two sides. */
  public enum Team {
    A,
    B
  }

  /**
   * A player or a bot in a team.
   *
   * @param player null for a bot
   * @param name as it is shown; that of a player follows when they change it
   */
  public record Entrant(@Nullable PlayerId player, String uuid, String name, boolean ready) {}

  /** Team A first. */
  public Stream<Entrant> all() {
    return Stream.concat(teamA.stream(), teamB.stream());
  }

  public Optional<Entrant> find(PlayerId player) {
    return all().filter(entrant -> player.equals(entrant.player())).findFirst();
  }

  /**
   * As the column holds it: {@code {"a":[[7,"uuid","name",1],[null,"bot-…","Bot 1",1]],"b":[]}}.
   */
  String toJson() {
    return JsonObject.of("a", json(teamA), "b", json(teamB)).encode();
  }

  static Roster fromJson(String json) {
    var roster = new JsonObject(json);
    return new Roster(team(roster.getJsonArray("a")), team(roster.getJsonArray("b")));
  }

  private static JsonArray json(List<Entrant> team) {
    var all = new JsonArray();
    for (Entrant entrant : team) {
      PlayerId player = entrant.player();
      all.add(
          new JsonArray()
              .add(player == null ? null : player.value())
              .add(entrant.uuid())
              .add(entrant.name())
              .add(entrant.ready() ? 1 : 0));
    }
    return all;
  }

  private static List<Entrant> team(JsonArray team) {
    return team.stream().map(one -> entrant((JsonArray) one)).toList();
  }

  private static Entrant entrant(JsonArray entrant) {
    Long player = entrant.getLong(0);
    return new Entrant(
        player == null ? null : new PlayerId(player),
        entrant.getString(1),
        entrant.getString(2),
        entrant.getInteger(3) == 1);
  }
}

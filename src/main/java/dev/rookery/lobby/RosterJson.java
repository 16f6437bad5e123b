package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import dev.rookery.lobby.Roster.Entrant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Teams as a column holds them: {@code {"a":[[7,"uuid","name",1],[null,"bot-…","Bot
 * 1",1]],"b":[]}}.
 */
final class RosterJson {
  private RosterJson() {}

  static String write(Roster roster) {
    return JsonObject.of("a", team(roster.teamA()), "b", team(roster.teamB())).encode();
  }

  static Roster read(String json) {
    var roster = new JsonObject(json);
    return new Roster(team(roster.getJsonArray("a")), team(roster.getJsonArray("b")));
  }

  private static JsonArray team(List<Entrant> team) {
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

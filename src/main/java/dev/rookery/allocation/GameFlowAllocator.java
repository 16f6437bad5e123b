package dev.rookery.allocation;

import dev.rookery.allocation.Matchup.Participant;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Allocates game servers of the GameFlow API (GameFlow contract, "Game server allocation"). */
public final class GameFlowAllocator implements Allocator {
  private static final int CONCURRENT_MAX = 32;

  private final JsonHttpClient http;
  private final String url;
  private final String key;
  private final String region;

  /**
   * @param api the base URL of the API
   * @param timeout the time within which the API must respond
   */
  public GameFlowAllocator(
      Vertx vertx, String api, String game, String key, String region, Duration timeout) {
    this.http = new JsonHttpClient(vertx, timeout, CONCURRENT_MAX);
    this.url = api.replaceAll("/+$", "") + "/games/" + game + "/servers";
    this.key = key;
    this.region = region;
  }

  @Override
  public Future<GameServer> allocate(Matchup matchup) {
    var players = new JsonArray();
    matchup.teamA().forEach(participant -> players.add(participant.uuid()));
    matchup.teamB().forEach(participant -> players.add(participant.uuid()));
    var payload =
        JsonObject.of(
            "players", players, "teamA", team(matchup.teamA()), "teamB", team(matchup.teamB()));
    return http.post(
            url,
            Map.of("x-api-key", key),
            JsonObject.of("timeoutSeconds", 0, "region", region, "payload", payload.encode()))
        .compose(
            response ->
                response.getValue("server") instanceof JsonObject server
                    ? GameServerParser.parse(
                        server.getValue("address"),
                        server.getValue("port"),
                        server.getValue("name"))
                    : GameServerParser.parse(null, null, null));
  }

  private static JsonArray team(List<Participant> team) {
    var all = new JsonArray();
    team.forEach(
        participant ->
            all.add(
                JsonObject.of("accountId", participant.uuid(), "username", participant.name())));
    return all;
  }
}

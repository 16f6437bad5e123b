package dev.rookery.allocation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/**
 * Ready game servers of a fleet, from an allocator service that speaks as that of Agones does over
 * HTTP. The match is told to the server as an annotation.
 */
public final class AgonesAllocator implements Allocator {
  private static final int CONCURRENT_MAX = 32;

  private final JsonHttpClient http;
  private final String url;
  private final String namespace;
  private final String fleet;

  /**
   * @param service its base URL
   */
  public AgonesAllocator(
      Vertx vertx, String service, String namespace, String fleet, Duration timeout) {
    this.http = new JsonHttpClient(vertx, timeout, CONCURRENT_MAX);
    this.url = service.replaceAll("/+$", "") + "/gameserverallocation";
    this.namespace = namespace;
    this.fleet = fleet;
  }

  @Override
  public Future<GameServer> allocate(Matchup matchup) {
    var request =
        new JsonObject()
            .put("namespace", namespace)
            .put(
                "gameServerSelectors",
                JsonArray.of(
                    JsonObject.of("matchLabels", JsonObject.of("agones.dev/fleet", fleet))))
            .put(
                "metadata",
                JsonObject.of("annotations", JsonObject.of("rookery/match", matchup.match())));
    return http.post(url, Map.of(), request)
        .compose(
            answer ->
                GameServerParser.parse(
                    answer.getValue("address"),
                    answer.getValue("ports") instanceof JsonArray ports
                            && !ports.isEmpty()
                            && ports.getValue(0) instanceof JsonObject first
                        ? first.getValue("port")
                        : null,
                    answer.getValue("gameServerName")));
  }
}

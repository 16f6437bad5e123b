package dev.rookery.allocation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/**
 * Allocates ready game servers of a fleet through the HTTP interface of the Agones allocator
 * service. The game server finds the id of its match in its annotation {@code rookery/match}.
 */
public final class AgonesAllocator implements Allocator {
  private static final int CONCURRENT_MAX = 32;

  private final JsonHttpClient http;
  private final String url;
  private final String namespace;
  private final String fleet;

  /**
   * @param service the base URL of the allocator service
   * @param timeout the time within which the service must respond
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
            response ->
                GameServerParser.parse(
                    response.getValue("address"),
                    response.getValue("ports") instanceof JsonArray ports
                            && !ports.isEmpty()
                            && ports.getValue(0) instanceof JsonObject first
                        ? first.getValue("port")
                        : null,
                    response.getValue("gameServerName")));
  }
}

package dev.rookery.allocation;

import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Client of the matchmaking of the GameFlow API (GameFlow contract, "Matchmaking frontend"):
 * creates a ticket, polls its status, deletes it. Used instead of this server's own matchmaking
 * when game servers come from that API.
 *
 * <p>Connection failures and the statuses 408, 429 and 5xx are retried with exponential back-off up
 * to 10 s; after {@value #FAILURES_MAX} in a row the request fails.
 */
public final class GameFlowMatchmaker {
  private static final Logger LOG = LoggerFactory.getLogger(GameFlowMatchmaker.class);
  private static final int POLL_SECONDS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(POLL_SECONDS + 10);
  private static final int CONCURRENT_MAX = 1_000;
  private static final int FAILURES_MAX = 5;
  private static final long BACK_OFF_MS_MAX = 10_000;
  private static final double MU_DEFAULT = 25;
  private static final double SIGMA_DEFAULT = 8.333;

  private final Vertx vertx;
  private final JsonHttpClient http;
  private final String url;
  private final Map<String, String> headers;
  private final String game;
  private final String mode;
  private final String region;
  private final long backOffMs;

  /**
   * @param api the base URL of the API
   * @param backOff the wait after a first failure, doubled with each further one in a row
   */
  public GameFlowMatchmaker(
      Vertx vertx,
      String api,
      String game,
      String key,
      String mode,
      String region,
      Duration backOff) {
    this.vertx = vertx;
    this.http = new JsonHttpClient(vertx, TIMEOUT, CONCURRENT_MAX);
    this.url = api.replaceAll("/+$", "") + "/matchmaking/tickets";
    this.headers = Map.of("x-api-key", key);
    this.game = game;
    this.mode = mode;
    this.region = region;
    this.backOffMs = backOff.toMillis();
  }

  /** There will be no match; the message is shown to the player. */
  public static final class MatchmakingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MatchmakingException(String message) {
      super(message, null, false, false);
    }
  }

  /** Creates a ticket and returns its id, or fails with {@link MatchmakingException}. */
  public Future<String> createTicket(String player) {
    var ticket =
        new JsonObject()
            .put("player_id", player)
            .put("game_id", game)
            .put("game_mode", mode)
            .put("preferred_az", region)
            .put("mu", MU_DEFAULT)
            .put("sigma", SIGMA_DEFAULT)
            .put("rating_bucket", 0)
            .put("tags", new JsonArray());
    return http.send(HttpMethod.POST, url, headers, ticket)
        .compose(
            response -> {
              JsonObject created = object(response.body());
              Object id = created.getValue("ticketId", created.getValue("ticket_id"));
              return response.ok() && id instanceof String text && !text.isBlank()
                  ? Future.succeededFuture(text)
                  : Future.failedFuture("status " + response.status());
            })
        .recover(
            failure -> {
              LOG.warn("Creating a ticket at {} failed: {}", url, failure.toString());
              return Future.failedFuture(new MatchmakingException("Failed to enter matchmaking"));
            });
  }

  /**
   * Polls until the ticket is assigned to a game server, or fails with {@link
   * MatchmakingException}.
   *
   * @param wanted checked before each poll; once it is false polling stops and the future never
   *     completes
   */
  public Future<GameServer> awaitAssignment(String ticket, BooleanSupplier wanted) {
    Promise<GameServer> assigned = Promise.promise();
    poll(ticket, wanted, 0, assigned);
    return assigned.future();
  }

  private void poll(
      String ticket, BooleanSupplier wanted, int failures, Promise<GameServer> assigned) {
    if (!wanted.getAsBoolean()) {
      return;
    }
    String status = ticketUrl(ticket) + "/status?timeout_seconds=" + POLL_SECONDS;
    http.send(HttpMethod.GET, status, headers, null)
        .onFailure(_ -> retry(ticket, wanted, failures + 1, assigned))
        .onSuccess(
            response -> {
              if (isTransient(response.status())) {
                retry(ticket, wanted, failures + 1, assigned);
              } else if (!response.ok()) {
                assigned.tryFail(new MatchmakingException("Matchmaking failed"));
              } else {
                handleStatus(ticket, wanted, failures, object(response.body()), assigned);
              }
            });
  }

  private void handleStatus(
      String ticket,
      BooleanSupplier wanted,
      int failures,
      JsonObject response,
      Promise<GameServer> assigned) {
    switch (String.valueOf(response.getValue("status"))) {
      case "assigned" ->
          server(response)
              .onSuccess(assigned::tryComplete)
              .onFailure(_ -> assigned.tryFail(new MatchmakingException("Matchmaking failed")));
      // The API has long-polled already; the pause protects one that responds at once.
      case "queued", "pending" -> vertx.setTimer(backOffMs, _ -> poll(ticket, wanted, 0, assigned));
      default -> retry(ticket, wanted, failures + 1, assigned);
    }
  }

  private void retry(
      String ticket, BooleanSupplier wanted, int failures, Promise<GameServer> assigned) {
    if (failures >= FAILURES_MAX) {
      assigned.tryFail(new MatchmakingException("Matchmaking unavailable"));
      return;
    }
    long wait = Math.min(BACK_OFF_MS_MAX, backOffMs << (failures - 1));
    vertx.setTimer(wait, _ -> poll(ticket, wanted, failures, assigned));
  }

  private static Future<GameServer> server(JsonObject response) {
    if (response.getValue("connection") instanceof String connection) {
      int colon = connection.lastIndexOf(':');
      if (colon > 0) {
        return GameServerParser.parse(
            connection.substring(0, colon), connection.substring(colon + 1), "");
      }
    }
    return GameServerParser.parse(null, null, null);
  }

  /** Deletes the ticket. Retries a few times, then gives up; never fails. */
  public Future<Void> deleteTicket(String ticket, String player) {
    Promise<Void> left = Promise.promise();
    var query = new QueryStringEncoder(ticketUrl(ticket));
    query.addParam("player_id", player);
    deleteTicket(query.toString(), 1, left);
    return left.future();
  }

  private void deleteTicket(String uri, int tries, Promise<Void> left) {
    http.send(HttpMethod.DELETE, uri, headers, null)
        .onComplete(
            response -> {
              boolean failed = response.failed() || isTransient(response.result().status());
              if (failed && tries < FAILURES_MAX) {
                long wait = Math.min(BACK_OFF_MS_MAX, backOffMs << (tries - 1));
                vertx.setTimer(wait, _ -> deleteTicket(uri, tries + 1, left));
              } else {
                left.complete();
              }
            });
  }

  private String ticketUrl(String ticket) {
    return url + "/" + URLEncoder.encode(ticket, StandardCharsets.UTF_8);
  }

  private static boolean isTransient(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  private static JsonObject object(Buffer body) {
    try {
      return Json.decodeValue(body) instanceof JsonObject object ? object : new JsonObject();
    } catch (DecodeException _) {
      return new JsonObject();
    }
  }
}

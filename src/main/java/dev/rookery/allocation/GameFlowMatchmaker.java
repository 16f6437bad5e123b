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

/** The matchmaking of the GameFlow API, for those whose game servers come from there. */
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
   * @param api its base URL
   * @param backOff after a first failure; doubled with each further one in a row
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

  /** Why there will be no match; the message is for the player. */
  public static final class MatchmakingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MatchmakingException(String message) {
      super(message, null, false, false);
    }
  }

  /** Enters the queue; answers the ticket, or fails with {@link MatchmakingException}. */
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
            reply -> {
              JsonObject answer = object(reply.body());
              Object id = answer.getValue("ticketId", answer.getValue("ticket_id"));
              return reply.ok() && id instanceof String text && !text.isBlank()
                  ? Future.succeededFuture(text)
                  : Future.failedFuture("status " + reply.status());
            })
        .recover(
            failure -> {
              LOG.warn("nobody enters the queue at {}: {}", url, failure.toString());
              return Future.failedFuture(new MatchmakingException("Failed to enter matchmaking"));
            });
  }

  /**
   * Waits until the ticket has a server, or fails with {@link MatchmakingException}.
   *
   * @param wanted looked at before each question; when it is false nobody asks any more, and the
   *     future never ends
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
            reply -> {
              if (isTransient(reply.status())) {
                retry(ticket, wanted, failures + 1, assigned);
              } else if (!reply.ok()) {
                assigned.tryFail(new MatchmakingException("Matchmaking failed"));
              } else {
                handleStatus(ticket, wanted, failures, object(reply.body()), assigned);
              }
            });
  }

  private void handleStatus(
      String ticket,
      BooleanSupplier wanted,
      int failures,
      JsonObject answer,
      Promise<GameServer> assigned) {
    switch (String.valueOf(answer.getValue("status"))) {
      case "assigned" ->
          server(answer)
              .onSuccess(assigned::tryComplete)
              .onFailure(_ -> assigned.tryFail(new MatchmakingException("Matchmaking failed")));
      // It has waited for us; but one that does not must not be asked without end.
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

  private static Future<GameServer> server(JsonObject answer) {
    if (answer.getValue("connection") instanceof String connection) {
      int colon = connection.lastIndexOf(':');
      if (colon > 0) {
        return GameServerParser.parse(
            connection.substring(0, colon), connection.substring(colon + 1), "");
      }
    }
    return GameServerParser.parse(null, null, null);
  }

  /** Drops the ticket; tries a few times, and never fails. */
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
            reply -> {
              boolean failed = reply.failed() || isTransient(reply.result().status());
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

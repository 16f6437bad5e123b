package dev.rookery.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.LobbyNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the client against a local HTTP server that sends the queued responses in order. */
@ExtendWith(VertxExtension.class)
final class GameFlowMatchmakerTest {
  private record Response(int status, String body) {}

  private static final LinkedBlockingQueue<Response> RESPONSES = new LinkedBlockingQueue<>();
  private static final List<String> REQUESTS = new CopyOnWriteArrayList<>();
  private static final List<JsonObject> BODIES = new CopyOnWriteArrayList<>();
  private static Vertx vertx;
  private static GameFlowMatchmaker matchmaker;

  @BeforeAll
  static void serve(Vertx shared) {
    vertx = shared;
    int port =
        LobbyNode.await(
                vertx
                    .createHttpServer()
                    .requestHandler(GameFlowMatchmakerTest::respond)
                    .listen(0, "127.0.0.1"))
            .actualPort();
    matchmaker =
        new GameFlowMatchmaker(
            vertx,
            "http://127.0.0.1:" + port + "/v1",
            "game",
            "key",
            "duel",
            "us-east",
            Duration.ofMillis(1));
  }

  @BeforeEach
  void reset() {
    RESPONSES.clear();
    REQUESTS.clear();
    BODIES.clear();
  }

  private static void respond(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              REQUESTS.add(
                  request.method() + " " + request.uri() + " " + request.getHeader("x-api-key"));
              if (body.length() > 0) {
                BODIES.add(body.toJsonObject());
              }
              Response next = RESPONSES.poll();
              if (next == null) {
                request.connection().close();
              } else {
                request.response().setStatusCode(next.status).end(next.body);
              }
            });
  }

  private static void enqueue(int status, String body) {
    RESPONSES.add(new Response(status, body));
  }

  @Test
  void readsTheTicketIdUnderEitherName() {
    enqueue(200, "{\"ticketId\":\"t-1\"}");
    enqueue(201, "{\"ticket_id\":\"t-2\"}");

    assertThat(LobbyNode.await(matchmaker.createTicket("ann"))).isEqualTo("t-1");
    assertThat(LobbyNode.await(matchmaker.createTicket("ann"))).isEqualTo("t-2");
    assertThat(REQUESTS.getFirst()).isEqualTo("POST /v1/matchmaking/tickets key");
    assertThat(BODIES.getFirst())
        .isEqualTo(
            new JsonObject(
                """
                {"player_id":"ann","game_id":"game","game_mode":"duel","preferred_az":"us-east",
                 "mu":25.0,"sigma":8.333,"rating_bucket":0,"tags":[]}
                """));
  }

  @Test
  void failsAtOnceWhenATicketCannotBeCreated() {
    for (String body : new String[] {"", "[]", "{}", "{\"ticketId\":5}"}) {
      enqueue(200, body);
      assertThatThrownBy(() -> LobbyNode.await(matchmaker.createTicket("ann")))
          .hasMessage("Failed to enter matchmaking");
    }
    enqueue(503, "{\"ticketId\":\"t\"}");
    assertThatThrownBy(() -> LobbyNode.await(matchmaker.createTicket("ann")))
        .hasMessage("Failed to enter matchmaking");
    assertThatThrownBy(() -> LobbyNode.await(matchmaker.createTicket("ann")))
        .hasMessage("Failed to enter matchmaking");
  }

  @Test
  void pollsUntilAServerIsAssigned() {
    enqueue(200, "{\"status\":\"queued\"}");
    enqueue(200, "{\"status\":\"pending\"}");
    enqueue(200, "{\"status\":\"assigned\",\"connection\":\"10.0.0.1:7777\"}");

    assertThat(LobbyNode.await(matchmaker.awaitAssignment("t/1", () -> true)))
        .isEqualTo(new GameServer("10.0.0.1", 7777, ""));
    assertThat(REQUESTS)
        .hasSize(3)
        .allMatch(
            request ->
                request.equals("GET /v1/matchmaking/tickets/t%2F1/status?timeout_seconds=20 key"));
  }

  @Test
  void retriesTransientErrorsAndCountsThemInARow() {
    for (int round = 0; round < 2; round++) {
      enqueue(500, "");
      enqueue(429, "");
      enqueue(408, "");
      enqueue(200, "nonsense");
      enqueue(200, "{\"status\":\"queued\"}");
    }
    enqueue(200, "{\"status\":\"assigned\",\"connection\":\"h:1\"}");

    assertThat(LobbyNode.await(matchmaker.awaitAssignment("t", () -> true)).port()).isEqualTo(1);
  }

  @Test
  void givesUpAfterFiveFailuresInARow() {
    assertThatThrownBy(() -> LobbyNode.await(matchmaker.awaitAssignment("t", () -> true)))
        .hasMessage("Matchmaking unavailable");
    assertThat(REQUESTS).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void failsAtOnceOnAPermanentError() {
    enqueue(404, "");
    assertThatThrownBy(() -> LobbyNode.await(matchmaker.awaitAssignment("t", () -> true)))
        .hasMessage("Matchmaking failed");
    for (String connection : new String[] {"nowhere", ":1", "h:", "h:0", "h:x"}) {
      enqueue(200, JsonObject.of("status", "assigned", "connection", connection).encode());
      assertThatThrownBy(() -> LobbyNode.await(matchmaker.awaitAssignment("t", () -> true)))
          .hasMessage("Matchmaking failed");
    }
  }

  @Test
  void retriesTheDeletionOfATicketAndTreatsAMissingOneAsDeleted() {
    enqueue(503, "");
    enqueue(404, "");
    LobbyNode.await(matchmaker.deleteTicket("t", "a b"));

    assertThat(REQUESTS)
        .containsExactly(
            "DELETE /v1/matchmaking/tickets/t?player_id=a%20b key",
            "DELETE /v1/matchmaking/tickets/t?player_id=a%20b key");
  }
}

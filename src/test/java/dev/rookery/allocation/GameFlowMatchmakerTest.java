package dev.rookery.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.LobbyNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a local stand-in of the API, which says what it was told, one after the other. */
final class GameFlowMatchmakerTest {
  private record Answer(int status, String body) {}

  private static final LinkedBlockingQueue<Answer> ANSWERS = new LinkedBlockingQueue<>();
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();
  private static final List<JsonObject> BODIES = new CopyOnWriteArrayList<>();
  private static Vertx vertx;
  private static GameFlowMatchmaker queue;

  @BeforeAll
  static void serve() {
    vertx = Vertx.vertx();
    int port =
        LobbyNode.await(
                vertx
                    .createHttpServer()
                    .requestHandler(GameFlowMatchmakerTest::answer)
                    .listen(0, "127.0.0.1"))
            .actualPort();
    queue =
        new GameFlowMatchmaker(
            vertx,
            "http://127.0.0.1:" + port + "/v1",
            "game",
            "key",
            "duel",
            "us-east",
            Duration.ofMillis(1));
  }

  @AfterAll
  static void stop() {
    LobbyNode.await(vertx.close());
  }

  @BeforeEach
  void forget() {
    ANSWERS.clear();
    ASKED.clear();
    BODIES.clear();
  }

  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              ASKED.add(
                  request.method() + " " + request.uri() + " " + request.getHeader("x-api-key"));
              if (body.length() > 0) {
                BODIES.add(body.toJsonObject());
              }
              Answer next = ANSWERS.poll();
              if (next == null) {
                request.connection().close();
              } else {
                request.response().setStatusCode(next.status).end(next.body);
              }
            });
  }

  private static void answers(int status, String body) {
    ANSWERS.add(new Answer(status, body));
  }

  @Test
  void whoEntersGetsATicketByEitherName() {
    answers(200, "{\"ticketId\":\"t-1\"}");
    answers(201, "{\"ticket_id\":\"t-2\"}");

    assertThat(LobbyNode.await(queue.createTicket("ann"))).isEqualTo("t-1");
    assertThat(LobbyNode.await(queue.createTicket("ann"))).isEqualTo("t-2");
    assertThat(ASKED.getFirst()).isEqualTo("POST /v1/matchmaking/tickets key");
    assertThat(BODIES.getFirst())
        .isEqualTo(
            new JsonObject(
                """
                {"player_id":"ann","game_id":"game","game_mode":"duel","preferred_az":"us-east",
                 "mu":25.0,"sigma":8.333,"rating_bucket":0,"tags":[]}
                """));
  }

  @Test
  void whoCannotEnterIsToldSoAtOnce() {
    for (String body : new String[] {"", "[]", "{}", "{\"ticketId\":5}"}) {
      answers(200, body);
      assertThatThrownBy(() -> LobbyNode.await(queue.createTicket("ann")))
          .hasMessage("Failed to enter matchmaking");
    }
    answers(503, "{\"ticketId\":\"t\"}");
    assertThatThrownBy(() -> LobbyNode.await(queue.createTicket("ann")))
        .hasMessage("Failed to enter matchmaking");
    assertThatThrownBy(() -> LobbyNode.await(queue.createTicket("ann")))
        .hasMessage("Failed to enter matchmaking");
  }

  @Test
  void onePollsUntilThereIsAServer() {
    answers(200, "{\"status\":\"queued\"}");
    answers(200, "{\"status\":\"pending\"}");
    answers(200, "{\"status\":\"assigned\",\"connection\":\"10.0.0.1:7777\"}");

    assertThat(LobbyNode.await(queue.awaitAssignment("t/1", () -> true)))
        .isEqualTo(new GameServer("10.0.0.1", 7777, ""));
    assertThat(ASKED)
        .hasSize(3)
        .allMatch(
            asked ->
                asked.equals("GET /v1/matchmaking/tickets/t%2F1/status?timeout_seconds=20 key"));
  }

  @Test
  void whatMayPassIsTriedAgainAndCountedInARow() {
    for (int round = 0; round < 2; round++) {
      answers(500, "");
      answers(429, "");
      answers(408, "");
      answers(200, "nonsense");
      answers(200, "{\"status\":\"queued\"}");
    }
    answers(200, "{\"status\":\"assigned\",\"connection\":\"h:1\"}");

    assertThat(LobbyNode.await(queue.awaitAssignment("t", () -> true)).port()).isEqualTo(1);
  }

  @Test
  void fiveFailuresInARowAreTheEnd() {
    assertThatThrownBy(() -> LobbyNode.await(queue.awaitAssignment("t", () -> true)))
        .hasMessage("Matchmaking unavailable");
    assertThat(ASKED).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void whatWillNotPassEndsItAtOnce() {
    answers(404, "");
    assertThatThrownBy(() -> LobbyNode.await(queue.awaitAssignment("t", () -> true)))
        .hasMessage("Matchmaking failed");
    for (String connection : new String[] {"nowhere", ":1", "h:", "h:0", "h:x"}) {
      answers(200, JsonObject.of("status", "assigned", "connection", connection).encode());
      assertThatThrownBy(() -> LobbyNode.await(queue.awaitAssignment("t", () -> true)))
          .hasMessage("Matchmaking failed");
    }
  }

  @Test
  void whoLeavesIsDroppedAlsoIfItTakesAFewTriesOrHeWasGone() {
    answers(503, "");
    answers(404, "");
    LobbyNode.await(queue.deleteTicket("t", "a b"));

    assertThat(ASKED)
        .containsExactly(
            "DELETE /v1/matchmaking/tickets/t?player_id=a%20b key",
            "DELETE /v1/matchmaking/tickets/t?player_id=a%20b key");
  }
}

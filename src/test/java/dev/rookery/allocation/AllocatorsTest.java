package dev.rookery.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.testkit.LobbyNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the allocators against a local HTTP server that responds as each test sets it. */
@ExtendWith(VertxExtension.class)
final class AllocatorsTest {
  private static final Matchup MATCHUP =
      new Matchup(
          "m-1",
          List.of(new Participant("a", "Ann", new PlayerId(1))),
          List.of(new Participant("b", "Bob", new PlayerId(2))),
          null);
  private static final BlockingQueue<Received> RECEIVED = new LinkedBlockingQueue<>();
  private static final Duration PATIENT = Duration.ofMinutes(1);
  private static final Duration IMPATIENT = Duration.ofMillis(500);

  private static Vertx vertx;
  private static int port;
  private static volatile int status;
  private static volatile String response;

  private record Received(String path, String key, JsonObject body) {}

  @BeforeAll
  static void serve(Vertx shared) {
    vertx = shared;
    port =
        LobbyNode.await(
                vertx
                    .createHttpServer()
                    .requestHandler(AllocatorsTest::respond)
                    .listen(0, "127.0.0.1"))
            .actualPort();
  }

  @BeforeEach
  void reset() {
    RECEIVED.clear();
    status = 200;
  }

  private static void respond(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              RECEIVED.add(
                  new Received(
                      request.path(), request.getHeader("X-Api-Key"), body.toJsonObject()));
              if (response != null) {
                request.response().setStatusCode(status).end(response);
              }
            });
  }

  private static Allocator gameFlow() {
    return gameFlow(PATIENT);
  }

  private static Allocator gameFlow(Duration timeout) {
    String api = "http://127.0.0.1:" + port + "/v1/";
    return new GameFlowAllocator(vertx, api, "game-7", "key", "eu-west", timeout);
  }

  private static Allocator agones() {
    return agones(PATIENT);
  }

  private static Allocator agones(Duration timeout) {
    String service = "http://127.0.0.1:" + port;
    return new AgonesAllocator(vertx, service, "games", "fleet", timeout);
  }

  private static void assertFails(Allocator allocator) {
    assertThatThrownBy(() -> LobbyNode.await(allocator.allocate(MATCHUP)))
        .isInstanceOf(Refused.class)
        .hasMessage("allocation_failed");
  }

  @Test
  void sendsTheRequestOfTheGameFlowApi() throws InterruptedException {
    response = "{\"server\":{\"address\":\"10.1.2.3\",\"port\":7777,\"name\":\"blue\"}}";

    assertThat(LobbyNode.await(gameFlow().allocate(MATCHUP)))
        .isEqualTo(new GameServer("10.1.2.3", 7777, "blue"));
    Received request = RECEIVED.poll(120, TimeUnit.SECONDS);
    assertThat(request.path()).isEqualTo("/v1/games/game-7/servers");
    assertThat(request.key()).isEqualTo("key");
    assertThat(request.body().getInteger("timeoutSeconds")).isZero();
    assertThat(request.body().getString("region")).isEqualTo("eu-west");
    assertThat(new JsonObject(request.body().getString("payload")))
        .isEqualTo(
            new JsonObject(
                """
                {"players":["a","b"],"teamA":[{"accountId":"a","username":"Ann"}],
                 "teamB":[{"accountId":"b","username":"Bob"}]}
                """));
  }

  @Test
  void requestsAServerOfTheFleetFromAgones() throws InterruptedException {
    response =
        "{\"gameServerName\":\"fleet-x\",\"address\":\"1.2.3.4\",\"ports\":[{\"name\":\"d\",\"port\":7001}]}";

    assertThat(LobbyNode.await(agones().allocate(MATCHUP)))
        .isEqualTo(new GameServer("1.2.3.4", 7001, "fleet-x"));
    Received request = RECEIVED.poll(120, TimeUnit.SECONDS);
    assertThat(request.path()).isEqualTo("/gameserverallocation");
    assertThat(request.body().getString("namespace")).isEqualTo("games");
    assertThat(request.body().encode()).contains("\"agones.dev/fleet\":\"fleet\"", "m-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"server\":null}",
        "{\"server\":{\"address\":\"\",\"port\":1}}",
        "{\"server\":{\"address\":\"a\"}}",
        "{\"server\":{\"address\":\"a\",\"port\":0}}",
        "{\"server\":{\"address\":\"a\",\"port\":70000}}",
        "{\"server\":{\"address\":5,\"port\":7}}",
        "{\"address\":\"a\",\"ports\":[]}",
        "{\"address\":\"a\",\"ports\":[{\"port\":\"x\"}]}",
        "{\"ports\":[{\"port\":7}]}"
      })
  void failsOnAResponseWithoutAValidServer(String body) {
    response = body;
    assertFails(gameFlow());
    assertFails(agones());
  }

  @Test
  void reachesHostWithUnderscore() {
    response = "{\"server\":{\"address\":\"10.1.2.3\",\"port\":7777,\"name\":\"blue\"}}";
    Vertx network =
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(
                    new AddressResolverOptions()
                        .setHostsValue(Buffer.buffer("127.0.0.1 game_servers\n"))));
    try {
      var allocator =
          new GameFlowAllocator(
              network, "http://game_servers:" + port + "/v1", "game-7", "key", "eu-west", PATIENT);
      assertThat(LobbyNode.await(allocator.allocate(MATCHUP)).port()).isEqualTo(7777);
    } finally {
      LobbyNode.await(network.close());
    }
  }

  @Test
  void acceptsAPortAsText() {
    response = "{\"server\":{\"address\":\"a\",\"port\":\"7\"}}";
    assertThat(LobbyNode.await(gameFlow().allocate(MATCHUP)).port()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 404, 429, 500, 503})
  void failsOnAnErrorStatus(int error) {
    response = "{\"server\":{\"address\":\"a\",\"port\":7}}";
    status = error;
    assertFails(gameFlow());
    assertFails(agones());
  }

  @Test
  void failsWhenTheProviderDoesNotRespondInTime() {
    response = null;
    assertFails(gameFlow(IMPATIENT));
    assertFails(agones(IMPATIENT));
  }

  @Test
  void failsOnAResponseThatIsTooLarge() {
    response =
        "{\"server\":{\"address\":\"a\",\"port\":7,\"name\":\"" + "x".repeat(70_000) + "\"}}";
    assertFails(gameFlow());
  }

  @Test
  void failsWhenTheConnectionIsRefused() {
    var unreachable = new AgonesAllocator(vertx, "http://127.0.0.1:1", "n", "f", PATIENT);
    assertFails(unreachable);
  }
}

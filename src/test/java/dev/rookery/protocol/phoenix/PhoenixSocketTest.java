package dev.rookery.protocol.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.edge.ConnectionLimits;
import dev.rookery.edge.MemoryBudget;
import dev.rookery.edge.SocketAdmission;
import dev.rookery.edge.SocketLimits;
import dev.rookery.edge.SocketRegistry;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.node.NodeDependencies;
import dev.rookery.session.CheckSessions;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.TokenSubject;
import dev.rookery.session.Tokens;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.trace.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Phoenix Channels protocol, with test channels whose topic selects their behaviour. */
@ExtendWith(VertxExtension.class)
final class PhoenixSocketTest {
  private static final JsonObject NOTHING = new JsonObject();
  private static final PlayerId ANN = new PlayerId(7);
  private static final Set<SessionId> SESSIONS = ConcurrentHashMap.newKeySet();
  private static final List<String> LOG = new CopyOnWriteArrayList<>();
  private static final Queue<Promise<Void>> JOINS = new ConcurrentLinkedQueue<>();
  private static final Queue<Promise<ChannelReply>> REPLIES = new ConcurrentLinkedQueue<>();
  private static final ManualClock CLOCK = new ManualClock();
  private static final SocketRegistry SOCKETS = new SocketRegistry();
  private static final Duration UNUSED = Duration.ofSeconds(30);

  private static Vertx vertx;
  private static Tokens tokens;
  private static Sessions sessions;
  private static int port;

  @BeforeAll
  static void serve(Vertx shared) {
    vertx = shared;
    var meters = new SimpleMeterRegistry();
    var bus = new Bus(vertx, meters);
    tokens =
        new Tokens(
            vertx, "a secret for this test alone", CLOCK, NodeDependencies.production().ids());
    sessions = new Sessions(vertx, bus, tokens, CLOCK);
    bus.<CheckSessions>serve(
            CheckSessions.ADDRESS,
            command -> command.tokens().stream().map(PhoenixSocketTest::check).toList())
        .await();
    var upgrader =
        new WebSocketUpgrader(
            vertx,
            new SocketLimits(
                131_072,
                Duration.ofSeconds(20),
                1 << 20,
                1_000,
                5_000,
                Duration.ofSeconds(30),
                UNUSED),
            SOCKETS,
            new MemoryBudget(64 << 20, meters),
            new SocketAdmission(ConnectionLimits.NONE, null, meters),
            meters,
            Tracer.none());
    var endpoint =
        new PhoenixEndpoint(
            upgrader, sessions, "https://game.example"::equals, PhoenixSocketTest::open);
    var router = Router.router(vertx);
    router
        .route("/socket/websocket")
        .handler(context -> endpoint.handle(context.request(), context.queryParams(), "", _ -> {}));
    port =
        vertx
            .createHttpServer(WebSocketUpgrader.configure(new HttpServerOptions()))
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
  }

  @BeforeEach
  void reset() {
    // The sockets of the test before end their channels, and log that, a moment after they close.
    Eventually.holds(() -> SOCKETS.count() == 0 && logged("ended ") >= logged("joined "));
    LOG.clear();
    JOINS.clear();
    REPLIES.clear();
  }

  private static long logged(String what) {
    return LOG.stream().filter(line -> line.startsWith(what)).count();
  }

  private static CheckSessions.Answer check(Tokens.AccessClaims check) {
    if (!SESSIONS.contains(check.session())) {
      return new CheckSessions.Closed(new Refusal.Denied("session_ended"));
    }
    if (!check.player().equals(ANN)) {
      return new CheckSessions.Closed(new Refusal.Missing("player_not_found"));
    }
    return new CheckSessions.Open(new Session(check.session(), check.player(), false));
  }

  /** A promise that any thread may complete; its future completes on the caller's context. */
  private static <T> Promise<T> promise() {
    return ((ContextInternal) vertx.getOrCreateContext()).promise();
  }

  private static Channel open(String topic, Session session) {
    return topic.startsWith("room:") ? new Room(topic.substring("room:".length()), session) : null;
  }

  private record Room(String name, Session session) implements Channel {
    @Override
    public Future<JsonObject> join(Payload payload) {
      return switch (name) {
        case "refused" -> Future.failedFuture(new JoinRefusedException("not today"));
        case "broken" -> Future.failedFuture(new IllegalStateException("thrown by the test"));
        case "members" ->
            session == null
                ? Future.failedFuture(new JoinRefusedException("unauthorized"))
                : Future.succeededFuture(NOTHING);
        case "slow" -> {
          Promise<Void> join = promise();
          JOINS.add(join);
          yield join.future().map(NOTHING);
        }
        case "demanding" -> {
          if (payload.hasSameBytes(Payload.EMPTY)) {
            throw new JoinRefusedException("say something");
          }
          yield Future.succeededFuture(JsonObject.of("heard", payload.asObject()));
        }
        default -> Future.succeededFuture(NOTHING);
      };
    }

    @Override
    public void onJoined(ChannelConnection connection) {
      LOG.add("joined " + name);
      connection.push(new Push("room:" + name, "welcome", NOTHING));
    }

    @Override
    public Future<ChannelReply> handle(Frame.Message message) {
      return switch (message.event()) {
        case "fail" -> Future.failedFuture(Refused.denied("refused_by_test"));
        case "last" ->
            Future.succeededFuture(ChannelReply.errorAndClose(JsonObject.of("error", "no")));
        case "wait" -> {
          Promise<ChannelReply> reply = promise();
          REPLIES.add(reply);
          yield reply.future();
        }
        default -> {
          boolean object = message.payload().asObject() != null;
          yield Future.succeededFuture(
              ChannelReply.ok(JsonObject.of("event", message.event(), "object", object)));
        }
      };
    }

    @Override
    public Future<?> onEnd() {
      LOG.add("ended " + name);
      return Future.succeededFuture();
    }
  }

  private static String token() {
    return token("session " + SESSIONS.size(), ANN);
  }

  private static String token(String id, PlayerId player) {
    var session = new SessionId(id);
    SESSIONS.add(session);
    return tokens.access(new TokenSubject(session, player, "uuid", "Ann", false));
  }

  private static PhoenixClient connect() {
    return PhoenixClient.anonymous(port);
  }

  private static String text(PhoenixClient client) {
    return client.socket().receiveText();
  }

  @Test
  void answersAHeartbeat() {
    try (PhoenixClient client = connect()) {
      client.send(null, "8", "phoenix", "heartbeat", NOTHING);

      assertThat(text(client))
          .isEqualTo("[null,\"8\",\"phoenix\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
    }
  }

  @Test
  void repliesToAJoinBeforePushing() {
    try (PhoenixClient client = connect()) {
      client.send("3", "3", "room:a", "phx_join", NOTHING);

      assertThat(text(client))
          .isEqualTo("[\"3\",\"3\",\"room:a\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
      assertThat(text(client)).isEqualTo("[\"3\",null,\"room:a\",\"welcome\",{}]");
    }
  }

  @Test
  void repliesWithTheReasonOfARefusedJoin() {
    try (PhoenixClient client = connect()) {
      assertThat(client.join("room:refused").payload()).isEqualTo(error("reason", "not today"));
      assertThat(client.join("room:broken").payload()).isEqualTo(error("reason", "join crashed"));
      var unmatched = client.join("elsewhere:1");
      assertThat(unmatched.payload()).isEqualTo(error("reason", "unmatched topic"));
      assertThat(unmatched.joinRef()).isNull();
      assertThat(client.call("room:refused", "hello", NOTHING).payload())
          .isEqualTo(error("reason", "unmatched topic"));
    }
    assertThat(LOG).doesNotContain("ended refused", "ended broken");
  }

  @Test
  void passesTheJoinPayloadToTheChannelAndItsResponseToTheClient() {
    try (PhoenixClient client = connect()) {
      JsonObject said = JsonObject.of("since", 3);

      assertThat(client.join("room:demanding").payload())
          .isEqualTo(error("reason", "say something"));
      assertThat(client.join("room:demanding", said).response())
          .isEqualTo(JsonObject.of("heard", said));
    }
  }

  @Test
  void repliesToALeaveAndThenClosesTheChannel() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      client.send("1", "9", "room:a", "phx_leave", NOTHING);

      assertThat(text(client))
          .isEqualTo("[\"1\",\"9\",\"room:a\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
      assertThat(text(client)).isEqualTo("[\"1\",\"1\",\"room:a\",\"phx_close\",{}]");
      client.send("1", "10", "room:a", "phx_leave", NOTHING);
      assertThat(text(client))
          .isEqualTo("[\"1\",\"10\",\"room:a\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
      assertThat(client.drain()).isEmpty();
    }
    assertThat(LOG).containsExactly("joined a", "ended a");
  }

  @Test
  void aLaterJoinReplacesAnEarlierOne() {
    try (PhoenixClient client = connect()) {
      client.send("1", "1", "room:a", "phx_join", NOTHING);
      assertThat(client.next().event()).isEqualTo("phx_reply");
      assertThat(client.next().event()).isEqualTo("welcome");

      client.send("2", "2", "room:a", "phx_join", NOTHING);

      assertThat(text(client))
          .isEqualTo("[\"2\",\"2\",\"room:a\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
      assertThat(text(client)).isEqualTo("[\"1\",\"1\",\"room:a\",\"phx_close\",{}]");
      assertThat(text(client)).isEqualTo("[\"2\",null,\"room:a\",\"welcome\",{}]");
      client.send("1", "3", "room:a", "hello", NOTHING);
      client.send("1", "4", "room:a", "phx_leave", NOTHING);
      assertThat(client.drain()).isEmpty();
      client.send(null, "5", "room:a", "hello", NOTHING);
      assertThat(client.awaitReply("5").isOk()).isTrue();
    }
    assertThat(LOG).startsWith("joined a", "ended a", "joined a");
  }

  @Test
  void keepsOrderWithinATopicOnly() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      client.joinAndAwait("room:b", "welcome");
      String first = client.push("room:a", "wait", NOTHING);
      String second = client.push("room:a", "hello", NOTHING);

      assertThat(client.call("room:b", "hello", NOTHING).isOk()).isTrue();
      assertThat(client.drain()).isEmpty();
      REPLIES.remove().complete(ChannelReply.ok(NOTHING));

      assertThat(client.next().ref()).isEqualTo(first);
      assertThat(client.next().ref()).isEqualTo(second);
    }
  }

  @Test
  void messagesDuringAJoinWait() {
    try (PhoenixClient client = connect()) {
      client.send("1", "1", "room:slow", "phx_join", NOTHING);
      client.send("1", "2", "room:slow", "hello", NOTHING);
      client.send("1", "3", "room:slow", "phx_leave", NOTHING);
      client.send("1", "4", "room:slow", "hello", NOTHING);
      assertThat(client.drain()).isEmpty();
      JOINS.remove().complete();

      assertThat(client.next().ref()).isEqualTo("1");
      assertThat(client.next().event()).isEqualTo("welcome");
      assertThat(client.next().ref()).isEqualTo("2");
      assertThat(client.next().ref()).isEqualTo("3");
      assertThat(client.next().event()).isEqualTo("phx_close");
      assertThat(client.next().response().getString("reason")).isEqualTo("unmatched topic");
    }
  }

  @Test
  void answersMessagesThatWaitedForARefusedJoin() {
    try (PhoenixClient client = connect()) {
      client.send("1", "1", "room:slow", "phx_join", NOTHING);
      client.send("1", "2", "room:slow", "hello", NOTHING);
      client.send("1", "3", "room:slow", "phx_leave", NOTHING);
      Eventually.holds(() -> !JOINS.isEmpty());
      JOINS.remove().fail(new JoinRefusedException("no"));

      assertThat(client.next().payload()).isEqualTo(error("reason", "no"));
      assertThat(client.next().payload()).isEqualTo(error("reason", "unmatched topic"));
      assertThat(client.next().isOk()).isTrue();
    }
  }

  @Test
  void endsAChannelWhoseSocketClosedDuringTheJoin() {
    try (PhoenixClient client = connect()) {
      client.send("1", "1", "room:slow", "phx_join", NOTHING);
      Eventually.holds(() -> !JOINS.isEmpty());
    }
    Eventually.holds(() -> SOCKETS.count() == 0);
    JOINS.remove().complete();

    Eventually.holds(() -> LOG.equals(List.of("ended slow")));
  }

  @Test
  void closesTheChannelAfterItsLastReply() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      String ref = client.push("room:a", "last", NOTHING);

      assertThat(client.next().ref()).isEqualTo(ref);
      assertThat(client.next().event()).isEqualTo("phx_close");
      assertThat(client.drain()).isEmpty();
    }
    assertThat(LOG).containsExactly("joined a", "ended a");
  }

  @Test
  void sendsAnErrorWhenAChannelFails() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      client.push("room:a", "fail", NOTHING);

      assertThat(text(client)).isEqualTo("[\"1\",\"1\",\"room:a\",\"phx_error\",{}]");
      assertThat(client.drain()).isEmpty();
      assertThat(client.join("room:a").isOk()).isTrue();
    }
  }

  @Test
  void endsAllChannelsWhenTheSocketCloses() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      client.joinAndAwait("room:b", "welcome");
    }
    Eventually.holds(() -> LOG.contains("ended a") && LOG.contains("ended b"));
  }

  @Test
  void refusesMoreTopicsThanTheMaximum() {
    try (PhoenixClient client = connect()) {
      for (int room = 0; room < PhoenixSocket.TOPICS_MAX; room++) {
        assertThat(client.join("room:" + room).isOk()).isTrue();
      }

      assertThat(client.join("room:more").payload()).isEqualTo(error("reason", "too_many_topics"));
      assertThat(client.join("room:0").isOk()).isTrue();
      client.leave("room:0");
      assertThat(client.join("room:more").isOk()).isTrue();
    }
  }

  @Test
  void closesASocketWithTooManyWaitingMessages() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      client.push("room:a", "wait", NOTHING);
      for (int message = 0; message < 100; message++) {
        client.push("room:a", "hello", NOTHING);
      }

      assertThat(client.socket().receiveCloseCode()).isEqualTo(1008);
    }
  }

  @Test
  void passesABinaryPushToTheChannel() {
    try (PhoenixClient client = connect()) {
      client.joinAndAwait("room:a", "welcome");
      client
          .socket()
          .sendBinary(new byte[] {0, 1, 1, 6, 1, '1', '5', 'r', 'o', 'o', 'm', ':', 'a', 'x', 9});

      assertThat(client.awaitReply("5").response())
          .isEqualTo(JsonObject.of("event", "x", "object", false));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "{}", "[1,2]", "[null,null,\"phoenix\",\"heartbeat\"]"})
  void closesASocketThatSendsAMalformedFrame(String text) {
    try (PhoenixClient client = connect()) {
      assertThat(client.socket().sendText(text).receiveCloseCode()).isEqualTo(1011);
    }
  }

  @Test
  void closesASocketThatSendsAnUnknownBinaryKind() {
    try (PhoenixClient client = connect()) {
      assertThat(client.socket().sendBinary(new byte[] {9, 0, 0, 0, 0}).receiveCloseCode())
          .isEqualTo(1011);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/socket/websocket", "/socket/websocket?vsn=1.0.0"})
  void supportsVersion1AsTheGodotAddonUsesIt(String path) {
    try (RawSocket socket = RawSocket.open(port, path)) {
      socket.sendText(
          "{\"topic\":\"room:a\",\"event\":\"phx_join\",\"payload\":{},"
              + "\"ref\":\"1\",\"join_ref\":\"1\"}");
      assertThat(socket.receiveText())
          .isEqualTo(
              "{\"topic\":\"room:a\",\"event\":\"phx_reply\","
                  + "\"payload\":{\"status\":\"ok\",\"response\":{}},\"ref\":\"1\"}");
      assertThat(socket.receiveText())
          .isEqualTo("{\"topic\":\"room:a\",\"event\":\"welcome\",\"payload\":{},\"ref\":null}");
      socket.sendText(
          "{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},"
              + "\"ref\":\"2\",\"join_ref\":\"\"}");
      assertThat(socket.receiveText()).contains("\"ref\":\"2\"");
      socket.sendText("{\"topic\":\"room:a\",\"event\":\"last\",\"payload\":{},\"ref\":\"3\"}");
      assertThat(socket.receiveText()).contains("\"ref\":\"3\"");
      assertThat(socket.receiveText())
          .isEqualTo("{\"topic\":\"room:a\",\"event\":\"phx_close\",\"payload\":{},\"ref\":\"1\"}");
      assertThat(socket.sendText("{\"topic\":\"room:a\"}").receiveCloseCode()).isEqualTo(1011);
    }
  }

  @Test
  void authenticatesTheSocketByItsToken() {
    try (PhoenixClient client = PhoenixClient.connect(port, token());
        PhoenixClient anonymous = connect()) {
      assertThat(client.join("room:members").isOk()).isTrue();
      assertThat(anonymous.join("room:members").payload())
          .isEqualTo(error("reason", "unauthorized"));
    }
  }

  @Test
  void prefersTheNestedTokenParameter() {
    assertThat(status("vsn=2.0.0&params[token]=" + token() + "&token=rubbish")).isEqualTo(101);
    assertThat(status("vsn=2.0.0&params%5Btoken%5D=rubbish&token=" + token())).isEqualTo(403);
    assertThat(status("vsn=2.0.0&token[]=rubbish")).isEqualTo(101);
  }

  @Test
  void rejectsInvalidTokens() {
    String expired = token();
    String refresh =
        tokens.refresh(new TokenSubject(new SessionId("r"), ANN, "u", "Ann", false), 0);
    assertThat(status("token=")).isEqualTo(403);
    assertThat(status("token=rubbish")).isEqualTo(403);
    assertThat(status("token=" + refresh)).isEqualTo(403);
    assertThat(status("token=" + token("deleted", new PlayerId(8)))).isEqualTo(403);
    CLOCK.advance(Duration.ofHours(1));
    assertThat(status("token=" + expired)).isEqualTo(403);
    try (RawSocket refused = RawSocket.handshake(port, "/socket/websocket?token=rubbish")) {
      assertThat(refused.response()).containsIgnoringCase("content-length: 0");
    }
  }

  @Test
  void checksOriginVersionAndToken() {
    String path = "/socket/websocket?vsn=2.0.0";
    try (RawSocket foreign = RawSocket.handshake(port, path, "origin: https://evil.example");
        RawSocket own = RawSocket.handshake(port, path, "origin: https://game.example")) {
      assertThat(foreign.status()).isEqualTo(403);
      assertThat(own.status()).isEqualTo(101);
    }
    assertThat(status("vsn=3.0.0")).isEqualTo(403);
    assertThat(status("vsn=2.0.0&token=rubbish")).isEqualTo(403);
  }

  @Test
  void rejectsARequestThatIsNotAnUpgrade() throws Exception {
    for (String query : List.of("", "?vsn=9", "?token=rubbish", "?token=" + token())) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + port + "/socket/websocket" + query))
              .build();
      var reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

      boolean good = query.isEmpty() || query.contains(".");
      assertThat(reply.statusCode()).isEqualTo(good ? 400 : 403);
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void closesTheSocketsOfAnEndedSession() {
    String mine = token("mine", ANN);
    String other = token("other", ANN);
    try (PhoenixClient closed = PhoenixClient.connect(port, mine);
        PhoenixClient stays = PhoenixClient.connect(port, other)) {
      closed.joinAndAwait("room:members", "welcome");
      stays.joinAndAwait("room:members", "welcome");

      SESSIONS.remove(new SessionId("mine"));
      sessions.end(new SessionId("mine"));

      assertThat(closed.socket().receiveCloseCode()).isEqualTo(4001);
      assertThat(stays.drain()).isEmpty();
      assertThat(status("token=" + mine)).isEqualTo(403);
    }
    Eventually.holds(() -> !sessions.hasEndListeners());
  }

  private static int status(String query) {
    try (RawSocket socket = RawSocket.handshake(port, "/socket/websocket?" + query)) {
      return socket.status();
    }
  }

  private static JsonObject error(String key, String value) {
    return JsonObject.of("status", "error", "response", JsonObject.of(key, value));
  }
}

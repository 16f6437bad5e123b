package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The wire as the original SDKs use it, on both engines. */
final class GodraTest {
  private static List<GodraNode> nodes = List.of();

  private static final String OVERFLOWS = "rookery_godra_overflows_total";
  private static final String STEP = "{\"action\":\"step\",\"payload\":{\"x\":1}}";

  private static final String ECHO =
      """
      -- ROLE: guest
      return {#KEYS, #ARGV, unpack(ARGV)}
      """;

  @BeforeAll
  static void start() {
    var silence = Map.of("ROOKERY_GODRA_GUEST_SILENCE", "4s");
    nodes = List.of(GodraNode.start(true, silence), GodraNode.start(false, silence));
    nodes.forEach(GodraTest::writeScripts);
    for (String script : List.of("echo", "values", "secret", "flood", "three", "members")) {
      nodes.forEach(each -> awaitScript(each.node(), script));
    }
  }

  private static void writeScripts(GodraNode to) {
    to.write("echo", ECHO);
    to.write(
        "values",
        """
        local nested = {1, 'two', {3.9, false, 'four'}, true}
        if ARGV[2] == 'nil' then return nil end
        if ARGV[2] == 'number' then return 3.99 end
        if ARGV[2] == 'text' then return 'café \"x\"' end
        if ARGV[2] == 'status' then return redis.status_reply('FINE') end
        if ARGV[2] == 'error' then return redis.error_reply('No such thing') end
        if ARGV[2] == 'raise' then error('thrown') end
        if ARGV[2] == 'table' then return {} end
        return nested
        """);
    to.write("secret", "-- ROLE: manager\nreturn 'for managers'");
    to.write(
        "flood",
        """
        for i = 1, tonumber(ARGV[3]) do
          redis.call('PUBLISH', 'game_updates:game:' .. ARGV[2],
            cjson.encode({type = 'flood', payload = {number = i, text = string.rep('x', 900)}}))
        end
        """);
    to.write(
        "three",
        """
        for i = 1, 3 do
          redis.call('PUBLISH', 'game_updates:game:' .. ARGV[2],
            cjson.encode({type = 'tick', payload = {number = i}}))
        end
        """);
    to.write("members", "return redis.call('SMEMBERS', KEYS[1])");
  }

  private static void awaitScript(TestNode node, String name) {
    GodraPlayer player = GodraPlayer.register(node);
    Eventually.holds(() -> !player.call(name, null).body().contains("not found"));
  }

  @AfterAll
  static void stop() {
    nodes.forEach(GodraNode::close);
  }

  static Stream<TestNode> nodes() {
    return nodes.stream().map(GodraNode::node);
  }

  private static void assertText(HttpResponse<String> response, int status, String text) {
    assertThat(response.statusCode() + " " + response.body()).isEqualTo(status + " " + text);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void registersAndSignsIn(TestNode node) {
    String name = GodraPlayer.newName();
    GodraPlayer player = GodraPlayer.register(node, name);
    assertThat(player.role()).isEqualTo("player");
    String again =
        JsonObject.of("username", name.toUpperCase(Locale.ROOT), "password", "another one")
            .encode();
    assertText(node.post("/register", again), 409, "Username already taken");
    assertText(node.post("/login", again), 401, "Invalid credentials");
    assertText(node.post("/register", "[1]"), 400, "Invalid request body");
    assertText(node.post("/login", "nonsense"), 400, "Invalid request body");
    assertText(
        node.post("/register", "{\"username\":\"bob\"}"), 400, "Username and password required");
    assertText(
        node.post("/register", "{\"username\":\"bob b\",\"password\":\"long enough 1\"}"),
        400,
        "Username is invalid");
    assertText(
        node.post("/register", "{\"username\":\"bob\",\"password\":\"short\"}"),
        400,
        "Password should be at least 8 character(s)");
    assertText(
        node.post("/register", "{\"username\":\"player7\",\"password\":\"long enough 1\"}"),
        409,
        "Username already taken");

    for (String reserved : new String[] {"Guest:1", "\uff11\uff12"}) {
      assertText(
          node.post(
              "/register",
              JsonObject.of("username", reserved, "password", "long enough 1").encode()),
          409,
          "Username already taken");
    }

    var me =
        new JsonObject(node.get("/api/v1/me", "authorization", "Bearer " + player.token()).body());
    assertThat(me.encode()).contains(name);
    assertThat(me.getInteger("id")).isEqualTo(Integer.valueOf(player.id()));
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void opensNothingElseToGuests(TestNode node) {
    GodraPlayer guest = GodraPlayer.guest(node);
    assertThat(guest.id()).startsWith("guest:").hasSizeGreaterThan("guest:".length());
    assertThat(guest.role()).isEqualTo("guest");
    String[] bearer = {"authorization", "Bearer " + guest.token()};
    assertThat(node.get("/api/v1/me", bearer).statusCode()).isEqualTo(401);
    assertThat(node.get("/accounts/me", bearer).statusCode()).isEqualTo(401);
    try (var socket =
        RawSocket.handshake(node.port(), "/socket/websocket?vsn=2.0.0&token=" + guest.token())) {
      assertThat(socket.status()).isNotEqualTo(101);
    }
    assertThat(guest.result("echo")).hasToString("[0,1,\"" + guest.id() + "\"]");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void acceptsTheTokenOfAnotherWire(TestNode node) {
    var signedIn = new JsonObject(node.post("/auth/anonymous", "{\"username\":\"Zoe\"}").body());
    var zoe = new GodraPlayer(node, signedIn.getString("accessToken"), "", "");
    assertThat(zoe.call("echo", null).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void answersCallsInTheTextsOfTheContract(TestNode node) {
    GodraPlayer player = GodraPlayer.register(node);
    assertText(node.post("/api/rpc", "{}"), 401, "Unauthorized");
    assertText(
        node.post("/api/rpc", "{}", "authorization", "Bearer nonsense"), 401, "Unauthorized");
    assertText(player.rpc("{"), 400, "Invalid request body");
    assertText(player.rpc("[]"), 400, "Invalid request body");
    assertText(player.rpc("{\"script\":7}"), 400, "Invalid request body");
    assertText(player.rpc("{\"script\":\"echo\",\"keys\":[7]}"), 400, "Invalid request body");
    assertText(player.rpc("{\"script\":\"echo\",\"args\":{}}"), 400, "Invalid request body");
    assertText(player.rpc("{}"), 400, "Script name required");
    assertText(player.rpc("{\"script\":\"\"}"), 400, "Script name required");
    assertText(
        player.call("no_such", null), 500, "Script execution failed: Script not found: no_such");
    assertText(player.call("secret", null), 403, "Forbidden: Manager role required");
    assertText(player.call("on_connect", null), 403, "Forbidden: Manager role required");
    assertText(player.call("values", null, "error"), 500, "Script execution failed: No such thing");
    assertThat(player.call("values", null, "raise").body())
        .startsWith("Script execution failed: ")
        .contains("thrown");
    assertThat(player.call("echo", null, "x".repeat(300 << 10)).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void convertsArgumentsAndResults(TestNode node) {
    GodraPlayer player = GodraPlayer.register(node);
    var response =
        player.rpc(
            "{\"script\":\"echo\",\"keys\":[\"a\",\"b\"],\"args\":"
                + "[\"text\",7,7.0,-0.25,1e21,9007199254740993,true,null,{\"a\":[1]},[1,\"x\"]]}");
    assertThat(GodraPlayer.result(response))
        .isEqualTo(
            new JsonArray()
                .add(2)
                .add(11)
                .add(player.id())
                .add("text")
                .add("7")
                .add("7")
                .add("-0.25")
                .add("1000000000000000000000")
                .add("9007199254740993")
                .add("true")
                .add("")
                .add("{\"a\":[1]}")
                .add("[1,\"x\"]"));
    for (String number : new String[] {"1e400", "-1e400"}) {
      assertText(
          player.rpc("{\"script\":\"echo\",\"args\":[" + number + "]}"),
          400,
          "Invalid request body");
    }
    assertThat(player.result("values", "nil")).isNull();
    assertThat(player.result("values", "number")).isEqualTo(3);
    assertThat(player.result("values", "text")).isEqualTo("café \"x\"");
    assertThat(player.result("values", "status")).isEqualTo("FINE");
    assertThat(player.result("values", "table")).isEqualTo(new JsonArray());
    assertThat(player.result("values")).hasToString("[1,\"two\",[3,null,\"four\"],1]");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void refusesSocketsBeforeTheUpgrade(TestNode node) {
    GodraPlayer player = GodraPlayer.register(node);
    assertThat(player.refusal("/ws?token=nonsense&game_id=1")).isEqualTo("401 Unauthorized");
    assertThat(player.refusal("/ws?game_id=1")).isEqualTo("401 Unauthorized");
    assertThat(player.refusal("/ws?token=" + player.token())).isEqualTo("400 Missing game_id");
    assertThat(player.refusal("/ws?game_id=&token=" + player.token()))
        .isEqualTo("400 Missing game_id");
    assertThat(player.refusal(player.path("no-such")))
        .isEqualTo("403 Connection rejected: Lobby not found");
    GodraPlayer other = GodraPlayer.register(node);
    String game = player.createLobby(1);
    try (var socket = player.connect(game)) {
      assertThat(other.refusal(other.path(game)))
          .isEqualTo("403 Connection rejected: Lobby is full");
      assertThat(socket.hasPending()).isFalse();
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void playsAsTheOriginalChatTestsDo(TestNode node) {
    GodraPlayer ann = GodraPlayer.register(node);
    GodraPlayer guest = GodraPlayer.guest(node);
    String game = ann.createLobby(4);
    assertText(
        ann.call(
            "create_lobby",
            new JsonArray().add("game:" + game).add("game:" + game + ":players"),
            2),
        500,
        "Script execution failed: Lobby already exists");
    assertText(
        guest.call(
            "create_lobby", new JsonArray().add("game:own").add("game:" + game + ":players")),
        500,
        "Script execution failed: Invalid players key");
    assertText(
        ann.call("update_state", new JsonArray().add("scores"), "{\"action\":\"heartbeat\"}"),
        500,
        "Script execution failed: Invalid lobby key");
    for (Object[] args : new Object[][] {{STEP}, {STEP, ann.id()}}) {
      assertText(
          guest.call("update_state", new JsonArray().add("game:" + game), args),
          500,
          "Script execution failed: Not in this game");
    }
    assertText(
        guest.call("update_state", new JsonArray().add("game:none"), STEP, ann.id()),
        500,
        "Script execution failed: Lobby not found");
    assertText(
        guest.call("move_player", new JsonArray().add("scores"), 1, 1),
        500,
        "Script execution failed: Invalid lobby key");
    try (var annSocket = ann.connect(game);
        var guestSocket = guest.connect(game)) {
      annSocket.sendText("{\"action\":\"heartbeat\"}");
      for (GodraPlayer sender : new GodraPlayer[] {ann, guest}) {
        assertThat(sender.result("send_chat", "Hello from " + sender.id(), game)).isEqualTo("OK");
        for (var socket : new RawSocket[] {annSocket, guestSocket}) {
          JsonObject chat = new GameEvents(socket).next("chat");
          assertThat(chat.getString("user_id")).isEqualTo(sender.id());
          assertThat(chat.getString("message")).isEqualTo("Hello from " + sender.id());
          assertThat(chat.getLong("timestamp")).isPositive();
        }
      }
      assertText(
          ann.call("send_chat", null, "Hello"), 500, "Script execution failed: Game ID required");
      guestSocket.sendText("{\"action\":\"jump\",\"payload\":{\"height\":3}}");
      JsonObject patch = new GameEvents(annSocket).next("patch");
      assertThat(patch)
          .isEqualTo(
              new JsonObject()
                  .put("user", guest.id())
                  .put("action", "jump")
                  .put("state", new JsonObject().put("height", 3)));
      annSocket.sendText("nonsense");
      assertThat(nextOf(annSocket, "error").getString("message")).isEqualTo("Invalid message");
      GodraPlayer.result(guest.call("move_player", new JsonArray().add("game:" + game), 10, 20.5));
      assertThat(nextOf(annSocket, "patch").getString("action")).isEqualTo("move");
      assertText(
          guest.call("move_player", new JsonArray().add("game:" + game), 10, -1),
          500,
          "Script execution failed: Position out of bounds");
      assertText(
          guest.call("move_player", new JsonArray().add("game:" + game), 999, 999),
          500,
          "Script execution failed: Too fast");
    }
  }

  private static JsonObject nextOf(RawSocket socket, String type) {
    return new GameEvents(socket).next(type);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void collectsMessagesIntoBatchesInOrder(TestNode node) {
    GodraPlayer ann = GodraPlayer.register(node);
    String game = ann.createLobby(4);
    try (var socket = ann.connect(game)) {
      var events = new GameEvents(socket);
      ann.result("three", game);
      for (int i = 1; i <= 3; i++) {
        assertThat(events.next("tick").getInteger("number")).isEqualTo(i);
      }
      assertThat(events.batches()).isEqualTo(1);
      for (int i = 0; i < 50; i++) {
        socket.sendText("{\"action\":\"step\",\"payload\":{\"number\":" + i + "}}");
      }
      for (int i = 0; i < 50; i++) {
        assertThat(events.next("patch").getJsonObject("state").getInteger("number")).isEqualTo(i);
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void deliversToTheSocketsOfOneGameAlone(TestNode node) {
    GodraPlayer ann = GodraPlayer.register(node);
    GodraPlayer bob = GodraPlayer.register(node);
    String game = ann.createLobby(4);
    String other = bob.createLobby(4);
    try (var annSocket = ann.connect(game);
        var bobSocket = bob.connect(other)) {
      ann.result("send_chat", "to ann", game);
      assertThat(nextOf(annSocket, "chat").getString("message")).isEqualTo("to ann");
      ann.result("send_chat", "to bob", other);
      assertThat(nextOf(bobSocket, "chat").getString("message")).isEqualTo("to bob");
      // Messages arrive in order: one that is not hers would come first.
      ann.result("send_chat", "to ann again", game);
      assertThat(nextOf(annSocket, "chat").getString("message")).isEqualTo("to ann again");
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void closesAClientThatDoesNotReadAlone(TestNode node) {
    GodraPlayer ann = GodraPlayer.register(node);
    GodraPlayer slow = GodraPlayer.register(node);
    String game = ann.createLobby(4);
    try (var annSocket = ann.connect(game);
        var slowSocket = RawSocket.openWithSmallBuffer(node.port(), slow.path(game))) {
      var events = new GameEvents(annSocket);
      for (int round = 0; round < 40 && node.metric(OVERFLOWS) == 0; round++) {
        ann.result("flood", game, 200);
        for (int i = 1; i <= 200; i++) {
          assertThat(events.next("flood").getInteger("number")).isEqualTo(i);
        }
      }
      assertThat(slowSocket.awaitEnd() || slowSocket.hasPending()).isTrue();
      ann.result("send_chat", "still here", game);
      assertThat(events.next("chat").getString("message")).isEqualTo("still here");
      Eventually.holds(() -> node.metric(OVERFLOWS) == 1);
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void closesTheSocketsOfASessionThatEnds(TestNode node) {
    GodraPlayer ann = GodraPlayer.register(node);
    String game = ann.createLobby(4);
    try (var socket = ann.connect(game)) {
      node.send("DELETE", "/api/v1/logout", null, "authorization", "Bearer " + ann.token());
      assertThat(socket.receiveCloseCode()).isEqualTo(4001);
    }
    assertText(ann.call("echo", null), 401, "Unauthorized");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("nodes")
  void removesGuestsOfWhomNothingIsHeard(TestNode node) {
    GodraPlayer ann = GodraPlayer.register(node);
    GodraPlayer silent = GodraPlayer.guest(node);
    GodraPlayer leaving = GodraPlayer.guest(node);
    String game = ann.createLobby(4);
    try (var _ = silent.connect(game)) {
      try (var _ = leaving.connect(game)) {
        assertThat(players(ann, game)).contains(silent.id()).contains(leaving.id());
      }
      Eventually.holds(() -> !players(ann, game).contains(leaving.id()));
      Eventually.holds(() -> !players(ann, game).contains(silent.id()));
      Eventually.holds(() -> silent.call("echo", null).statusCode() == 401);
      assertThat(leaving.call("echo", null).statusCode()).isEqualTo(200);
    }
  }

  private static String players(GodraPlayer by, String game) {
    return String.valueOf(
        GodraPlayer.result(by.call("members", new JsonArray().add("game:" + game + ":players"))));
  }
}

package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests functions of extensions over HTTP and sockets, with jars in the folder of a node. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class HookRoutesTest {
  private static final String HOOKS = "/api/v1/hooks";
  private static final String CALL = "/api/v1/hooks/call";

  @TempDir private static Path folder;
  private static TestApi api;
  private static TestApi.Guest ann;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) throws IOException {
    ExtensionSources.put(
        folder,
        "game",
        ExtensionSources.started(
            "1.0",
            """
            context.functions().add(RpcFunction.named("echo").describedAs("Returns it")
                .taking("value").example("hi").handledBy(call -> call.arguments().getValue(0)));
            context.functions().add(RpcFunction.named("count").handledBy(call -> 0));
            context.functions().add(RpcFunction.named("count").taking("a").taking("b")
                .handledBy(call -> 2));
            context.functions().add(RpcFunction.named("whoami")
                .handledBy(call -> call.caller().user()));
            context.functions().add(RpcFunction.named("refuse").taking("reason", String.class)
                .handledBy(call -> { throw new RpcException(call.argument(0, String.class)); }));
            context.functions().add(RpcFunction.named("fail")
                .handledBy(call -> { throw new IllegalStateException("secret"); }));
            context.functions().add(RpcFunction.named("strange").handledBy(call -> new Object()));
            context.functions().add(RpcFunction.named("wait")
                .handledBy(call -> { new CountDownLatch(1).await(); return null; }));
            context.functions().add(RpcFunction.named("config")
                .handledBy(call -> context.config()));
            context.functions().addDynamic(new DynamicFunction("any",
                new JsonObject("{\\"args\\":[{\\"name\\":\\"x\\"}]}"),
                call -> call.arguments().size()));
            """));
    ExtensionSources.put(
        folder, "empty", ExtensionSources.jarWithoutEntryPoint("final class Empty {}"));
    Files.writeString(folder.resolve("game.yaml"), "sides: 6\n");
    api =
        TestApi.start(
            database,
            Map.of("EXTENSIONS_DIR", folder.toString(), "ROOKERY_EXTENSIONS_CALL_TIMEOUT", "2s"));
    ann = api.guest();
  }

  /**
   * @param database of the node that is started before
   */
  HookRoutesTest(Databases.TestDatabase database) {}

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  private static String call(String fn, String args) {
    return call("game", fn, args);
  }

  private static String call(String plugin, String fn, String args) {
    String body = "{\"plugin\":\"" + plugin + "\",\"fn\":\"" + fn + "\"" + args + "}";
    return ann.post(CALL, body).toString();
  }

  @Test
  void listsFunctions() {
    assertThat(api.get(HOOKS).status()).isEqualTo(401);
    JsonArray listed = ann.get(HOOKS).body().getJsonArray("data");
    assertThat(listed.getJsonObject(0))
        .isEqualTo(
            new JsonObject(
                """
                {"plugin":"game","name":"any","dynamic":true,"arities":[1],
                 "signatures":[{"arity":1,"signature":"any(x)","doc":null,"example_args":null}],
                 "meta":{"args":[{"name":"x"}]}}
                """));
    assertThat(listed.getJsonObject(2).getJsonArray("arities")).containsExactly(0, 2);
    assertThat(listed.getJsonObject(3))
        .isEqualTo(
            new JsonObject(
                """
                {"plugin":"game","name":"echo","dynamic":false,"arities":[1],
                 "signatures":[{"arity":1,"signature":"echo(value)","doc":"Returns it",
                                "example_args":"[\\"hi\\"]"}]}
                """));
  }

  @Test
  void callsFunctionsOverHttp() {
    for (String value :
        new String[] {"1", "null", "\"a\"", "{\"a\":[1,{}]}", "[[]]", "true", "1.5"}) {
      assertThat(call("echo", ",\"args\":[" + value + "]"))
          .isEqualTo("200 {\"data\":" + value + "}");
    }
    assertThat(call("echo", ",\"args\":\"alone\"")).isEqualTo("200 {\"data\":\"alone\"}");
    assertThat(call("echo", ",\"args\":{\"a\":1}")).isEqualTo("200 {\"data\":{\"a\":1}}");
    assertThat(call("echo", ",\"args\":null")).isEqualTo("200 {\"data\":null}");
    assertThat(call("count", "")).isEqualTo("200 {\"data\":0}");
    assertThat(call("count", ",\"args\":[1,2]")).isEqualTo("200 {\"data\":2}");
    assertThat(call("any", ",\"args\":[1,2,3]")).isEqualTo("200 {\"data\":3}");
    JsonObject me =
        ann.post(CALL, "{\"plugin\":\"game\",\"fn\":\"whoami\"}").body().getJsonObject("data");
    assertThat(me.getLong("id")).isEqualTo(ann.id());
    assertThat(me.getLong("lobby_id")).isEqualTo(-1);
  }

  @Test
  void refusesAsTheContractSays() {
    assertThat(api.post(CALL, "{}").status()).isEqualTo(401);
    assertThat(ann.post(CALL, "{}").toString()).isEqualTo(error(400, "invalid_request"));
    assertThat(ann.post(CALL, "{\"plugin\":1,\"fn\":\"a\"}").toString())
        .isEqualTo(error(400, "invalid_request"));
    assertThat(call("echo", ",\"args\":[" + "1,".repeat(32) + "1]"))
        .isEqualTo("400 {\"error\":\"too_many_args\",\"max\":32}");
    assertThat(call("echo", ",\"args\":[\"" + "x".repeat(65_532) + "\"]")).startsWith("200");
    assertThat(call("echo", ",\"args\":[\"" + "x".repeat(65_533) + "\"]"))
        .isEqualTo("413 {\"error\":\"args_too_large\",\"max_bytes\":65536}");
    assertThat(call("before_kv_get", "")).isEqualTo(error(400, "reserved_hook_name"));
    assertThat(call("nobody", "echo", "")).isEqualTo(error(400, "plugin_not_found"));
    assertThat(call("", "echo", "")).isEqualTo(error(400, "plugin_not_found"));
    assertThat(call("game", "", "")).isEqualTo(error(400, "not_implemented"));
    assertThat(call("empty", "echo", "")).isEqualTo(error(400, "missing_hooks_module"));
    assertThat(call("echo", "")).isEqualTo(error(400, "not_implemented"));
    assertThat(call("fail", "")).isEqualTo(error(400, "unexpected_error"));
    assertThat(call("refuse", ",\"args\":[\"too_poor\"]"))
        .isEqualTo(error(400, "unexpected_error"));
    assertThat(call("refuse", ",\"args\":[\"not_found\"]"))
        .isEqualTo(error(400, "plugin_not_found"));
    assertThat(call("refuse", ",\"args\":[\"timeout\"]")).isEqualTo(error(400, "timeout"));
    assertThat(call("wait", "")).isEqualTo(error(400, "timeout"));
    assertThat(call("strange", ""))
        .isEqualTo("500 {\"errors\":{\"detail\":\"Internal Server Error\"}}");
  }

  private static String error(int status, String code) {
    return status + " {\"error\":\"" + code + "\"}";
  }

  @Test
  void callsFunctionsOnTheUserChannel() {
    var ben = api.guest();
    String topic = "user:" + ben.id();
    try (var socket = PhoenixClient.connect(api.node().port(), ben.token())) {
      socket.joinAndAwait(topic, "updated");
      assertThat(hook(socket, topic, "echo", new JsonArray().add(JsonObject.of("a", 1))))
          .isEqualTo("ok {\"data\":{\"a\":1}}");
      assertThat(hook(socket, topic, "echo", "alone")).isEqualTo("ok {\"data\":\"alone\"}");
      assertThat(hook(socket, topic, "before_stop", new JsonArray()))
          .isEqualTo("error {\"error\":\"reserved_hook_name\"}");
      assertThat(hook(socket, topic, "refuse", new JsonArray().add("too_poor")))
          .isEqualTo("error {\"error\":\"too_poor\"}");
      assertThat(hook(socket, topic, "fail", new JsonArray()))
          .isEqualTo("error {\"error\":\"unexpected_error\"}");
      assertThat(hook(socket, topic, "strange", new JsonArray()))
          .isEqualTo("error {\"error\":\"unexpected_error\"}");
      assertThat(hook(socket, topic, "other", new JsonArray()))
          .isEqualTo("error {\"error\":\"not_implemented\"}");
      assertThat(hook(socket, topic, "wait", new JsonArray()))
          .isEqualTo("error {\"error\":\"timeout\"}");
      assertThat(reply(socket, topic, JsonObject.of("plugin", "nobody", "fn", "echo")))
          .isEqualTo("error {\"error\":\"not_found\"}");
      assertThat(reply(socket, topic, JsonObject.of("plugin", "game", "fn", 1)))
          .isEqualTo("error {\"error\":\"unknown_event\"}");
    }
  }

  private static String hook(PhoenixClient socket, String topic, String fn, Object args) {
    return reply(socket, topic, JsonObject.of("plugin", "game", "fn", fn, "args", args));
  }

  private static String reply(PhoenixClient socket, String topic, JsonObject payload) {
    PhoenixClient.Frame reply = socket.call(topic, "call_hook", payload);
    return (reply.isOk() ? "ok " : "error ") + reply.response().encode();
  }

  @Test
  void followsTheFolder() throws IOException {
    String version =
        "context.functions().add(RpcFunction.named(\"version\")"
            + ".handledBy(call -> context.version() + context.config().encode()));";
    // Of the database before.
    Files.deleteIfExists(folder.resolve("swap.yaml"));
    ExtensionSources.put(folder, "swap", ExtensionSources.started("1", version));
    awaitAnswer("200 {\"data\":\"1{}\"}");

    ExtensionSources.put(folder, "swap", ExtensionSources.started("2", version));
    awaitAnswer("200 {\"data\":\"2{}\"}");

    Files.writeString(folder.resolve("swap.yaml"), "sides: 8\n");
    awaitAnswer("200 {\"data\":\"2{\\\"sides\\\":8}\"}");

    ExtensionSources.put(folder, "swap", ExtensionSources.started("3", "int i = 1 / 0;"));
    Files.writeString(folder.resolve("swap.yaml"), "sides: 9\n");
    ExtensionSources.put(folder, "swap", ExtensionSources.started("4", version));
    awaitAnswer("200 {\"data\":\"4{\\\"sides\\\":9}\"}");

    Files.delete(folder.resolve("swap.jar"));
    awaitAnswer(error(400, "plugin_not_found"));
    assertThat(call("config", "")).isEqualTo("200 {\"data\":{\"sides\":6}}");
  }

  @Test
  void hooksChangeAndRefuse() throws IOException {
    // By the names of the extensions: the first changes what the second decides about.
    ExtensionSources.put(
        folder,
        "a-filter",
        ExtensionSources.started(
            "1",
            """
            var hooks = context.beforeHooks();
            hooks.chatMessage(chat -> chat.withContent(chat.content().replace("darn", "d***")));
            hooks.lobbyCreate(lobby -> lobby.withTitle(lobby.title() + " (checked)"));
            hooks.userUpdate(user -> user.withDisplayName(user.displayName().strip() + "!"));
            """));
    ExtensionSources.put(
        folder,
        "b-rules",
        ExtensionSources.started(
            "1",
            """
            var hooks = context.beforeHooks();
            hooks.chatMessage(chat -> {
              if (chat.content().contains("d***")) { return chat; }
              throw new HookRejectedException("say_darn");
            });
            hooks.lobbyCreate(lobby -> {
              if (lobby.title().equals("bad (checked)")) {
                throw new HookRejectedException("bad_title");
              }
              return lobby;
            });
            hooks.lobbyUpdate(lobby -> { throw new IllegalStateException("broken"); });
            hooks.lobbyJoin(join -> { throw new HookRejectedException("closed"); });
            hooks.lobbyLeave(leave -> {
              if (context.platform().lobbies().find(leave.lobbyId()).hostId() != leave.userId()) {
                throw new HookRejectedException("stay");
              }
              return leave;
            });
            hooks.userKicked(kick -> { new CountDownLatch(1).await(); return kick; });
            context.functions().add(RpcFunction.named("ready").handledBy(call -> 1));
            """));
    Eventually.holds(() -> call("b-rules", "ready", "").startsWith("200"));
    Eventually.holds(() -> rename("Cat").contains("Cat!"));
    try {
      var host = api.guest();
      var other = api.guest();
      assertThat(host.post("/api/v1/lobbies", "{\"title\":\"bad\"}").toString())
          .isEqualTo(error(422, "unexpected_error"));
      var created = host.post("/api/v1/lobbies", "{\"title\":\"good\"}");
      assertThat(created.body().getString("title")).isEqualTo("good (checked)");
      long lobby = created.body().getLong("id");
      assertThat(host.patch("/api/v1/lobbies", "{\"title\":\"new\"}").toString())
          .isEqualTo(error(422, "unexpected_error"));
      assertThat(other.join(lobby).toString()).isEqualTo(error(403, "rejected"));
      // Nothing is decided about what does not exist.
      assertThat(other.join(lobby + 1_000).status()).isEqualTo(404);
      assertThat(other.leave().status()).isEqualTo(200);
      assertThat(
              host.post("/api/v1/lobbies/kick", "{\"target_user_id\":" + other.id() + "}")
                  .toString())
          .isEqualTo(error(403, "rejected"));
      assertThat(chat(host, lobby, "oh darn").body().getString("content")).isEqualTo("oh d***");
      assertThat(chat(host, lobby, "hello").toString())
          .isEqualTo("422 {\"error\":\"hook_rejected\",\"reason\":\"say_darn\"}");
      assertThat(host.leave().status()).isEqualTo(200);
    } finally {
      Files.delete(folder.resolve("a-filter.jar"));
      Files.delete(folder.resolve("b-rules.jar"));
    }
    Eventually.holds(() -> call("b-rules", "ready", "").contains("plugin_not_found"));
    Eventually.holds(() -> rename("Dan").contains("\"Dan\""));
    assertThat(ann.post("/api/v1/lobbies", "{\"title\":\"bad\"}").status()).isEqualTo(201);
  }

  private static TestApi.Response chat(TestApi.Guest player, long lobby, String content) {
    return player.post(
        "/api/v1/chat/messages",
        new JsonObject()
            .put("chat_type", "lobby")
            .put("chat_ref_id", lobby)
            .put("content", content)
            .encode());
  }

  private static String rename(String name) {
    ann.patch("/api/v1/me/display_name", "{\"display_name\":\"" + name + "\"}");
    return ann.get("/api/v1/me").toString();
  }

  private static void awaitAnswer(String expected) {
    Eventually.holds(() -> call("swap", "version", "").equals(expected));
  }
}

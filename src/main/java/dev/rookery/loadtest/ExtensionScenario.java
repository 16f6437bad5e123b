package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Deploys {@link LoadTestExtension} before another scenario, and removes it afterwards. It signs in
 * with {@link LeaderboardScenario#ADMIN_DEVICE}, whose player must be an admin.
 */
final class ExtensionScenario implements Scenario {
  static final String NAME = "load-test";

  private static final String ADMIN = "/api/v1/admin/extensions/";
  private static final JsonArray ARGUMENTS =
      JsonArray.of(JsonObject.of("x", 12, "y", 34, "name", "Ann"));

  private final ScenarioContext context;
  private final Scenario scenario;

  private ExtensionScenario(ScenarioContext context, Scenario scenario) {
    this.context = context;
    this.scenario = scenario;
  }

  /** Calls of the function over HTTP. */
  static Scenario calls(ScenarioContext context) {
    return new ExtensionScenario(context, new RequestScenario(context, Call::new));
  }

  /** Calls of the function on sockets. */
  static Scenario socketCalls(ScenarioContext context) {
    return new ExtensionScenario(context, new SocketCallScenario(context));
  }

  /** Messages, before each of which the hook runs. */
  static Scenario messages(ScenarioContext context) {
    return new ExtensionScenario(
        context, new RequestScenario(context, RequestSequence.SendChatMessage::new));
  }

  /** Replacements of a version by the next one. */
  static Scenario swaps(ScenarioContext context) {
    return new RequestScenario(context, (client, _) -> new Swap(client));
  }

  static JsonObject call() {
    return JsonObject.of(
        "plugin", NAME, "fn", LoadTestExtension.FUNCTION, "args", ARGUMENTS.copy());
  }

  @Override
  public String unit() {
    return scenario.unit();
  }

  @Override
  public Future<Void> run() {
    ApiClient client = context.client(context.node());
    return RequestSequence.signIn(client, LeaderboardScenario.ADMIN_DEVICE)
        .compose(
            token ->
                client
                    .upload(ADMIN + NAME, token, LoadTestExtension.jar("1"))
                    .compose(_ -> scenario.run())
                    .eventually(() -> client.call(HttpMethod.DELETE, ADMIN + NAME, token, null)));
  }

  @Override
  public List<String> notes() {
    return scenario.notes();
  }

  /** Calls the function again and again. */
  private static final class Call implements RequestSequence {
    private final ApiClient client;
    private final String name;
    private final JsonObject body = call();
    private String token = "";

    Call(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return RequestSequence.signIn(client, name)
          .onSuccess(signedIn -> token = signedIn)
          .mapEmpty();
    }

    @Override
    public Future<Void> runOnce() {
      return client.post("/api/v1/hooks/call", token, body).mapEmpty();
    }
  }

  /** Deploys one version after the other. */
  private static final class Swap implements RequestSequence {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ApiClient client;
    private final String path = ADMIN + NAME + "-" + NUMBERS.incrementAndGet();
    private String token = "";
    private int version;

    Swap(ApiClient client) {
      this.client = client;
    }

    @Override
    public Future<Void> prepare() {
      return RequestSequence.signIn(client, LeaderboardScenario.ADMIN_DEVICE)
          .onSuccess(signedIn -> token = signedIn)
          .mapEmpty();
    }

    @Override
    public Future<Void> runOnce() {
      version++;
      return client.upload(path, token, LoadTestExtension.jar("1." + version)).mapEmpty();
    }
  }
}

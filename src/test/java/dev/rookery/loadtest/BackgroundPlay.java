package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.Eventually.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Runs the play scenario in the background of a test, while something happens to the nodes. */
final class BackgroundPlay implements AutoCloseable {
  private static final int CONCURRENT_MESSAGES = 16;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final VertxInternal vertx =
      (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context eventLoop = vertx.createEventLoopContext();
  private final ScenarioContext context;
  private final PlayScenario scenario;

  private BackgroundPlay(List<URI> nodes, long seed, Map<LoadParameter, Integer> numbers) {
    var options =
        new LoadOptions(ScenarioKind.PLAY, nodes, List.of(), List.of(), List.of(), numbers);
    this.context = call(() -> new ScenarioContext(vertx, options));
    this.scenario = call(() -> new PlayScenario(context, new Random(seed)));
  }

  /** Starts all players: signed in, connected, in a lobby and acting. */
  static BackgroundPlay start(List<URI> nodes, long seed, Map<LoadParameter, Integer> numbers) {
    var background = new BackgroundPlay(nodes, seed, numbers);
    background.await(background.scenario::start);
    background.call(
        () -> {
          background.context.begin();
          return true;
        });
    return background;
  }

  /** Waits until that many more commands are acknowledged. */
  void awaitCommands(int commands) {
    long target = unitCount() + commands;
    Deadline deadline = Deadline.in(TIMEOUT);
    while (unitCount() < target) {
      deadline.check();
      Eventually.pause(POLL_INTERVAL);
    }
  }

  /** Waits for that time, during which commands must be acknowledged. */
  void awaitCommands(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    do {
      awaitCommands(1);
    } while (System.nanoTime() < until);
  }

  private long unitCount() {
    return call(() -> context.metrics().units());
  }

  /** Adds a client that spectates the first lobby on a node, and then stops reading. */
  void addStalledSpectator(URI node) {
    await(
        () ->
            LoadTestUser.signIn(context, node, context.device("deaf"))
                .compose(user -> TopicJoin.open(context, user, firstHost().view().topic(), _ -> {}))
                .onSuccess(ClientSocket::stopReading));
  }

  /** Sends large messages from the first host until the condition is true. */
  void floodFirstLobby(BooleanSupplier until) {
    Deadline deadline = Deadline.in(TIMEOUT);
    for (int i = 0; !until.getAsBoolean(); i++) {
      deadline.check();
      String content = i + " " + "x".repeat(4_000);
      await(
          () ->
              Future.all(
                  IntStream.range(0, CONCURRENT_MESSAGES)
                      .mapToObj(n -> firstHost().sendMessage(n + " " + content))
                      .toList()));
    }
  }

  private SimulatedPlayer firstHost() {
    return scenario.players().getFirst();
  }

  /** Closes the connections of all players at the same moment. */
  void dropAll() {
    call(
        () -> {
          scenario.players().forEach(player -> player.socket().drop());
          return true;
        });
  }

  /** Waits until all players are connected and have joined all topics. */
  void connectAll() {
    await(
        () ->
            Future.join(
                scenario.players().stream().map(player -> player.socket().connect()).toList()));
  }

  LoadMetrics metrics() {
    return context.metrics();
  }

  /** Stops all players, prints the result, and asserts that nothing was lost or repeated. */
  void finish() {
    await(scenario::finish);
    call(
        () -> {
          context.end();
          return true;
        });
    ScenarioResult result = call(() -> context.result(scenario));
    System.out.print(result.table(null));
    assertThat(result.firstError()).isNull();
    assertThat(result.gaps()).as("events that a client missed").isZero();
    assertThat(result.repeats()).as("events that came again").isZero();
    assertThat(result.errors()).isZero();
  }

  /** Stops the actions of all players; they go on receiving. */
  void rest() {
    await(scenario::rest);
  }

  /** Runs the consistency check; returns the first problem, or null. */
  String firstProblem() {
    await(scenario::finish);
    return call(() -> context.metrics().firstError());
  }

  /** Records a message as acknowledged to the first host, although it was not sent. */
  void recordAcknowledged(String content) {
    call(() -> firstHost().acknowledged().add(content));
  }

  /** Sends a message from the first host under an idempotency key. */
  void sendMessage(String content, String key) {
    await(
        () ->
            firstHost()
                .api()
                .post(
                    "/api/v1/chat/messages",
                    JsonObject.of(
                        "chat_type",
                        "lobby",
                        "chat_ref_id",
                        firstHost().view().lobby(),
                        "content",
                        content),
                    key));
  }

  /** Removes a message from the first host's view, as soon as it is there. */
  void removeFromView(String content) {
    Eventually.holds(() -> call(() -> firstHost().view().messages().values().remove(content)));
  }

  /** Makes a player leave the lobby without the knowledge of the load test. */
  void leaveUnnoticed() {
    await(
        () ->
            scenario
                .players()
                .getLast()
                .api()
                .post("/api/v1/lobbies/leave", new JsonObject(), "behind"));
  }

  /** Removes a member from the first host's view. */
  void removeMemberFromView() {
    call(() -> firstHost().view().members().remove(firstHost().api().user().id()));
  }

  private void await(Supplier<Future<?>> work) {
    Future.<Object>future(
            done -> eventLoop.runOnContext(_ -> work.get().mapEmpty().onComplete(done)))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private <T> T call(Supplier<T> supplier) {
    return Future.<T>future(
            done ->
                eventLoop.runOnContext(
                    _ -> {
                      try {
                        done.complete(supplier.get());
                      } catch (RuntimeException failed) {
                        done.fail(failed);
                      }
                    }))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    await(() -> context.close());
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

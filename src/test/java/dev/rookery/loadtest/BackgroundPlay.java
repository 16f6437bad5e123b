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

/** The lives of the load test, led by a test: they go on while something happens to the nodes. */
final class BackgroundPlay implements AutoCloseable {
  private static final int SHOUTS = 16;
  private static final Duration WITHIN = Duration.ofMinutes(5);

  private final VertxInternal vertx =
      (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.createEventLoopContext();
  private final ScenarioContext stage;
  private final PlayScenario play;

  private BackgroundPlay(List<URI> nodes, long seed, Map<LoadParameter, Integer> numbers) {
    var options =
        new LoadOptions(ScenarioKind.PLAY, nodes, List.of(), List.of(), List.of(), numbers);
    this.stage = call(() -> new ScenarioContext(vertx, options));
    this.play = call(() -> new PlayScenario(stage, new Random(seed)));
  }

  /** Everybody signed in, connected, in a lobby and busy. */
  static BackgroundPlay begin(List<URI> nodes, long seed, Map<LoadParameter, Integer> numbers) {
    var playing = new BackgroundPlay(nodes, seed, numbers);
    playing.await(playing.play::begin);
    playing.call(
        () -> {
          playing.stage.begin();
          return true;
        });
    return playing;
  }

  /** Until so many more commands were acknowledged. */
  void goOn(int commands) {
    long target = units() + commands;
    Deadline deadline = Deadline.in(WITHIN);
    while (units() < target) {
      deadline.check();
      Eventually.pause();
    }
  }

  /** For so long, in which commands must be acknowledged. */
  void goOn(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    do {
      goOn(1);
    } while (System.nanoTime() < until);
  }

  private long units() {
    return call(() -> stage.figures().units());
  }

  /** One more client, who watches the first lobby at a node, and then reads nothing any more. */
  void watchDeaf(URI node) {
    await(
        () ->
            LoadTestUser.signIn(stage, node, stage.device("deaf"))
                .compose(
                    person -> TopicJoin.open(stage, person, firstHost().view().topic(), _ -> {}))
                .onSuccess(ClientSocket::stopReading));
  }

  /** The host of the first lobby talks at length, until something has come of it. */
  void shout(BooleanSupplier until) {
    Deadline deadline = Deadline.in(WITHIN);
    for (int i = 0; !until.getAsBoolean(); i++) {
      deadline.check();
      String words = i + " " + "x".repeat(4_000);
      await(
          () ->
              Future.all(
                  IntStream.range(0, SHOUTS)
                      .mapToObj(n -> firstHost().say(n + " " + words))
                      .toList()));
    }
  }

  private SimulatedPlayer firstHost() {
    return play.lives().getFirst();
  }

  /** Everybody loses the line at the same moment. */
  void dropAll() {
    call(
        () -> {
          play.lives().forEach(life -> life.socket().drop());
          return true;
        });
  }

  /** Until everybody follows everything again. */
  void connectAll() {
    await(() -> Future.join(play.lives().stream().map(life -> life.socket().connect()).toList()));
  }

  LoadMetrics figures() {
    return stage.figures();
  }

  /** Everybody rests; then nothing may be other than was promised. */
  void end() {
    await(play::end);
    call(
        () -> {
          stage.end();
          return true;
        });
    ScenarioResult outcome = call(() -> stage.outcome(play));
    System.out.print(outcome.table(null));
    assertThat(outcome.firstError()).isNull();
    assertThat(outcome.gaps()).as("events that a client missed").isZero();
    assertThat(outcome.repeats()).as("events that came again").isZero();
    assertThat(outcome.errors()).isZero();
  }

  /** Everybody stops doing things, and goes on listening. */
  void rest() {
    await(play::rest);
  }

  /** The first problem that is found at the end; null if there is none. */
  String complaint() {
    await(play::end);
    return call(() -> stage.figures().firstError());
  }

  /** Makes the first host believe that he said so and was acknowledged. */
  void promise(String content) {
    call(() -> firstHost().acknowledged().add(content));
  }

  /** The first host says it in his lobby, under a key. */
  void say(String content, String key) {
    await(
        () ->
            firstHost()
                .commands()
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

  /** Takes a message from what the first host has heard, as soon as he has. */
  void forget(String content) {
    Eventually.holds(() -> call(() -> firstHost().view().messages().values().remove(content)));
  }

  /** Somebody leaves his lobby, of which the load test knows nothing. */
  void leaveBehindItsBack() {
    await(
        () ->
            play.lives()
                .getLast()
                .commands()
                .post("/api/v1/lobbies/leave", new JsonObject(), "behind"));
  }

  /** Takes a member from what the first host sees. */
  void overlookSomebody() {
    call(() -> firstHost().view().members().remove(firstHost().commands().person().id()));
  }

  private void await(Supplier<Future<?>> work) {
    Future.<Object>future(done -> context.runOnContext(_ -> work.get().mapEmpty().onComplete(done)))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WITHIN.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private <T> T call(Supplier<T> what) {
    return Future.<T>future(
            done ->
                context.runOnContext(
                    _ -> {
                      try {
                        done.complete(what.get());
                      } catch (RuntimeException failed) {
                        done.fail(failed);
                      }
                    }))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WITHIN.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    await(() -> stage.clear());
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the batcher promises to every flow. */
final class BatcherTest {
  private static final Refusal EXHAUSTED = new Refusal.Unavailable("too_many_races");

  /** Commands of one letter are of one key: {@code a1}, {@code a2}. */
  private record Batch(List<String> commands, boolean retry) {}

  private final List<Batch> batches = new CopyOnWriteArrayList<>();
  private TestStore store;
  private Context context;
  private String deployment;

  @BeforeEach
  void open() {
    store = TestStore.open(Databases.sqlite(), NoteEvent.TYPES);
    Promise<Context> started = Promise.promise();
    deployment =
        get(
            store
                .vertx()
                .deployVerticle(
                    new VerticleBase() {
                      @Override
                      public Future<?> start() {
                        started.complete(context);
                        return Future.succeededFuture();
                      }
                    },
                    new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    context = get(started.future());
  }

  @AfterEach
  void close() {
    get(store.vertx().undeploy(deployment));
    store.close();
  }

  @Test
  void carriesOutTogetherWhatWaitsWhileABatchIsUnderWay() {
    Promise<Void> underWay = Promise.promise();
    Promise<Void> release = Promise.promise();
    Batcher<String, String> batcher =
        batcher(
            (commands, _) -> {
              if (underWay.tryComplete()) {
                release.future().await();
              }
              return done(commands);
            });

    Future<String> first = batcher.submit("a1");
    get(underWay.future());
    Future<String> second = batcher.submit("b1");
    Future<String> third = batcher.submit("c1");
    release.complete();

    assertThat(get(Future.all(first, second, third)).<String>list())
        .containsExactly("a1!", "b1!", "c1!");
    assertThat(batches)
        .containsExactly(new Batch(List.of("a1"), false), new Batch(List.of("b1", "c1"), false));
    assertThat(store.meters().get("rookery.store.commands").tag("flow", "test").summary().max())
        .isEqualTo(2);
  }

  @Test
  void carriesOutCommandsOfOneKeyOneAtATimeInTheirOrder() {
    Promise<Void> underWay = Promise.promise();
    Promise<Void> release = Promise.promise();
    Batcher<String, String> batcher =
        batcher(
            (commands, _) -> {
              if (underWay.tryComplete()) {
                release.future().await();
              }
              return done(commands);
            });

    var answers = new ArrayList<Future<String>>();
    answers.add(batcher.submit("a1"));
    get(underWay.future());
    for (String command : List.of("a2", "b1", "a3", "b2")) {
      answers.add(batcher.submit(command));
    }
    release.complete();
    get(Future.all(answers));

    assertThat(batches.stream().map(Batch::commands))
        .containsExactly(List.of("a1"), List.of("b1", "a2"), List.of("b2", "a3"));
  }

  @Test
  void refusesOneCommandOfABatchAlone() {
    Batcher<String, String> batcher =
        held(
            (commands, _) ->
                commands.stream()
                    .map(
                        one ->
                            one.startsWith("x")
                                ? Outcome.<String>refused(Refused.conflict("forbidden"))
                                : Outcome.done(one))
                    .toList());

    List<Future<String>> answers = submit(batcher, "a1", "x1", "b1");

    assertThat(get(answers.getFirst())).isEqualTo("a1");
    assertThatThrownBy(() -> get(answers.get(1))).hasMessage("forbidden");
    assertThat(get(answers.getLast())).isEqualTo("b1");
  }

  @Test
  void retriesACommandInALaterBatchAndRefusesItInTheEnd() {
    Batcher<String, String> batcher =
        held(
            (commands, retry) ->
                commands.stream()
                    .map(
                        one ->
                            one.startsWith("x") || (one.startsWith("y") && !retry)
                                ? Outcome.<String>retry()
                                : Outcome.done(one))
                    .toList());

    List<Future<String>> answers = submit(batcher, "a1", "x1", "y1");

    assertThat(get(answers.getFirst())).isEqualTo("a1");
    assertThat(get(answers.getLast())).isEqualTo("y1");
    assertThatThrownBy(() -> get(answers.get(1)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(EXHAUSTED));
    assertThat(batches.stream().filter(Batch::retry)).hasSize(5);
    assertThat(
            store
                .meters()
                .get("rookery.store.commands.retried")
                .tag("flow", "test")
                .counter()
                .count())
        .isEqualTo(7);
  }

  @Test
  void keepsTheOrderOfAKeyWhoseCommandIsRetried() {
    Batcher<String, String> batcher =
        held(
            (commands, retry) ->
                commands.stream()
                    .map(
                        one ->
                            one.equals("a1") && !retry
                                ? Outcome.<String>retry()
                                : Outcome.done(one))
                    .toList());

    get(Future.all(submit(batcher, "a1", "a2")));

    assertThat(batches.stream().flatMap(batch -> batch.commands().stream()))
        .containsExactly("a1", "a1", "a2");
  }

  @Test
  void carriesOutTheRestWhenACommandLostARaceAfterAChange() {
    Batcher<String, String> batcher =
        held(
            (commands, retry) -> {
              if (commands.contains("x1") && !retry) {
                throw new Batcher.LostRace(Set.of("x1"));
              }
              return done(commands);
            });

    assertThat(get(Future.all(submit(batcher, "a1", "x1", "b1"))).<String>list())
        .containsExactly("a1!", "x1!", "b1!");
    assertThat(batches.stream().map(Batch::commands))
        .contains(List.of("a1", "x1", "b1"), List.of("a1", "b1"), List.of("x1"));
  }

  @Test
  void carriesOutEachCommandAloneWhenABatchFails() {
    Batcher<String, String> batcher =
        held(
            (commands, _) -> {
              if (commands.contains("x1")) {
                throw new IllegalStateException("broken");
              }
              return done(commands);
            });

    List<Future<String>> answers = submit(batcher, "a1", "x1", "b1");

    assertThat(get(answers.getFirst())).isEqualTo("a1!");
    assertThatThrownBy(() -> get(answers.get(1))).hasMessage("broken");
    assertThat(get(answers.getLast())).isEqualTo("b1!");
  }

  @Test
  void carriesOutWhatAdminsReadWithoutWaitingForTheirLane() {
    List<Boolean> inLane = new CopyOnWriteArrayList<>();
    Batcher<String, String> batcher =
        held(
            (commands, _) -> {
              inLane.add(ReadLaneScope.isCurrent());
              return done(commands);
            });

    get(
        Future.all(
            CommandScope.call(ReadLaneScope.SCOPE, () -> submit(batcher, "a1", "b1", "c1"))));

    assertThat(inLane).containsOnly(false);
    assertThat(batches.stream().map(Batch::commands)).containsExactly(List.of("a1", "b1", "c1"));
  }

  @Test
  void refusesAWholeBatchWhenTheDatabaseIsAway() {
    Batcher<String, String> batcher =
        held(
            (_, _) -> {
              throw new Refused(new Refusal.Unavailable("store_unavailable"));
            });

    List<Future<String>> answers = submit(batcher, "a1", "b1");

    assertThatThrownBy(() -> get(answers.getFirst())).hasMessage("store_unavailable");
    assertThatThrownBy(() -> get(answers.getLast())).hasMessage("store_unavailable");
    assertThat(batches).hasSize(1);
  }

  /** Its first batch waits until all that a test submits is there. */
  private Batcher<String, String> held(Batcher.Work<String, String> work) {
    Promise<Void> underWay = Promise.promise();
    Promise<Void> release = Promise.promise();
    Batcher<String, String> batcher =
        new Batcher<>(
            context,
            store.database(),
            "test",
            BatcherTest::key,
            EXHAUSTED,
            (commands, retry) -> {
              if (commands.contains("hold")) {
                underWay.complete();
                release.future().await();
                return done(commands);
              }
              batches.add(new Batch(commands, retry));
              return work.carryOut(commands, retry);
            });
    batcher.submit("hold");
    get(underWay.future());
    releases.add(release);
    return batcher;
  }

  private final List<Promise<Void>> releases = new ArrayList<>();

  private List<Future<String>> submit(Batcher<String, String> batcher, String... commands) {
    var answers = new ArrayList<Future<String>>();
    for (String command : commands) {
      answers.add(batcher.submit(command));
    }
    releases.forEach(Promise::complete);
    return answers;
  }

  private Batcher<String, String> batcher(Batcher.Work<String, String> work) {
    return new Batcher<>(
        context,
        store.database(),
        "test",
        BatcherTest::key,
        EXHAUSTED,
        (commands, retry) -> {
          batches.add(new Batch(commands, retry));
          return work.carryOut(commands, retry);
        });
  }

  private static Object key(String command) {
    return command.charAt(0);
  }

  private static List<Outcome<String>> done(List<String> commands) {
    return commands.stream().map(one -> Outcome.done(one + "!")).toList();
  }

  private static <T> T get(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(120, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }
}

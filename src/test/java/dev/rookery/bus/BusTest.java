package dev.rookery.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class BusTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CountDownLatch started = new CountDownLatch(2_000);
  private final Promise<Void> gate = Promise.promise();

  /** A command that waits until the gate opens, as commands wait for the database. */
  interface WaitCommand extends Command<Integer> {
    int number();

    @Override
    default String address() {
      return "wait";
    }
  }

  record Wait(int number) implements WaitCommand {}

  record StrangersWait(int number) implements WaitCommand {
    @Override
    public boolean isFromStranger() {
      return true;
    }
  }

  private Vertx vertx;
  private Bus bus;
  private String deployment;

  @BeforeEach
  void serve(Vertx vertx) throws Exception {
    this.vertx = vertx;
    bus = new Bus(vertx, meters);
    var verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            return bus.serve(
                "wait",
                (WaitCommand wait) -> {
                  started.countDown();
                  gate.future().await();
                  return wait.number();
                });
          }
        };
    deployment =
        vertx
            .deployVerticle(
                verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
            .toCompletionStage()
            .toCompletableFuture()
            .get(120, TimeUnit.SECONDS);
  }

  @Test
  void servesCommandsWhileOthersWait() throws Exception {
    List<Future<Integer>> answers = ask(2_000);

    assertThat(started.await(120, TimeUnit.SECONDS)).isTrue();
    gate.complete();
    assertThat(Future.all(answers).toCompletionStage().toCompletableFuture().get().<Integer>list())
        .hasSize(2_000);
  }

  @Test
  void refusesPendingCommandsWhenDomainCloses() throws Exception {
    List<Future<Integer>> answers = ask(2_000);
    assertThat(started.await(120, TimeUnit.SECONDS)).isTrue();

    vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);

    for (Future<Integer> answer : answers) {
      assertThat(answer.toCompletionStage().toCompletableFuture())
          .failsWithin(120, TimeUnit.SECONDS)
          .withThrowableThat()
          .withCauseInstanceOf(Refused.class);
      assertThat(((Refused) answer.cause()).refusal())
          .isEqualTo(new Refusal.Unavailable("not_serving"));
    }
  }

  @Test
  void refusesCommandsBeyondTheLimitAtOnce() throws Exception {
    List<Future<Integer>> answers = ask(Bus.PENDING_MAX + 3);

    for (Future<Integer> rejected : answers.subList(Bus.PENDING_MAX, Bus.PENDING_MAX + 3)) {
      assertThat(((Refused) rejected.cause()).refusal())
          .isEqualTo(new Refusal.Unavailable("node_busy"));
    }
    assertThat(meters.counter("rookery.commands.turned.away").count()).isEqualTo(3);
    gate.complete();
    List<Future<Integer>> served = answers.subList(0, Bus.PENDING_MAX);
    assertThat(Future.all(served).toCompletionStage().toCompletableFuture().get().<Integer>list())
        .hasSize(Bus.PENDING_MAX);
    assertThat(bus.ask(new Wait(7)).toCompletionStage().toCompletableFuture().get()).isEqualTo(7);
  }

  @Test
  void strangersTakeAtMostATenthOfTheQueue() throws Exception {
    var strangers = new ArrayList<Future<Integer>>();
    for (int number = 0; number < Bus.STRANGERS_MAX + 3; number++) {
      strangers.add(bus.ask(new StrangersWait(number)));
    }
    List<Future<Integer>> players = ask(10);

    for (Future<Integer> rejected : strangers.subList(Bus.STRANGERS_MAX, Bus.STRANGERS_MAX + 3)) {
      assertThat(((Refused) rejected.cause()).refusal())
          .isEqualTo(new Refusal.Unavailable("node_busy"));
    }
    gate.complete();
    assertThat(Future.all(players).toCompletionStage().toCompletableFuture().get().<Integer>list())
        .hasSize(10);
    Future.all(strangers.subList(0, Bus.STRANGERS_MAX))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    assertThat(bus.ask(new StrangersWait(7)).toCompletionStage().toCompletableFuture().get())
        .isEqualTo(7);
  }

  private List<Future<Integer>> ask(int count) {
    var answers = new ArrayList<Future<Integer>>();
    for (int number = 0; number < count; number++) {
      answers.add(bus.ask(new Wait(number)));
    }
    return answers;
  }
}

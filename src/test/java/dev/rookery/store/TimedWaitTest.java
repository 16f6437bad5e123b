package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Waits of verticles that time out. */
@ExtendWith(VertxExtension.class)
final class TimedWaitTest {
  @Test
  void verticleGoesOnWhenWhatItWaitedForCompletesTooLate(Vertx vertx) throws Exception {
    var deployed = new CompletableFuture<Context>();
    var verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            deployed.complete(context);
            return Future.succeededFuture();
          }
        };
    vertx
        .deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .await();
    Context context = deployed.get(2, TimeUnit.MINUTES);
    Promise<Boolean> late = Promise.promise();
    var waited = new CompletableFuture<Boolean>();
    context.runOnContext(
        _ -> waited.complete(TimedWait.completes(late.future(), Duration.ofMillis(20))));
    assertThat(waited.get(2, TimeUnit.MINUTES)).isFalse();

    late.complete(true);

    var went = new CompletableFuture<Boolean>();
    context.runOnContext(
        _ -> went.complete(TimedWait.completes(late.future(), Duration.ofMinutes(2))));
    assertThat(went.get(2, TimeUnit.MINUTES)).isTrue();
  }
}

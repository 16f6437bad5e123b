package dev.rookery.node;

import dev.rookery.store.Store;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Deploys verticles and waits for them; the node's {@link CloseStack} undeploys them. */
final class Deployments {
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);
  // What a verticle reads first may have to wait for the database.
  private static final Duration START_TIMEOUT = STEP_TIMEOUT.plus(Store.START_WITHIN);

  private final Vertx vertx;
  private final CloseStack closing;

  Deployments(Vertx vertx, CloseStack closing) {
    this.vertx = vertx;
    this.closing = closing;
  }

  /** Deploys the verticle of a domain, which then serves its commands on virtual threads. */
  void deployDomain(Deployable verticle) {
    deploy(
        verticle.getClass().getSimpleName(),
        () -> verticle,
        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD));
  }

  /**
   * @throws IllegalStateException with the name, if a verticle does not start within 90 seconds
   */
  void deploy(String name, Supplier<Deployable> verticle, DeploymentOptions options) {
    String id;
    try {
      id = await(vertx.deployVerticle(verticle, options), START_TIMEOUT);
    } catch (RuntimeException failure) {
      throw new IllegalStateException(name + " cannot start: " + failure.getMessage(), failure);
    }
    closing.add(name, () -> await(vertx.undeploy(id)));
  }

  /** Blocks the calling thread, for at most 30 seconds. */
  static <T> T await(Future<T> future) {
    return await(future, STEP_TIMEOUT);
  }

  private static <T> T await(Future<T> future, Duration within) {
    try {
      return future.await(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + within, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Undeclared, yet thrown: a future may fail with anything.
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}

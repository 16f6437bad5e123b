package dev.rookery.testkit;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A bus with the domain verticles that a test deploys on it.
 *
 * <p>A test passes the {@link Vertx} of its {@code VertxExtension}, which closes it. A testkit
 * class that stands for a node has a {@code Vertx} of its own and closes it with the bus.
 */
public final class TestBus implements AutoCloseable {
  private static final long WITHIN_SECONDS = 120;

  private final Vertx vertx;
  private final Bus bus;

  /** Creates a bus with a {@code Vertx} of its own. */
  public TestBus() {
    this(Vertx.vertx());
  }

  public TestBus(Vertx vertx) {
    this.vertx = vertx;
    this.bus = new Bus(vertx, new SimpleMeterRegistry());
  }

  public Vertx vertx() {
    return vertx;
  }

  public Bus bus() {
    return bus;
  }

  /** Deploys a verticle on virtual threads and returns its deployment id. */
  public String deploy(Deployable domain) {
    return await(
        vertx.deployVerticle(
            domain, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
  }

  public <R> R ask(Command<R> command) {
    return await(bus.ask(command));
  }

  /** The refusal of a command; fails if it succeeds. */
  public Refusal refusal(Command<?> command) {
    return refusal(bus.ask(command));
  }

  public static Refusal refusal(Future<?> asked) {
    try {
      Object answer = await(asked);
      throw new AssertionError("expected a refusal but the result was " + answer);
    } catch (Refused refused) {
      return refused.refusal();
    }
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.await(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("no result within " + WITHIN_SECONDS + " s", late);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}

package dev.rookery.script;

import dev.rookery.bus.Bus;
import dev.rookery.bus.OwnThread;
import dev.rookery.bus.TurnBatcher;
import dev.rookery.cluster.Membership;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts against a keyspace in the memory of one node of the cluster, its owner. Calls of
 * other nodes are sent to the owner. The changes of scripts are stored in the database, from which
 * the next owner restores the keyspace.
 *
 * <p>A call is executed at most once. One that was sent to an owner that has ended fails with
 * {@code AWAY}, because it may have been executed. A call that comes while there is no owner waits
 * for the next one, for ten seconds at most.
 */
public final class EmbeddedScriptEngine implements ScriptEngine, AutoCloseable {
  /** How many calls of this node may be under way; further ones are refused at once. */
  private static final int CALLS_MAX = 20_000;

  private static final Duration TICK_EVERY = Duration.ofMillis(100);

  /** Beyond the time of a script: for its turn, for the commit and for the bus. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Context context;
  private final Dependencies with;
  private final UpdateBroadcast updates;
  private final CallRouter router;
  private final KeyspaceOwnership ownership;
  private final TurnBatcher<ScriptCall> turns;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile long timer;

  /**
   * What the engine works with.
   *
   * @param random for commands such as {@code SPOP}
   * @param node the name of this node
   * @param clustered whether there may be other nodes
   */
  public record Dependencies(
      Bus bus,
      Database database,
      Leases leases,
      Membership membership,
      InstantSource clock,
      RandomGenerator random,
      MeterRegistry meters,
      String node,
      boolean clustered) {}

  public EmbeddedScriptEngine(Vertx vertx, Dependencies with, EmbeddedSettings settings) {
    this.vertx = vertx;
    this.with = with;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.updates =
        new UpdateBroadcast(
            with.bus(),
            context,
            with.clustered() ? with.node() : null,
            with.membership()::aliveCount,
            with.meters());
    var forwarder =
        new ScriptForwarder(
            with.bus(), context, with.node(), settings.scriptTime().plus(ANSWER_WITHIN));
    this.router = new CallRouter(forwarder);
    this.ownership = new KeyspaceOwnership(with, settings, router, updates);
    this.turns = new TurnBatcher<>(router::dispatch);
  }

  /** Starts to serve: acquires the keyspace, or finds its owner. */
  public Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(
        _ -> {
          Future<?> listening =
              with.clustered()
                  ? Future.all(updates.listen(), ownership.listen())
                  : Future.succeededFuture();
          timer = vertx.setPeriodic(TICK_EVERY.toMillis(), _ -> ownership.tick());
          listening.<Void>mapEmpty().onComplete(started);
        });
    with.leases().registerHandler(KeyspaceOwnership.KIND, ownership, Thread::startVirtualThread);
    return started.future().onSuccess(_ -> ownership.locate());
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public Future<ScriptResult> run(Script script, List<byte[]> keys, List<byte[]> args) {
    if (calls.incrementAndGet() > CALLS_MAX) {
      calls.decrementAndGet();
      return Future.failedFuture(CallQueue.full());
    }
    var caller = (ContextInternal) vertx.getOrCreateContext();
    Promise<ScriptResult> promise = caller.promise();
    turns.add(
        caller.nettyEventLoop(),
        new LocalCall(script, keys, args, caller.nettyEventLoop(), promise));
    return promise.future();
  }

  @Override
  public Future<Void> check(Script script) {
    return OwnThread.run("script check", () -> ScriptRunner.compile(script)).mapEmpty();
  }

  @Override
  public GameUpdates updates() {
    return updates;
  }

  /**
   * Ends the search for the owner of the keyspace, after which nothing here uses the database. What
   * this node owned was stored before, when the node gave up its leases. Blocks.
   */
  @Override
  public void close() {
    vertx.cancelTimer(timer);
    ownership.close();
  }

  /** A call of a client of this node. */
  private final class LocalCall extends ScriptCall {
    private final EventLoop loop;
    private final Promise<ScriptResult> promise;

    LocalCall(
        Script script,
        List<byte[]> keys,
        List<byte[]> args,
        EventLoop loop,
        Promise<ScriptResult> promise) {
      super(script, keys, args);
      this.loop = loop;
      this.promise = promise;
    }

    @Override
    void complete(@Nullable ScriptResult result, @Nullable ScriptException failure) {
      boolean first = failure == null ? promise.tryComplete(result) : promise.tryFail(failure);
      if (first) {
        calls.decrementAndGet();
      }
    }

    @Override
    void reject(Rejection reason) {
      router.dispatchAgain(this);
    }

    @Override
    Executor answersOn() {
      return loop;
    }
  }
}

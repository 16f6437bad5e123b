package dev.rookery.bus;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands to the verticles that serve them, and messages to other nodes. It is the access to
 * the Vert.x event bus; no other class uses it.
 *
 * <p>Commands and their answers are passed by reference and never leave the node. They go straight
 * to the context of their verticle: on the event bus each would need a reply address and a timer of
 * its own, which cost more than many commands take. Messages between nodes go through {@link
 * #broadcast} as bytes, delivered at most once and without order between senders. In a cluster they
 * are signed, and what was not signed with an accepted key, or was received before, is dropped and
 * counted before anything of it is decoded. No class is ever deserialised.
 */
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);
  private static final long CHECK_MS = 1_000;
  private static final Refusal NOT_SERVING = new Refusal.Unavailable("not_serving");

  /** Maximum number of commands that wait for an answer; further ones are refused at once. */
  static final int PENDING_MAX = 20_000;

  /** How many of these may be of clients without a session. */
  static final int STRANGERS_MAX = PENDING_MAX / 10;

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final Map<String, Server> servers = new ConcurrentHashMap<>();
  private final Set<PendingCommand> calls = ConcurrentHashMap.newKeySet();
  private final Map<Class<?>, CommandTimers> timers = new ConcurrentHashMap<>();
  private volatile @Nullable CommandInterceptor interceptor;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger strangersPending = new AtomicInteger();
  private final Counter rejected;
  private final @Nullable BundleSigner signer;
  private final List<BundleMac> macs;
  private final BundleRefusals refusals;

  /** The bus of a node without a cluster. */
  public Bus(Vertx vertx, MeterRegistry meters) {
    this(vertx, meters, null);
  }

  /**
   * @param keys the keys of the cluster; null for a node without one
   */
  public Bus(Vertx vertx, MeterRegistry meters, @Nullable ClusterKeys keys) {
    this.vertx = vertx;
    this.meters = meters;
    this.signer = keys == null ? null : new BundleSigner(keys.current(), new SecureRandom());
    this.macs = keys == null ? List.of() : keys.accepted().stream().map(BundleMac::new).toList();
    this.refusals = new BundleRefusals(meters);
    this.rejected =
        Counter.builder("rookery.commands.turned.away")
            .description("Commands refused because too many were waiting")
            .register(meters);
    Gauge.builder("rookery.commands.waiting", pending, AtomicInteger::get)
        .description("Commands that wait for their answer")
        .register(meters);
    vertx.setPeriodic(CHECK_MS, _ -> finishLate());
    vertx.eventBus().serializableChecker(_ -> false).clusterSerializableChecker(_ -> false);
  }

  /**
   * Sends a command to the verticle of this node that serves it. Fails with {@link Refused} when
   * the domain refuses it, with {@code Unavailable("internal")} when the handler threw something
   * else (logged with its cause), with {@code node_busy} when too many commands are pending, and
   * with {@code timeout} or {@code not_serving} when there is no answer.
   */
  public <R> Future<R> ask(Command<R> command) {
    return ask(command, CommandScope.current());
  }

  /**
   * As {@link #ask(Command)}, in a scope.
   *
   * @param scope null for none
   */
  @SuppressWarnings("unchecked")
  public <R> Future<R> ask(Command<R> command, @Nullable CommandScope scope) {
    CommandInterceptor decides = interceptor;
    if (decides != null) {
      Future<? extends Command<?>> decided = decides.before(command);
      if (decided != null) {
        return decided.compose(accepted -> send((Command<R>) accepted, scope));
      }
    }
    return send(command, scope);
  }

  /**
   * As {@link #ask}, past the interceptor: for what the server does by itself, such as the steps of
   * deleting an account.
   */
  public <R> Future<R> send(Command<R> command) {
    return send(command, CommandScope.current());
  }

  @SuppressWarnings("unchecked")
  private <R> Future<R> send(Command<R> command, @Nullable CommandScope scope) {
    boolean stranger = command.isFromStranger();
    if (!count(stranger)) {
      rejected.increment();
      return Future.failedFuture(new Refused(new Refusal.Unavailable("node_busy")));
    }
    Server server = servers.get(command.address());
    if (server == null) {
      uncount(stranger);
      LOG.warn("{} has no handler", command.getClass().getSimpleName());
      return Future.failedFuture(new Refused(NOT_SERVING));
    }
    var call =
        new PendingCommand(command, ((ContextInternal) vertx.getOrCreateContext()).promise());
    calls.add(call);
    try {
      server.context.runOnContext(_ -> carryOut(call, server.handler, scope));
    } catch (RejectedExecutionException _) {
      finish(call, NOT_SERVING);
    }
    return (Future<R>) call.answer.future();
  }

  private void finish(PendingCommand call, @Nullable Object answer) {
    // Otherwise it was not answered in time.
    if (calls.remove(call)) {
      uncount(call.command.isFromStranger());
      if (answer instanceof Refusal refusal) {
        call.answer.fail(new Refused(refusal));
      } else {
        call.answer.complete(answer);
      }
    }
  }

  private void finishLate() {
    long now = System.nanoTime();
    for (PendingCommand call : calls) {
      if (now - call.sentNanos > REPLY_TIMEOUT.toNanos()) {
        LOG.error(
            "{} was not answered within {}",
            call.command.getClass().getSimpleName(),
            REPLY_TIMEOUT);
        finish(call, new Refusal.Unavailable("timeout"));
      }
    }
  }

  /**
   * Lets the interceptor decide about each command of {@link #ask} from now on.
   *
   * @param decides null for none
   */
  public void intercept(@Nullable CommandInterceptor decides) {
    interceptor = decides;
  }

  private boolean count(boolean stranger) {
    if (stranger && strangersPending.incrementAndGet() > STRANGERS_MAX) {
      strangersPending.decrementAndGet();
      return false;
    }
    if (pending.incrementAndGet() > PENDING_MAX) {
      uncount(stranger);
      return false;
    }
    return true;
  }

  private void uncount(boolean stranger) {
    pending.decrementAndGet();
    if (stranger) {
      strangersPending.decrementAndGet();
    }
  }

  /**
   * Serves a family of commands on the context of the calling verticle. The handler returns the
   * answer or throws {@link Refused}; anything else it throws is logged here, once. Of several that
   * serve an address the last one does.
   *
   * <p>On virtual threads a waiting handler does not hold up the next command. A handler that has
   * nothing to do with the result but to answer it returns it as a {@link Future}, which costs less
   * than a thread that waits.
   */
  @SuppressWarnings("unchecked")
  public <C extends Command<?>> Future<Void> serve(String address, Function<C, Object> handler) {
    var context = (ContextInternal) vertx.getOrCreateContext();
    var server = new Server(context, command -> handler.apply((C) command));
    servers.put(address, server);
    context.addCloseHook(
        closed -> {
          servers.remove(address, server);
          closed.succeed();
        });
    return Future.succeededFuture();
  }

  /** Sends bytes to every node of the cluster that listens at the address, this one included. */
  public void broadcast(String address, Buffer bytes) {
    vertx.eventBus().publish(address, signer == null ? bytes : signer.sign(address, bytes));
  }

  /** Receives what any node broadcasts at the address, on the context of the calling verticle. */
  public Future<Void> listen(String address, Consumer<Buffer> handler) {
    return listen(address, handler, null);
  }

  /** Receives what other nodes broadcast at the address, on the context of the calling verticle. */
  public Future<Void> listenToOthers(String address, Consumer<Buffer> handler) {
    return listen(address, handler, signer == null ? null : signer.sender());
  }

  private Future<Void> listen(
      String address, Consumer<Buffer> handler, byte @Nullable [] ignoredSender) {
    if (signer == null) {
      MessageConsumer<Buffer> consumer = vertx.eventBus().consumer(address);
      consumer.handler(message -> handler.accept(message.body()));
      return consumer.completion();
    }
    var verifier = new BundleVerifier(address, macs, refusals);
    MessageConsumer<Object> consumer = vertx.eventBus().consumer(address);
    consumer.handler(
        message -> {
          if (ignoredSender != null
              && message.body() instanceof Buffer bytes
              && BundleVerifier.isFrom(bytes, ignoredSender)) {
            return;
          }
          Buffer content = verifier.open(message.body());
          if (content != null) {
            handler.accept(content);
          }
        });
    return consumer.completion();
  }

  private void carryOut(
      PendingCommand call, Function<Command<?>, Object> handler, @Nullable CommandScope scope) {
    if (scope == null) {
      carryOut(call, handler);
    } else {
      CommandScope.call(
          scope,
          () -> {
            carryOut(call, handler);
            return scope;
          });
    }
  }

  private void carryOut(PendingCommand call, Function<Command<?>, Object> handler) {
    var started = Timer.start(meters);
    Object answer;
    try {
      answer = handler.apply(call.command);
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      reply(call, started, refusal(call.command, failure), failure);
      return;
    }
    if (answer instanceof Future<?> later) {
      later.onComplete(
          done -> reply(call, started, done, null),
          failure -> reply(call, started, refusal(call.command, failure), failure));
    } else {
      reply(call, started, answer, null);
    }
  }

  private void reply(
      PendingCommand call,
      Timer.Sample started,
      @Nullable Object answer,
      @Nullable Throwable failure) {
    var commandTimers =
        timers.computeIfAbsent(call.command.getClass(), type -> new CommandTimers(meters, type));
    started.stop(
        failure == null
            ? commandTimers.done
            : failure instanceof Refused ? commandTimers.refused : commandTimers.failed);
    finish(call, answer);
  }

  private static Refusal refusal(Command<?> command, Throwable failure) {
    if (failure instanceof Refused refused) {
      return refused.refusal();
    }
    if (failure instanceof InterruptedException) {
      // The domain is being closed while its commands wait.
      return NOT_SERVING;
    }
    LOG.error("{} failed", command.getClass().getSimpleName(), failure);
    return new Refusal.Unavailable("internal");
  }

  /** Serves the commands of one address. */
  private record Server(ContextInternal context, Function<Command<?>, Object> handler) {}

  /** A command that waits for its answer. */
  private static final class PendingCommand {
    private final Command<?> command;
    private final Promise<Object> answer;
    private final long sentNanos = System.nanoTime();

    PendingCommand(Command<?> command, Promise<Object> answer) {
      this.command = command;
      this.answer = answer;
    }
  }

  private static final class CommandTimers {
    private final Timer done;
    private final Timer refused;
    private final Timer failed;

    CommandTimers(MeterRegistry meters, Class<?> type) {
      String family =
          type.getEnclosingClass() == null ? "" : type.getEnclosingClass().getSimpleName() + ".";
      String name = family + type.getSimpleName();
      done = timer(meters, name, "done");
      refused = timer(meters, name, "refused");
      failed = timer(meters, name, "broken");
    }

    private static Timer timer(MeterRegistry meters, String command, String timers) {
      return Timer.builder("rookery.commands")
          .description("Commands served, by kind and outcome")
          .tag("command", command)
          .tag("outcome", timers)
          .register(meters);
    }
  }
}

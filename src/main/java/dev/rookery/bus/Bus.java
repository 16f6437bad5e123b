package dev.rookery.bus;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access to the Vert.x event bus; no other class uses it.
 *
 * <p>Commands and their answers are passed by reference and never leave the node. Messages between
 * nodes go through {@link #broadcast} as bytes, delivered at most once and without order between
 * senders. In a cluster they are signed, and what was not signed with an accepted key, or was
 * received before, is dropped and counted before anything of it is decoded. No class is ever
 * deserialised.
 */
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);
  private static final String BY_REFERENCE = "by-reference";

  /** Maximum number of commands that wait for an answer; further ones are refused at once. */
  static final int PENDING_MAX = 20_000;

  /** How many of these may be of clients without a session. */
  static final int STRANGERS_MAX = PENDING_MAX / 10;

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final DeliveryOptions localDelivery =
      new DeliveryOptions()
          .setLocalOnly(true)
          .setCodecName(BY_REFERENCE)
          .setSendTimeout(REPLY_TIMEOUT.toMillis());
  private final Map<Class<?>, CommandTimers> timers;
  private final AtomicReference<@Nullable CommandInterceptor> interceptor;
  private final @Nullable CommandScope scope;
  private final AtomicInteger pending;
  private final AtomicInteger strangersPending;
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
    this.timers = new ConcurrentHashMap<>();
    this.interceptor = new AtomicReference<>();
    this.pending = new AtomicInteger();
    this.strangersPending = new AtomicInteger();
    this.scope = null;
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
    vertx.eventBus().registerCodec(new ReferenceCodec());
    vertx.eventBus().serializableChecker(_ -> false).clusterSerializableChecker(_ -> false);
  }

  private Bus(Bus bus, CommandScope scope) {
    this.vertx = bus.vertx;
    this.meters = bus.meters;
    this.timers = bus.timers;
    this.interceptor = bus.interceptor;
    this.pending = bus.pending;
    this.strangersPending = bus.strangersPending;
    this.scope = scope;
    this.rejected = bus.rejected;
    this.signer = bus.signer;
    this.macs = bus.macs;
    this.refusals = bus.refusals;
  }

  /** The same bus for a sender whose commands are in a scope unless it names another one. */
  public Bus in(CommandScope sendersScope) {
    return new Bus(this, sendersScope);
  }

  /**
   * Sends a command to the verticle of this node that serves it. Fails with {@link Refused} when
   * the domain refuses it, with {@code Unavailable("internal")} when the handler threw something
   * else (logged with its cause), with {@code node_busy} when too many commands are pending, and
   * with {@code timeout} or {@code not_serving} when there is no answer.
   */
  public <R> Future<R> ask(Command<R> command) {
    return ask(command, scope());
  }

  /**
   * As {@link #ask(Command)}, in a scope.
   *
   * @param scope null for none
   */
  @SuppressWarnings("unchecked")
  public <R> Future<R> ask(Command<R> command, @Nullable CommandScope scope) {
    CommandInterceptor decides = interceptor.get();
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
    return send(command, scope());
  }

  private @Nullable CommandScope scope() {
    CommandScope current = CommandScope.current();
    return current == null ? scope : current;
  }

  @SuppressWarnings("unchecked")
  private <R> Future<R> send(Command<R> command, @Nullable CommandScope scope) {
    boolean stranger = command.isFromStranger();
    if (!count(stranger)) {
      rejected.increment();
      return Future.failedFuture(new Refused(new Refusal.Unavailable("node_busy")));
    }
    return vertx
        .eventBus()
        .<Object>request(
            command.address(), scope == null ? command : new Scoped(command, scope), localDelivery)
        .transform(
            answer -> {
              uncount(stranger);
              if (answer.failed()) {
                return Future.failedFuture(failure(command, answer.cause()));
              }
              Object body = answer.result().body();
              return body instanceof Refusal refusal
                  ? Future.failedFuture(new Refused(refusal))
                  : Future.succeededFuture((R) body);
            });
  }

  /**
   * Lets the interceptor decide about each command of {@link #ask} from now on.
   *
   * @param decides null for none
   */
  public void intercept(@Nullable CommandInterceptor decides) {
    interceptor.set(decides);
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
   * answer or throws {@link Refused}; anything else it throws is logged here, once.
   *
   * <p>On virtual threads a waiting handler does not hold up the next command. A handler that has
   * nothing to do with the result but to answer it returns it as a {@link Future}, which costs less
   * than a thread that waits.
   */
  public <C extends Command<?>> Future<Void> serve(String address, Function<C, Object> handler) {
    Context context = vertx.getOrCreateContext();
    MessageConsumer<Object> consumer =
        vertx
            .eventBus()
            .consumer(
                new MessageConsumerOptions()
                    .setAddress(address)
                    .setLocalOnly(true)
                    .setMaxBufferedMessages(PENDING_MAX));
    // The consumer delivers its next message when this handler returns, so nothing may wait in it.
    consumer.handler(message -> context.runOnContext(_ -> answer(message, handler)));
    return consumer.completion();
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

  @SuppressWarnings("unchecked")
  private <C extends Command<?>> void answer(Message<?> message, Function<C, Object> handler) {
    Object body = message.body();
    if (body instanceof Scoped(var command, var scope)) {
      CommandScope.call(
          scope,
          () -> {
            carryOut(message, (C) command, handler);
            return scope;
          });
    } else {
      carryOut(message, (C) body, handler);
    }
  }

  private <C extends Command<?>> void carryOut(
      Message<?> message, C command, Function<C, Object> handler) {
    var started = Timer.start(meters);
    Object answer;
    try {
      answer = handler.apply(command);
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      reply(message, command, started, refusal(command, failure), failure);
      return;
    }
    if (answer instanceof Future<?> later) {
      later.onComplete(
          done -> reply(message, command, started, done, null),
          failure -> reply(message, command, started, refusal(command, failure), failure));
    } else {
      reply(message, command, started, answer, null);
    }
  }

  private void reply(
      Message<?> message,
      Command<?> command,
      Timer.Sample started,
      Object answer,
      @Nullable Throwable failure) {
    var commandTimers =
        timers.computeIfAbsent(command.getClass(), type -> new CommandTimers(meters, type));
    started.stop(
        failure == null
            ? commandTimers.done
            : failure instanceof Refused ? commandTimers.refused : commandTimers.failed);
    message.reply(answer, localDelivery);
  }

  private static Refusal refusal(Command<?> command, Throwable failure) {
    if (failure instanceof Refused refused) {
      return refused.refusal();
    }
    if (failure instanceof InterruptedException) {
      // The domain is being closed while its commands wait.
      return new Refusal.Unavailable("not_serving");
    }
    LOG.error("{} failed", command.getClass().getSimpleName(), failure);
    return new Refusal.Unavailable("internal");
  }

  private static Throwable failure(Command<?> command, Throwable cause) {
    if (cause instanceof ReplyException reply) {
      String name = command.getClass().getSimpleName();
      if (reply.failureType() == ReplyFailure.TIMEOUT) {
        LOG.error("{} was not answered within {}", name, REPLY_TIMEOUT);
        return new Refused(new Refusal.Unavailable("timeout"));
      }
      LOG.warn("{} has no handler: {}", name, reply.getMessage());
      return new Refused(new Refusal.Unavailable("not_serving"));
    }
    return cause;
  }

  private record Scoped(Command<?> command, CommandScope scope) {}

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

  /** Passes the message object itself; for messages that stay on the node. */
  private static final class ReferenceCodec implements MessageCodec<Object, Object> {
    @Override
    public void encodeToWire(Buffer buffer, Object message) {
      throw new IllegalStateException("commands do not leave their node: " + message.getClass());
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("commands do not leave their node");
    }

    @Override
    public Object transform(Object message) {
      return message;
    }

    @Override
    public String name() {
      return BY_REFERENCE;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}

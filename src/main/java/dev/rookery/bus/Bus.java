package dev.rookery.bus;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.trace.Span;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.internal.ContextInternal;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final long CHECK_MS = 1_000;
  private static final String BY_REFERENCE = "by-reference";

  /** Maximum number of commands that wait for an answer; further ones are refused at once. */
  static final int PENDING_MAX = 20_000;

  /** How many of these may be of clients without a session. */
  static final int STRANGERS_MAX = PENDING_MAX / 10;

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final Map<Class<?>, CommandTimers> timers;
  private final AtomicReference<@Nullable CommandInterceptor> interceptor;
  private final @Nullable CommandScope scope;
  private final PendingCommands pending;
  private final CommandSender sender;
  private final UndoQueue undos;
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
    this.pending = new PendingCommands(meters);
    this.sender =
        new CommandSender(
            vertx, new DeliveryOptions().setLocalOnly(true).setCodecName(BY_REFERENCE), pending);
    this.undos = new UndoQueue((undo, scope) -> ask(undo, scope), System::nanoTime, meters);
    this.scope = null;
    this.signer = keys == null ? null : new BundleSigner(keys.current(), new SecureRandom());
    this.macs = keys == null ? List.of() : keys.accepted().stream().map(BundleMac::new).toList();
    this.refusals = new BundleRefusals(meters);
    vertx.eventBus().registerCodec(new ReferenceCodec());
    vertx.eventBus().serializableChecker(_ -> false).clusterSerializableChecker(_ -> false);
    vertx.setPeriodic(
        CHECK_MS,
        _ -> {
          pending.checkTimeouts();
          undos.sendAgain();
        });
  }

  private Bus(Bus bus, CommandScope scope) {
    this.vertx = bus.vertx;
    this.meters = bus.meters;
    this.timers = bus.timers;
    this.interceptor = bus.interceptor;
    this.pending = bus.pending;
    this.sender = bus.sender;
    this.undos = bus.undos;
    this.scope = scope;
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
        Span caller = Span.current();
        return decided.compose(
            accepted -> Span.call(caller, () -> send((Command<R>) accepted, scope)));
      }
    }
    return send(command, scope);
  }

  /**
   * Sends a command that undoes what a connection has left behind when it ended, as {@link #ask}
   * does, and again until it is carried out or refused by a rule: after an outage of seconds nobody
   * else would send it. It must be harmless when repeated or late. The result completes after the
   * first attempt, and never fails.
   */
  public Future<?> undo(Command<?> command) {
    return undos.add(command, scope());
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
    var context = (ContextInternal) vertx.getOrCreateContext();
    Promise<Object> answer = context.promise();
    PendingCommand admitted = pending.add(command, scope, answer);
    if (admitted == null) {
      return Future.failedFuture(new Refused(new Refusal.Unavailable("node_busy")));
    }
    Span caller = Span.current(context);
    if (caller != null) {
      admitted.trace(caller.begin(Span.Kind.COMMAND, name(command.getClass())));
    }
    sender.send(context, admitted);
    return (Future<R>) answer.future();
  }

  /**
   * Lets the interceptor decide about each command of {@link #ask} from now on.
   *
   * @param decides null for none
   */
  public void intercept(@Nullable CommandInterceptor decides) {
    interceptor.set(decides);
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
    MessageConsumer<CommandSender.Burst> consumer =
        vertx
            .eventBus()
            .consumer(
                new MessageConsumerOptions()
                    .setAddress(address)
                    .setLocalOnly(true)
                    .setMaxBufferedMessages(PENDING_MAX));
    // The consumer delivers its next message when this handler returns, so nothing may wait in it.
    consumer.handler(
        message -> {
          for (PendingCommand command : message.body().commands()) {
            context.runOnContext(_ -> answer(command, handler));
          }
        });
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

  private <C extends Command<?>> void answer(PendingCommand sent, Function<C, Object> handler) {
    Span span = sent.span();
    if (span == null) {
      answerInScope(sent, handler);
    } else {
      span.worked();
      Span.run(span, () -> answerInScope(sent, handler));
    }
  }

  private <C extends Command<?>> void answerInScope(
      PendingCommand sent, Function<C, Object> handler) {
    CommandScope.call(
        sent.scope(),
        () -> {
          carryOut(sent, handler);
          return sent;
        });
  }

  @SuppressWarnings("unchecked")
  private <C extends Command<?>> void carryOut(PendingCommand sent, Function<C, Object> handler) {
    var command = (C) sent.command();
    var started = Timer.start(meters);
    Object answer;
    try {
      answer = handler.apply(command);
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      reply(sent, started, refusal(command, failure), failure);
      return;
    }
    if (answer instanceof Future<?> later) {
      later.onComplete(
          done -> reply(sent, started, done, null),
          failure -> reply(sent, started, refusal(command, failure), failure));
    } else {
      reply(sent, started, answer, null);
    }
  }

  private void reply(
      PendingCommand sent, Timer.Sample started, Object answer, @Nullable Throwable failure) {
    CommandTimers of =
        timers.computeIfAbsent(sent.command().getClass(), type -> new CommandTimers(meters, type));
    started.stop(failure == null ? of.done : failure instanceof Refused ? of.refused : of.failed);
    pending.answer(sent, answer);
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

  /** A kind of command as metrics and traces name it, such as {@code LobbyCommand.Join}. */
  private static String name(Class<?> type) {
    Class<?> family = type.getEnclosingClass();
    return family == null
        ? type.getSimpleName()
        : family.getSimpleName() + "." + type.getSimpleName();
  }

  private static final class CommandTimers {
    private final Timer done;
    private final Timer refused;
    private final Timer failed;

    CommandTimers(MeterRegistry meters, Class<?> type) {
      String name = name(type);
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

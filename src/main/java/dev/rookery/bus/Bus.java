package dev.rookery.bus;

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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only door to the event bus.
 *
 * <p>Commands and their answers pass by reference and never leave the node. What crosses nodes goes
 * through {@link #broadcast}, as bytes, at most once and unordered between senders.
 */
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
  private static final String BY_REFERENCE = "by-reference";

  /** How many commands of a node may wait for their answer; more are turned away at once. */
  static final int WAITING_MAX = 20_000;

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final DeliveryOptions local =
      new DeliveryOptions()
          .setLocalOnly(true)
          .setCodecName(BY_REFERENCE)
          .setSendTimeout(ANSWER_WITHIN.toMillis());
  private final Map<Class<?>, CommandTimers> outcomes = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Counter turnedAway;

  public Bus(Vertx vertx, MeterRegistry meters) {
    this.vertx = vertx;
    this.meters = meters;
    this.turnedAway =
        Counter.builder("rookery.commands.turned.away")
            .description("Commands refused because too many were waiting")
            .register(meters);
    Gauge.builder("rookery.commands.waiting", waiting, AtomicInteger::get)
        .description("Commands that wait for their answer")
        .register(meters);
    vertx.eventBus().registerCodec(new ReferenceCodec());
  }

  /**
   * Sends a command to the verticle of this node that serves it. Fails with {@link Refused} when
   * the domain says no, and with a refusal {@code internal} when it broke; the cause is then in the
   * log. When too many commands wait already it is {@code node_busy} at once.
   */
  @SuppressWarnings("unchecked")
  public <R> Future<R> ask(Command<R> command) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      turnedAway.increment();
      return Future.failedFuture(new Refused(new Refusal.Unavailable("node_busy")));
    }
    return vertx
        .eventBus()
        .<Object>request(command.address(), command, local)
        .transform(
            answer -> {
              waiting.decrementAndGet();
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
   * Serves a family of commands on the calling verticle's context. The handler returns the answer,
   * throws {@link Refused}, or breaks; whatever else it throws is logged here, once.
   *
   * <p>On a virtual thread a handler that waits lets the next command begin.
   */
  public <C extends Command<?>> Future<Void> serve(String address, Function<C, Object> handler) {
    Context context = vertx.getOrCreateContext();
    MessageConsumer<C> consumer =
        vertx
            .eventBus()
            .consumer(
                new MessageConsumerOptions()
                    .setAddress(address)
                    .setLocalOnly(true)
                    .setMaxBufferedMessages(WAITING_MAX));
    // The consumer hands out its next message when the handler returns, so none may wait in it.
    consumer.handler(
        message -> context.runOnContext(_ -> message.reply(answer(message, handler), local)));
    return consumer.completion();
  }

  /** Bytes to every node of the cluster, this one included, that listens at the address. */
  public void broadcast(String address, Buffer bytes) {
    vertx.eventBus().publish(address, bytes);
  }

  /** Hears what is broadcast at the address by any node, on the calling verticle's context. */
  public Future<Void> listen(String address, Consumer<Buffer> handler) {
    MessageConsumer<Buffer> consumer = vertx.eventBus().consumer(address);
    consumer.handler(message -> handler.accept(message.body()));
    return consumer.completion();
  }

  private <C extends Command<?>> Object answer(Message<C> message, Function<C, Object> handler) {
    C command = message.body();
    var outcome =
        outcomes.computeIfAbsent(command.getClass(), type -> new CommandTimers(meters, type));
    var started = Timer.start(meters);
    try {
      Object answer = handler.apply(command);
      started.stop(outcome.done);
      return answer;
    } catch (Refused refused) {
      started.stop(outcome.refused);
      return refused.refusal();
    } catch (Throwable broken) {
      started.stop(outcome.broken);
      if (broken instanceof InterruptedException) {
        // The domain is closing, and with it whatever its commands wait for.
        return new Refusal.Unavailable("not_serving");
      }
      LOG.error("{} failed", command.getClass().getSimpleName(), broken);
      return new Refusal.Unavailable("internal");
    }
  }

  private static Throwable failure(Command<?> command, Throwable cause) {
    if (cause instanceof ReplyException reply) {
      String name = command.getClass().getSimpleName();
      if (reply.failureType() == ReplyFailure.TIMEOUT) {
        LOG.error("{} had no answer within {}", name, ANSWER_WITHIN);
        return new Refused(new Refusal.Unavailable("timeout"));
      }
      LOG.warn("{} has nobody to serve it: {}", name, reply.getMessage());
      return new Refused(new Refusal.Unavailable("not_serving"));
    }
    return cause;
  }

  private static final class CommandTimers {
    private final Timer done;
    private final Timer refused;
    private final Timer broken;

    CommandTimers(MeterRegistry meters, Class<?> type) {
      String family =
          type.getEnclosingClass() == null ? "" : type.getEnclosingClass().getSimpleName() + ".";
      String name = family + type.getSimpleName();
      done = timer(meters, name, "done");
      refused = timer(meters, name, "refused");
      broken = timer(meters, name, "broken");
    }

    private static Timer timer(MeterRegistry meters, String command, String outcome) {
      return Timer.builder("rookery.commands")
          .description("Commands served, by kind and outcome")
          .tag("command", command)
          .tag("outcome", outcome)
          .register(meters);
    }
  }

  /** Hands over the very object; only for messages that stay on the node. */
  private static final class ReferenceCodec implements MessageCodec<Object, Object> {
    @Override
    public void encodeToWire(Buffer buffer, Object message) {
      throw new IllegalStateException("commands stay on their node: " + message.getClass());
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("commands stay on their node");
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

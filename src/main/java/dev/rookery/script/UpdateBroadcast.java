package dev.rookery.script;

import dev.rookery.bus.Bus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what scripts have published from the owner of the keyspace to all nodes, in order. Frames
 * are numbered, so that one that the bus repeats or delivers late is dropped, and one that it has
 * lost is counted.
 */
final class UpdateBroadcast implements GameUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateBroadcast.class);
  private static final String ADDRESS = "scripts/updates";

  private final Bus bus;
  private final Context context;
  private final @Nullable String node;
  private final Counter published;
  private final Counter lost;
  private final IntSupplier nodes;
  private volatile @Nullable Receiver receiver;

  // These belong to the context.
  private long sent;
  private long epoch;
  private long received;

  /**
   * @param context on which messages are sent and received
   * @param node the name of this node; null without a cluster
   * @param nodes how many nodes there are
   */
  UpdateBroadcast(
      Bus bus, Context context, @Nullable String node, IntSupplier nodes, MeterRegistry meters) {
    this.bus = bus;
    this.context = context;
    this.node = node;
    this.nodes = nodes;
    this.published =
        Counter.builder("rookery.keyspace.published")
            .description("Messages to games' channels that scripts of this node have published")
            .register(meters);
    this.lost =
        Counter.builder("rookery.keyspace.updates.lost")
            .description("Frames of published messages that did not arrive from another node")
            .register(meters);
  }

  @Override
  public void deliverTo(Receiver receiver) {
    this.receiver = receiver;
  }

  /** How many receivers a message has, which is what {@code PUBLISH} answers. */
  int receivers() {
    return receiver == null ? 0 : nodes.getAsInt();
  }

  /** Starts to receive; called on the context. */
  Future<Void> listen() {
    return bus.listenToOthers(ADDRESS, this::receive);
  }

  /**
   * Delivers messages to all nodes, in the order of the calls of one thread.
   *
   * @param ownerEpoch of the lease under which they were published
   */
  void publish(long ownerEpoch, List<Publication> messages) {
    published.increment(messages.size());
    context.runOnContext(_ -> send(ownerEpoch, messages));
  }

  private void send(long ownerEpoch, List<Publication> messages) {
    for (Publication message : messages) {
      deliver(message.channel(), message.message());
    }
    if (node != null) {
      sendToOthers(node, ownerEpoch, messages);
    }
  }

  private void sendToOthers(String sender, long ownerEpoch, List<Publication> messages) {
    if (ownerEpoch != epoch) {
      epoch = ownerEpoch;
      sent = 0;
    }
    var frame = header(sender);
    for (Publication message : messages) {
      if (frame.size() > ScriptFrames.SIZE) {
        bus.broadcast(ADDRESS, frame.buffer());
        frame = header(sender);
      }
      frame.text(message.channel()).bytes(message.message());
    }
    bus.broadcast(ADDRESS, frame.buffer());
  }

  private ScriptFrames.Writer header(String sender) {
    sent++;
    return new ScriptFrames.Writer().text(sender).number(epoch).number(sent);
  }

  private void receive(Buffer bytes) {
    try {
      var frame = new ScriptFrames.Reader(bytes);
      if (!frame.text().equals(node) && isNext(frame.number(), frame.number())) {
        while (frame.hasMore()) {
          deliver(frame.text(), frame.bytes());
        }
      }
    } catch (IllegalArgumentException broken) {
      LOG.error("what another node has published cannot be read", broken);
    }
  }

  private boolean isNext(long ownerEpoch, long number) {
    if (ownerEpoch < epoch || (ownerEpoch == epoch && number <= received)) {
      return false;
    }
    if (ownerEpoch == epoch && number > received + 1) {
      lost.increment(number - received - 1);
    }
    epoch = ownerEpoch;
    received = number;
    return true;
  }

  private void deliver(String channel, byte[] message) {
    Receiver present = receiver;
    if (present != null) {
      present.receive(channel, message);
    }
  }

  /** The channel's name as text; null if it is not one of a game. */
  static @Nullable String gameChannel(byte[] channel) {
    String name = new String(channel, StandardCharsets.UTF_8);
    return name.startsWith(CHANNELS) ? name : null;
  }
}

package dev.rookery.extensionhost;

import dev.rookery.base.Event;
import dev.rookery.base.Refused;
import dev.rookery.extension.ChannelHandler;
import dev.rookery.extension.Channels;
import dev.rookery.extension.RoomLease;
import dev.rookery.extension.RoomLostException;
import dev.rookery.lease.Leases;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The channels of one version of an extension. */
final class ChannelTable implements Channels {
  static final int PAYLOAD_BYTES_MAX = 64 << 10;
  private static final int HANDLERS_MAX = 100;

  private final String extension;
  private final ExtensionJson json;
  private final BroadcastLimit limit;
  private final Supplier<ExtensionBackend> backend;
  private final Map<String, ChannelHandler> handlers = new ConcurrentHashMap<>();

  ChannelTable(
      String extension,
      ExtensionJson json,
      BroadcastLimit limit,
      Supplier<ExtensionBackend> backend) {
    this.extension = extension;
    this.json = json;
    this.limit = limit;
    this.backend = backend;
  }

  /** The handler of a topic; null if there is none. */
  @Nullable ChannelHandler find(String topic) {
    ChannelHandler found = null;
    int longest = -1;
    for (var entry : handlers.entrySet()) {
      String prefix = entry.getKey();
      if (prefix.length() > longest && topic.startsWith(prefix)) {
        longest = prefix.length();
        found = entry.getValue();
      }
    }
    return found;
  }

  @Override
  public void serve(String prefix, ChannelHandler handler) {
    if (!prefix.isEmpty()) {
      ExtensionTopic.checkName(prefix);
    }
    if (handlers.size() >= HANDLERS_MAX) {
      throw new IllegalArgumentException("there are " + HANDLERS_MAX + " handlers already");
    }
    if (handlers.putIfAbsent(prefix, handler) != null) {
      throw new IllegalArgumentException("the prefix \"" + prefix + "\" is served already");
    }
  }

  @Override
  public void broadcast(String topic, String event, Object payload) {
    broadcast(topic, event, payload, RunningRoom.ofThisThread());
  }

  /**
   * @param owner the room that sends it, which this node must own; null for none
   */
  void broadcast(String topic, String event, Object payload, @Nullable RoomLease owner) {
    String stream = check(topic, event);
    Event broadcast = new ExtensionChannelEvent.Broadcast(event, text(payload));
    limit.count();
    try {
      backend
          .get()
          .database()
          .write(
              tx -> {
                if (owner != null) {
                  Leases.fence(tx, RunningRoom.leaseOf(owner));
                }
                return tx.append(stream, broadcast);
              });
    } catch (Refused refused) {
      if (owner != null && refused.refusal().code().equals(Leases.NOT_OWNER)) {
        throw lost(owner);
      }
      throw new IllegalStateException(
          "the event is not certain to be stored: " + refused.refusal().code(), refused);
    }
  }

  private static RoomLostException lost(RoomLease owner) {
    return new RoomLostException("this node does not own the room " + owner.room());
  }

  @Override
  public void broadcastTransient(String topic, String event, Object payload) {
    String stream = check(topic, event);
    RoomLease owner = RunningRoom.ofThisThread();
    if (owner != null && !RunningRoom.mayOwn(owner)) {
      throw lost(owner);
    }
    var announced = new ExtensionChannelEvent.Transient(stream, event, text(payload));
    limit.count();
    backend.get().fanOut().announce(announced);
  }

  private String check(String topic, String event) {
    ExtensionTopic.checkName(topic);
    ExtensionTopic.checkEvent(event);
    return new ExtensionTopic(extension, topic).full();
  }

  private String text(Object payload) {
    return json.objectText(payload, PAYLOAD_BYTES_MAX);
  }
}

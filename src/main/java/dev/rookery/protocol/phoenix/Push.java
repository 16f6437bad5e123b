package dev.rookery.protocol.phoenix;

import dev.rookery.edge.EncodedFrame;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An event that the server pushes on a topic. Thread-safe.
 *
 * <p>One instance serves all subscribers of a node. Everything but the join_ref is encoded once,
 * and the whole frame once per join_ref, of which at most {@value #CACHED_FRAMES_MAX} are cached.
 * Clients count refs from 1, so thousands of sockets share a few dozen frames.
 */
public final class Push {
  private static final int CACHED_FRAMES_MAX = 256;

  private final String topic;
  private final String event;
  private final Payload payload;
  private final Map<String, EncodedFrame> byJoinRef = new ConcurrentHashMap<>(4);
  private byte @Nullable [] afterJoinRef;
  private @Nullable EncodedFrame objectFrame;
  private byte @Nullable [] message;

  public Push(String topic, String event, JsonObject payload) {
    this(topic, event, Payload.of(payload));
  }

  public Push(String topic, String event, Payload payload) {
    this.topic = topic;
    this.event = event;
    this.payload = payload;
  }

  public String topic() {
    return topic;
  }

  public String event() {
    return event;
  }

  public Payload payload() {
    return payload;
  }

  /** The frame of version 2.0.0: {@code [join_ref,null,topic,event,payload]}. */
  EncodedFrame arrayFrame(String joinRef) {
    EncodedFrame cached = byJoinRef.get(joinRef);
    if (cached != null) {
      return cached;
    }
    EncodedFrame frame =
        EncodedFrame.text(("[" + joinRef).getBytes(StandardCharsets.UTF_8), afterJoinRef());
    if (byJoinRef.size() < CACHED_FRAMES_MAX) {
      byJoinRef.put(joinRef, frame);
    }
    return frame;
  }

  /**
   * The frame as a socket sends it.
   *
   * @param version the {@code vsn} of the socket
   * @param joinRef of the topic on the socket, as JSON
   */
  public EncodedFrame frame(String version, String joinRef) {
    return Objects.requireNonNull(PhoenixCodec.forVersion(version)).encodePush(joinRef, this);
  }

  private synchronized byte[] afterJoinRef() {
    if (afterJoinRef == null) {
      afterJoinRef =
          Json.join(
              ",null," + Json.quote(topic) + "," + Json.quote(event) + ",", payload.bytes(), "]");
    }
    return afterJoinRef;
  }

  /**
   * The message of a data lane: {@code {"topic","event","payload"}}, encoded once for all
   * subscribers. The array is shared and must not be changed.
   */
  public synchronized byte[] message() {
    if (message == null) {
      message =
          Json.join(
              "{\"topic\":"
                  + Json.quote(topic)
                  + ",\"event\":"
                  + Json.quote(event)
                  + ",\"payload\":",
              payload.bytes(),
              "}");
    }
    return message;
  }

  /** The frame of version 1.0.0: {@code {"topic","event","payload","ref":null}}. */
  synchronized EncodedFrame objectFrame() {
    if (objectFrame == null) {
      objectFrame = ObjectCodec.encodeObject(topic, event, payload.bytes(), null);
    }
    return objectFrame;
  }
}

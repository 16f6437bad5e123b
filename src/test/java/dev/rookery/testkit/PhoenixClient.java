package dev.rookery.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A blocking client of the Phoenix protocol, version 2.0.0, that sees every frame. Frames that a
 * test does not await are kept in order of arrival; {@link #drain} returns them.
 */
public final class PhoenixClient implements AutoCloseable {
  private final RawSocket socket;
  private final Deque<Frame> unclaimed = new ArrayDeque<>();
  private final Map<String, String> joinRefs = new HashMap<>();
  private int refs;

  private PhoenixClient(RawSocket socket) {
    this.socket = socket;
  }

  public static PhoenixClient anonymous(int port) {
    return new PhoenixClient(RawSocket.open(port, "/socket/websocket?vsn=2.0.0"));
  }

  public static PhoenixClient connect(int port, String token) {
    return new PhoenixClient(RawSocket.open(port, path(token)));
  }

  /** Connects to another path than that of players, with headers. */
  public static PhoenixClient open(int port, String pathAndQuery, String... headers) {
    return new PhoenixClient(RawSocket.open(port, pathAndQuery, headers));
  }

  /** Connects with a small receive buffer, so that the client can act as a slow reader. */
  public static PhoenixClient connectWithSmallBuffer(int port, String token) {
    return new PhoenixClient(RawSocket.openWithSmallBuffer(port, path(token)));
  }

  public static String path(String token) {
    return "/socket/websocket?vsn=2.0.0&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  /** {@code [join_ref, ref, topic, event, payload]} */
  public record Frame(String joinRef, String ref, String topic, String event, JsonObject payload) {
    static Frame of(String text) {
      var array = new JsonArray(text);
      return new Frame(
          array.getString(0),
          array.getString(1),
          array.getString(2),
          array.getString(3),
          array.getJsonObject(4));
    }

    public boolean isOk() {
      return payload.getString("status").equals("ok");
    }

    public JsonObject response() {
      return payload.getJsonObject("response");
    }
  }

  public RawSocket socket() {
    return socket;
  }

  /** Joins a topic and returns the reply. */
  public Frame join(String topic) {
    return join(topic, new JsonObject());
  }

  public Frame join(String topic, JsonObject payload) {
    String ref = Integer.toString(++refs);
    joinRefs.put(topic, ref);
    send(ref, ref, topic, "phx_join", payload);
    return awaitReply(ref);
  }

  /** Joins a topic and returns the payload of the awaited push; fails if the join is refused. */
  public JsonObject joinAndAwait(String topic, String push) {
    Frame reply = join(topic);
    if (!reply.isOk()) {
      throw new AssertionError(topic + ": " + reply);
    }
    return await(topic, push);
  }

  public Frame leave(String topic) {
    return call(topic, "phx_leave", new JsonObject());
  }

  /** Pushes and returns the reply. */
  public Frame call(String topic, String event, JsonObject payload) {
    return awaitReply(push(topic, event, payload));
  }

  /** Pushes and returns the ref. */
  public String push(String topic, String event, JsonObject payload) {
    String ref = Integer.toString(++refs);
    send(joinRefs.get(topic), ref, topic, event, payload);
    return ref;
  }

  /**
   * Pushes a payload that may be any JSON text, or joins the topic with it, and returns the ref.
   */
  public String pushText(String topic, String event, String payload) {
    String ref = Integer.toString(++refs);
    if (event.equals("phx_join")) {
      joinRefs.put(topic, ref);
    }
    String head = new JsonArray().add(joinRefs.get(topic)).add(ref).add(topic).add(event).encode();
    socket.sendText(head.substring(0, head.length() - 1) + "," + payload + "]");
    return ref;
  }

  public void send(String joinRef, String ref, String topic, String event, JsonObject payload) {
    socket.sendText(
        new JsonArray().add(joinRef).add(ref).add(topic).add(event).add(payload).encode());
  }

  public Frame awaitReply(String ref) {
    return await(frame -> frame.event().equals("phx_reply") && ref.equals(frame.ref()));
  }

  /** Returns the payload of the next such event on the topic. */
  public JsonObject await(String topic, String event) {
    return await(frame -> frame.topic().equals(topic) && frame.event().equals(event)).payload();
  }

  public Frame await(Predicate<Frame> matches) {
    for (Iterator<Frame> all = unclaimed.iterator(); all.hasNext(); ) {
      Frame frame = all.next();
      if (matches.test(frame)) {
        all.remove();
        return frame;
      }
    }
    while (true) {
      Frame frame = Frame.of(socket.receiveText());
      if (matches.test(frame)) {
        return frame;
      }
      unclaimed.add(frame);
    }
  }

  /** Returns the next frame of any kind. */
  public Frame next() {
    Frame kept = unclaimed.poll();
    return kept != null ? kept : Frame.of(socket.receiveText());
  }

  /** Returns the frames that were not awaited, up to the reply to a heartbeat sent now. */
  public List<Frame> drain() {
    String ref = Integer.toString(++refs);
    send(null, ref, "phoenix", "heartbeat", new JsonObject());
    awaitReply(ref);
    var all = new ArrayList<>(unclaimed);
    unclaimed.clear();
    return all;
  }

  @Override
  public void close() {
    socket.close();
  }
}

package dev.rookery.extension.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A player's WebSocket with its channels, in the protocol of Phoenix. It keeps what the server
 * sends until the test takes it. Each call waits for at most 60 seconds. Thread-safe.
 */
public final class TestSocket implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;
  // The server closes sockets that are silent for a minute.
  private static final long HEARTBEAT_SECONDS = 25;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<String, CompletableFuture<JsonObject>> replies = new HashMap<>();
  private final Map<String, String> joins = new HashMap<>();
  private final List<Push> pushes = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable String closed;
  private @Nullable WebSocket socket;
  private int refs;

  /** What the server sent by itself. */
  private record Push(String topic, String event, JsonObject payload) {}

  private TestSocket() {}

  static TestSocket open(URI uri) {
    var opened = new TestSocket();
    opened.socket =
        resultOf(
            "the socket was not opened",
            opened.client.newWebSocketBuilder().buildAsync(uri, opened.new Reader()));
    opened.sendHeartbeatLater();
    return opened;
  }

  private void sendHeartbeatLater() {
    CompletableFuture.delayedExecutor(HEARTBEAT_SECONDS, TimeUnit.SECONDS)
        .execute(this::sendHeartbeat);
  }

  private void sendHeartbeat() {
    lock.lock();
    try {
      if (closed == null) {
        resultOf(
            "the socket does not send",
            socket().sendText("[null,\"0\",\"phoenix\",\"heartbeat\",{}]", true));
        sendHeartbeatLater();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Joins a channel.
   *
   * @return what the server answers
   * @throws CallFailedException if it refuses
   */
  public JsonObject join(String topic) {
    return join(topic, new JsonObject());
  }

  /**
   * Joins a channel with parameters.
   *
   * @return what the server answers
   * @throws CallFailedException if it refuses
   */
  public JsonObject join(String topic, JsonObject parameters) {
    return request(topic, "phx_join", parameters);
  }

  /**
   * Leaves a channel.
   *
   * @throws CallFailedException if the server refuses
   */
  public void leave(String topic) {
    request(topic, "phx_leave", new JsonObject());
  }

  /**
   * Sends an event to a joined channel, and waits for the answer.
   *
   * @throws CallFailedException if the server answers with an error
   */
  public JsonObject push(String topic, String event, JsonObject payload) {
    return request(topic, event, payload);
  }

  private JsonObject request(String topic, String event, JsonObject payload) {
    var answer = new CompletableFuture<JsonObject>();
    lock.lock();
    try {
      if (closed != null) {
        throw new IllegalStateException(closed);
      }
      String ref = Integer.toString(++refs);
      if (event.equals("phx_join")) {
        joins.put(topic, ref);
      }
      replies.put(ref, answer);
      resultOf(
          "the socket does not send", socket().sendText(frame(ref, topic, event, payload), true));
    } finally {
      lock.unlock();
    }
    JsonObject reply = resultOf("no answer to " + event + " on " + topic, answer);
    JsonObject response = reply.getJsonObject("response", new JsonObject());
    if (!"ok".equals(reply.getString("status"))) {
      Object code = response.getValue("reason", response.getValue("error", ""));
      throw new CallFailedException(
          String.valueOf(code), event + " on " + topic + " was answered with " + response.encode());
    }
    return response;
  }

  private WebSocket socket() {
    WebSocket opened = socket;
    if (opened == null) {
      throw new IllegalStateException("not open yet");
    }
    return opened;
  }

  private String frame(String ref, String topic, String event, JsonObject payload) {
    return new JsonArray()
        .add(joins.get(topic))
        .add(ref)
        .add(topic)
        .add(event)
        .add(payload)
        .encode();
  }

  /**
   * Waits for an event that the server sends on a channel. Events before it stay for later calls.
   *
   * @throws IllegalStateException if it does not arrive
   */
  public JsonObject await(String topic, String event) {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (true) {
        for (Iterator<Push> each = pushes.iterator(); each.hasNext(); ) {
          Push push = each.next();
          if (push.topic().equals(topic) && push.event().equals(event)) {
            each.remove();
            return push.payload();
          }
        }
        if (closed != null || left <= 0) {
          throw new IllegalStateException(
              "no " + event + " on " + topic + (closed == null ? "" : ": " + closed));
        }
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      lock.unlock();
    }
  }

  /** Closes the socket. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = "the test closed the socket";
    } finally {
      lock.unlock();
    }
    socket().abort();
    client.shutdownNow();
  }

  private static <T> T resultOf(String problem, CompletableFuture<T> future) {
    try {
      return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } catch (Exception failure) {
      throw new IllegalStateException(problem, failure);
    }
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        var frame = new JsonArray(text.toString());
        text.setLength(0);
        receive(frame);
      }
      webSocket.request(1);
      return null;
    }

    private void receive(JsonArray frame) {
      String event = frame.getString(3);
      JsonObject payload = frame.getJsonObject(4);
      lock.lock();
      try {
        if (event.equals("phx_reply")) {
          CompletableFuture<JsonObject> waiting = replies.remove(frame.getString(1));
          if (waiting != null) {
            waiting.complete(payload);
          }
        } else {
          pushes.add(new Push(frame.getString(2), event, payload));
          arrived.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      end("the server closed the socket with " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
      end("the socket failed: " + failure);
    }

    private void end(String why) {
      lock.lock();
      try {
        closed = why;
        replies
            .values()
            .forEach(each -> each.completeExceptionally(new IllegalStateException(why)));
        replies.clear();
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}

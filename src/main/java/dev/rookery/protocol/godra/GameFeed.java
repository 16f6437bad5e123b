package dev.rookery.protocol.godra;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.rookery.edge.EncodedFrame;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets of one game on this node, and the messages that are collected for them. The frame
 * that they are sent is encoded once for all of them.
 */
final class GameFeed {
  /** A batch that is as large is sent at once. */
  private static final int MESSAGES_MAX = 256;

  private static final int BYTES_MAX = 64 << 10;
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] BATCH =
      "{\"type\":\"batch\",\"events\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SEPARATOR = {','};
  private static final byte[] END = "]}".getBytes(StandardCharsets.UTF_8);

  private final Map<ContextInternal, Set<GameSocket>> sockets = new ConcurrentHashMap<>();
  private int count;
  // Guarded by this object, as is the order of what is handed to the event loops.
  private List<byte[]> pending = new ArrayList<>();
  private int pendingBytes;

  /** Called on the context, while no other thread adds or removes sockets of this game. */
  void add(ContextInternal context, GameSocket socket) {
    sockets.computeIfAbsent(context, _ -> new LinkedHashSet<>()).add(socket);
    count++;
  }

  /** As {@link #add}; whether there are none left. */
  boolean remove(ContextInternal context, GameSocket socket) {
    Set<GameSocket> ofLoop = sockets.get(context);
    if (ofLoop != null && ofLoop.remove(socket)) {
      count--;
      if (ofLoop.isEmpty()) {
        sockets.remove(context);
      }
    }
    return count == 0;
  }

  /** Adds a message; whether it is the first one that waits. */
  synchronized boolean publish(byte[] message) {
    pending.add(message);
    pendingBytes += message.length;
    if (pending.size() >= MESSAGES_MAX || pendingBytes >= BYTES_MAX) {
      flush();
    }
    return pending.size() == 1;
  }

  /** Sends what was collected. */
  synchronized void flush() {
    if (pending.isEmpty()) {
      return;
    }
    int messages = pending.size();
    EncodedFrame frame = encode(pending);
    pending = new ArrayList<>();
    pendingBytes = 0;
    sockets.forEach(
        (context, ofLoop) ->
            context.runOnContext(
                _ -> {
                  // A copy, because a socket that is closed for reading slowly removes itself.
                  for (GameSocket socket : List.copyOf(ofLoop)) {
                    socket.deliver(frame, messages);
                  }
                }));
  }

  private static EncodedFrame encode(List<byte[]> messages) {
    if (messages.size() == 1) {
      return EncodedFrame.text(messages.getFirst());
    }
    var parts = new byte[2 * messages.size() + 1][];
    int part = 0;
    for (byte[] message : messages) {
      parts[part] = part == 0 ? BATCH : SEPARATOR;
      parts[part + 1] = isJson(message) ? message : quoted(message);
      part += 2;
    }
    parts[part] = END;
    return EncodedFrame.text(parts);
  }

  /** What is no JSON would make the whole batch unreadable. */
  private static boolean isJson(byte[] message) {
    try (JsonParser parser = JSON.createParser(message)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException _) {
      return false;
    }
  }

  private static byte[] quoted(byte[] message) {
    var json = new StringBuilder("\"");
    JsonStringEncoder.getInstance()
        .quoteAsString(new String(message, StandardCharsets.UTF_8), json);
    return json.append('"').toString().getBytes(StandardCharsets.UTF_8);
  }
}

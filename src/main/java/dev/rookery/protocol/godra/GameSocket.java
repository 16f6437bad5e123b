package dev.rookery.protocol.godra;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.script.ScriptException;
import dev.rookery.script.ScriptResult;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a game. Runs a script for each message of its client, one at a time and in their
 * order. Confined to its event loop.
 */
final class GameSocket implements WebSocketListener {
  // What a waiting message costs beside its bytes.
  private static final int MESSAGE_OVERHEAD = 64;

  private final Connection connection;
  private final GodraMeters meters;
  private final int queueMax;
  private final Function<byte[], Future<ScriptResult>> update;
  private final Supplier<Future<?>> whenClosed;
  private final Runnable whenHeard;
  private final Queue<byte[]> received = new ArrayDeque<>(2);
  private Future<?> lastUpdate = Future.succeededFuture();
  private boolean updating;
  private boolean closed;
  private int unread;

  /**
   * @param queueMax maximum number of messages that wait for the client, and from it
   * @param update runs the script for a message
   * @param whenHeard is told of each message
   */
  GameSocket(
      Connection connection,
      GodraMeters meters,
      int queueMax,
      Function<byte[], Future<ScriptResult>> update,
      Runnable whenHeard,
      Supplier<Future<?>> whenClosed) {
    this.connection = connection;
    this.meters = meters;
    this.queueMax = queueMax;
    this.update = update;
    this.whenHeard = whenHeard;
    this.whenClosed = whenClosed;
  }

  @Override
  public void onText(byte[] message) {
    meters.framesIn.increment();
    whenHeard.run();
    if (received.size() >= queueMax) {
      connection.close(CloseReason.FLOOD);
      return;
    }
    connection.addWaiting(message.length + MESSAGE_OVERHEAD);
    received.add(message);
    if (!updating) {
      updateNext();
    }
  }

  @Override
  public void onBinary(byte[] message) {
    onText(message);
  }

  private void updateNext() {
    updating = true;
    while (!closed) {
      byte[] message = received.peek();
      if (message == null) {
        break;
      }
      Future<ScriptResult> result = update.apply(message);
      lastUpdate = result;
      if (!result.isComplete()) {
        result.onComplete(
            ended -> {
              finish(message, ended.cause());
              updateNext();
            });
        return;
      }
      finish(message, result.cause());
    }
    updating = false;
  }

  private void finish(byte[] message, @Nullable Throwable failure) {
    received.poll();
    if (closed) {
      return;
    }
    connection.removeWaiting(message.length + MESSAGE_OVERHEAD);
    if (failure != null) {
      deliver(error(failure), 1);
    }
  }

  private static EncodedFrame error(Throwable failure) {
    String text = failure instanceof ScriptException known ? known.text() : "internal";
    var json = new StringBuilder("{\"type\":\"error\",\"payload\":{\"message\":\"");
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    return EncodedFrame.text(json.append("\"}}").toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a frame. A client that does not read is closed when more than {@code queueMax} messages
   * wait for it; nobody else notices.
   *
   * @param messages how many messages the frame has
   */
  void deliver(EncodedFrame frame, int messages) {
    if (closed) {
      return;
    }
    unread = connection.isWritable() ? 0 : unread + messages;
    if (unread > queueMax) {
      closed = true;
      meters.overflows.increment();
      connection.close(CloseReason.SLOW);
      return;
    }
    meters.framesOut.increment();
    connection.send(frame);
  }

  void close(CloseReason reason) {
    connection.close(reason);
  }

  @Override
  public Future<?> onClose() {
    closed = true;
    // After the update under way, which may write the data that is deleted then.
    return lastUpdate.transform(_ -> whenClosed.get().mapEmpty());
  }
}

package dev.rookery.protocol.phoenix;

import dev.rookery.base.Refused;
import dev.rookery.edge.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One join of one topic on one socket, from the client's wish until its end. Messages are handled
 * one at a time; while one is, a bounded number waits. Confined to the socket's event loop.
 */
public final class ChannelConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelConnection.class);
  private static final int WAITING_MAX = 64;

  private final PhoenixSocket socket;
  private final Channel channel;
  private final Frame.Message join;

  private State state = State.JOINING;
  private boolean busy;
  private @Nullable Queue<Frame.Message> waiting;

  private enum State {
    JOINING,
    JOINED,
    ENDED
  }

  ChannelConnection(PhoenixSocket socket, Channel channel, Frame.Message join) {
    this.socket = socket;
    this.channel = channel;
    this.join = join;
  }

  public String topic() {
    return join.topic();
  }

  public void push(Push push) {
    if (state == State.JOINED) {
      socket.push(join.joinRef(), push);
    }
  }

  /** Whether little is waiting to be sent to the client. */
  public boolean isWritable() {
    return socket.connection().isWritable();
  }

  /** Runs {@code next} when that is so, unless the line has ended by then. */
  public void whenWritable(Runnable next) {
    socket
        .connection()
        .whenWritable(
            () -> {
              if (state == State.JOINED) {
                next.run();
              }
            });
  }

  /** Sends the client away; it does not come back by itself. */
  public void close() {
    end(Frame.End.Reason.CLOSED);
  }

  /** What the client was shown cannot be continued; it joins again. */
  public void requireRejoin() {
    end(Frame.End.Reason.CRASHED);
  }

  /** Gives up on what went wrong here; the client joins again. */
  public void crash(String what, Throwable cause) {
    if (state == State.JOINED) {
      if (cause instanceof Refused) {
        LOG.warn("{} on {} broke: {}", what, topic(), cause.getMessage());
      } else {
        LOG.error("{} on {} broke", what, topic(), cause);
      }
      end(Frame.End.Reason.CRASHED);
    }
  }

  /**
   * Asks the channel and answers the client.
   *
   * @param replaced the line that this join takes the place of; it has been silenced already
   */
  void join(JoinLimiter doorway, @Nullable ChannelConnection replaced) {
    doorway.submit(
        socket.isPartiallyJoined(),
        () -> state != State.ENDED,
        () ->
            askChannel()
                .onComplete(
                    joined -> {
                      if (joined.succeeded()) {
                        onJoined(joined.result(), replaced);
                      } else {
                        onRefused(joined.cause(), replaced);
                      }
                    }),
        () -> endReplaced(replaced));
  }

  private Future<JsonObject> askChannel() {
    try {
      return channel.join(join.payload());
    } catch (JoinRefusedException refused) {
      return Future.failedFuture(refused);
    }
  }

  private void onJoined(JsonObject answer, @Nullable ChannelConnection replaced) {
    if (state == State.ENDED) {
      // The socket has gone meanwhile.
      channel.onEnd();
      endReplaced(replaced);
      return;
    }
    state = State.JOINED;
    socket.reply(join, true, answer);
    endReplaced(replaced);
    channel.onJoined(this);
    handleWaiting();
  }

  private void onRefused(Throwable cause, @Nullable ChannelConnection replaced) {
    if (state != State.ENDED) {
      state = State.ENDED;
      socket.remove(this);
      socket.reply(join, false, reason(cause));
    }
    endReplaced(replaced);
    handleWaiting();
  }

  private JsonObject reason(Throwable cause) {
    if (cause instanceof JoinRefusedException refused) {
      return JsonObject.of("reason", refused.reason());
    }
    LOG.warn("join of {} crashed: {}", topic(), cause.toString());
    return JsonObject.of("reason", "join crashed");
  }

  private static void endReplaced(@Nullable ChannelConnection replaced) {
    if (replaced != null) {
      replaced.sendEnd(Frame.End.Reason.CLOSED);
      replaced.channel.onEnd();
    }
  }

  boolean isJoined() {
    return state == State.JOINED;
  }

  /** Whether the message was meant for an earlier join of the topic. */
  boolean isStale(Frame.Message message) {
    return message.joinRef() != null && !message.joinRef().equals(join.joinRef());
  }

  /** Whether the message has to wait for what came before it. A join waits for a join alone. */
  boolean mustWait(boolean rejoin) {
    return state == State.JOINING || (!rejoin && (busy || waiting != null));
  }

  void enqueue(Frame.Message message) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
    }
    if (waiting.size() == WAITING_MAX) {
      socket.connection().close(CloseReason.FLOOD);
    } else {
      waiting.add(message);
    }
  }

  private void handleWaiting() {
    while (waiting != null && !busy) {
      Frame.Message message = waiting.poll();
      if (message == null) {
        waiting = null;
      } else if (state == State.JOINED) {
        socket.dispatch(message, this);
      } else {
        socket.receive(message);
      }
    }
  }

  void handle(Frame.Message message) {
    busy = true;
    channel
        .handle(message)
        .onComplete(
            answered -> {
              busy = false;
              if (answered.failed()) {
                crash(message.event(), answered.cause());
              } else if (state == State.JOINED) {
                ChannelReply answer = answered.result();
                socket.reply(message, answer.ok(), answer.response());
                if (answer.last()) {
                  close();
                }
              }
              handleWaiting();
            });
  }

  void leave(Frame.Message message) {
    socket.reply(message, true, new JsonObject());
    channel.onLeave();
    close();
  }

  /** The socket is gone. */
  Future<?> onSocketClosed() {
    waiting = null;
    return stop() ? channel.onEnd() : Future.succeededFuture();
  }

  /**
   * Nothing is said here any more, and what waits here was meant for this join. Whether the channel
   * must still be told of the end.
   */
  boolean replace() {
    waiting = null;
    return stop();
  }

  private boolean stop() {
    boolean open = state == State.JOINED;
    state = State.ENDED;
    return open;
  }

  private void end(Frame.End.Reason why) {
    if (stop()) {
      socket.remove(this);
      sendEnd(why);
      channel.onEnd();
    }
  }

  private void sendEnd(Frame.End.Reason why) {
    socket.sendEnd(join.joinRef(), topic(), why);
  }
}

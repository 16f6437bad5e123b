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
    OPEN,
    OVER
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
    if (state == State.OPEN) {
      socket.push(join.joinRef(), push);
    }
  }

  /** Whether little is waiting to be sent to the client. */
  public boolean isRoomy() {
    return socket.connection().isRoomy();
  }

  /** Runs {@code next} when that is so, unless the line has ended by then. */
  public void whenRoomy(Runnable next) {
    socket
        .connection()
        .whenRoomy(
            () -> {
              if (state == State.OPEN) {
                next.run();
              }
            });
  }

  /** Sends the client away; it does not come back by itself. */
  public void close() {
    end(Frame.End.Reason.CLOSED);
  }

  /** What the client was shown cannot be continued; it joins again. */
  public void lost() {
    end(Frame.End.Reason.CRASHED);
  }

  /** Gives up on what went wrong here; the client joins again. */
  public void crash(String what, Throwable cause) {
    if (state == State.OPEN) {
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
  void open(JoinLimiter doorway, @Nullable ChannelConnection replaced) {
    doorway.enter(
        socket.isHalfIn(),
        () -> state != State.OVER,
        () ->
            answer()
                .onComplete(
                    joined -> {
                      if (joined.succeeded()) {
                        joined(joined.result(), replaced);
                      } else {
                        refused(joined.cause(), replaced);
                      }
                    }),
        () -> retire(replaced));
  }

  private Future<JsonObject> answer() {
    try {
      return channel.join(join.payload());
    } catch (JoinRefusedException refused) {
      return Future.failedFuture(refused);
    }
  }

  private void joined(JsonObject answer, @Nullable ChannelConnection replaced) {
    if (state == State.OVER) {
      // The socket has gone meanwhile.
      channel.ended();
      retire(replaced);
      return;
    }
    state = State.OPEN;
    socket.reply(join, true, answer);
    retire(replaced);
    channel.joined(this);
    next();
  }

  private void refused(Throwable cause, @Nullable ChannelConnection replaced) {
    if (state != State.OVER) {
      state = State.OVER;
      socket.forget(this);
      socket.reply(join, false, reason(cause));
    }
    retire(replaced);
    next();
  }

  private JsonObject reason(Throwable cause) {
    if (cause instanceof JoinRefusedException refused) {
      return JsonObject.of("reason", refused.reason());
    }
    LOG.warn("join of {} crashed: {}", topic(), cause.toString());
    return JsonObject.of("reason", "join crashed");
  }

  private static void retire(@Nullable ChannelConnection replaced) {
    if (replaced != null) {
      replaced.say(Frame.End.Reason.CLOSED);
      replaced.channel.ended();
    }
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether the message was meant for an earlier join of the topic. */
  boolean isStale(Frame.Message message) {
    return message.joinRef() != null && !message.joinRef().equals(join.joinRef());
  }

  /** Whether the message has to wait for what came before it. A join waits for a join alone. */
  boolean isBusyFor(boolean rejoin) {
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

  private void next() {
    while (waiting != null && !busy) {
      Frame.Message message = waiting.poll();
      if (message == null) {
        waiting = null;
      } else if (state == State.OPEN) {
        socket.act(message, this);
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
              } else if (state == State.OPEN) {
                ChannelReply answer = answered.result();
                socket.reply(message, answer.ok(), answer.response());
                if (answer.last()) {
                  close();
                }
              }
              next();
            });
  }

  void leave(Frame.Message message) {
    socket.reply(message, true, new JsonObject());
    channel.left();
    close();
  }

  /** The socket is gone. */
  Future<?> gone() {
    waiting = null;
    return silence() ? channel.ended() : Future.succeededFuture();
  }

  /**
   * Nothing is said here any more, and what waits here was meant for this join. Whether the channel
   * must still be told of the end.
   */
  boolean replace() {
    waiting = null;
    return silence();
  }

  private boolean silence() {
    boolean open = state == State.OPEN;
    state = State.OVER;
    return open;
  }

  private void end(Frame.End.Reason why) {
    if (silence()) {
      socket.forget(this);
      say(why);
      channel.ended();
    }
  }

  private void say(Frame.End.Reason why) {
    socket.end(join.joinRef(), topic(), why);
  }
}

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
 * One topic on one socket, from the join request until its end. Messages are handled one at a time;
 * at most {@value #WAITING_MAX} wait, and a client that exceeds this is closed with {@link
 * CloseReason#FLOOD}. Confined to the socket's event loop.
 */
public final class ChannelConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelConnection.class);
  private static final int WAITING_MAX = 64;

  private final PhoenixSocket socket;
  private final Channel channel;
  private Frame.Message join;
  private int joinBytes;

  private State state = State.JOINING;
  private boolean busy;
  private boolean closing;
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
    this.joinBytes = join.memoryBytes();
  }

  public String topic() {
    return join.topic();
  }

  public void push(Push push) {
    if (isOpen()) {
      socket.push(join.joinRef(), push);
    }
  }

  /** Sends over the data lane of the socket, or over the socket while there is none. */
  public void pushOnLane(Push push) {
    if (!tryLane(push)) {
      push(push);
    }
  }

  /** Sends over the data lane of the socket; false if there is none that carries it. */
  public boolean tryLane(Push push) {
    DataLane lane = socket.dataLane();
    return isOpen() && lane != null && lane.push(push);
  }

  /** Sets the data lane of the socket, which serves all its topics. */
  public void setDataLane(DataLane lane) {
    socket.dataLane(lane);
  }

  /** Removes the data lane, unless another one has taken its place. */
  public void removeDataLane(DataLane lane) {
    if (socket.dataLane() == lane) {
      socket.dataLane(null);
    }
  }

  /**
   * Handles a message that came over the data lane as one of another topic of this socket, without
   * a reply. It is dropped if the topic is not joined, or too many messages of it wait.
   */
  public void receiveOnTopic(String topic, String event, Payload payload) {
    if (state == State.JOINED) {
      socket.receiveFromLane(topic, event, payload);
    }
  }

  /** Whether one more message of the topic may wait. */
  boolean hasRoom() {
    return waiting == null || waiting.size() < WAITING_MAX;
  }

  Frame.Message unanswered(String event, Payload payload) {
    return new Frame.Message(join.joinRef(), Frame.Message.UNANSWERED, topic(), event, payload);
  }

  /** Whether the send queue of the socket is below its high watermark. */
  public boolean isWritable() {
    return socket.connection().isWritable();
  }

  /** Runs {@code next} once the send queue has drained, unless the channel has ended by then. */
  public void whenWritable(Runnable next) {
    socket
        .connection()
        .whenWritable(
            () -> {
              if (isOpen()) {
                next.run();
              }
            });
  }

  /**
   * Ends the channel with {@code phx_close}; the client does not join again on its own. Nothing is
   * pushed any more. A message that is being handled gets its reply before: its event may be the
   * reason for the end, and a client listens to no reply after it.
   */
  public void close() {
    if (busy && state == State.JOINED) {
      closing = true;
    } else {
      end(Frame.End.Reason.CLOSED);
    }
  }

  /** Ends the channel with {@code phx_error} because events were lost; the client joins again. */
  public void requireRejoin() {
    end(Frame.End.Reason.CRASHED);
  }

  /** Logs an error and ends the channel with {@code phx_error}; the client joins again. */
  public void crash(String action, Throwable cause) {
    if (state == State.JOINED) {
      if (cause instanceof Refused) {
        LOG.warn("Handling {} on topic {} failed: {}", action, topic(), cause.getMessage());
      } else {
        LOG.error("Handling {} on topic {} failed", action, topic(), cause);
      }
      end(Frame.End.Reason.CRASHED);
    }
  }

  /**
   * Asks the channel and replies to the client.
   *
   * @param replaced the earlier join of the topic, which this one replaces and which has stopped
   */
  void join(JoinLimiter joinLimiter, @Nullable ChannelConnection replaced) {
    socket.connection().addWaiting(joinBytes);
    joinLimiter.submit(
        socket.isPartiallyJoined(),
        socket.isSignedIn(),
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
        () -> {
          dropPayload();
          endReplaced(replaced);
        },
        () -> onRefused(new JoinRefusedException("node_busy"), replaced));
  }

  /** Drops the payload of the join, which may be long, as soon as nothing needs it any more. */
  private void dropPayload() {
    socket.connection().removeWaiting(joinBytes);
    joinBytes = 0;
    join = join.withoutPayload();
  }

  private Future<JsonObject> askChannel() {
    try {
      return channel.join(join.payload());
    } catch (RuntimeException failure) {
      // Thrown on, it would keep the place of the join for ever.
      return Future.failedFuture(failure);
    }
  }

  private void onJoined(JsonObject response, @Nullable ChannelConnection replaced) {
    dropPayload();
    if (state == State.ENDED) {
      // The socket has closed meanwhile.
      channel.onEnd();
      endReplaced(replaced);
      return;
    }
    state = State.JOINED;
    socket.connection().confirmUse();
    socket.reply(join, true, response);
    endReplaced(replaced);
    channel.onJoined(this);
    handleWaiting();
  }

  private void onRefused(Throwable cause, @Nullable ChannelConnection replaced) {
    dropPayload();
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
    LOG.warn("Joining topic {} failed: {}", topic(), cause.toString());
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

  /** Whether something may be pushed. */
  private boolean isOpen() {
    return state == State.JOINED && !closing;
  }

  /** Whether the message belongs to an earlier join of the topic. */
  boolean isStale(Frame.Message message) {
    return message.joinRef() != null && !message.joinRef().equals(join.joinRef());
  }

  /** Whether a message must wait for earlier ones. A join waits only for a join in progress. */
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
      socket.connection().addWaiting(message.memoryBytes());
    }
  }

  private void dropWaiting() {
    if (waiting != null) {
      waiting.forEach(message -> socket.connection().removeWaiting(message.memoryBytes()));
      waiting = null;
    }
  }

  private void handleWaiting() {
    while (waiting != null && !busy) {
      Frame.Message message = waiting.poll();
      if (message == null) {
        waiting = null;
        return;
      }
      socket.connection().removeWaiting(message.memoryBytes());
      if (state == State.JOINED) {
        socket.dispatch(message, this);
      } else {
        socket.receive(message);
      }
    }
  }

  void handle(Frame.Message message) {
    busy = true;
    int bytes = message.memoryBytes();
    socket.connection().addWaiting(bytes);
    channel
        .handle(message)
        .onComplete(
            handled -> {
              busy = false;
              socket.connection().removeWaiting(bytes);
              if (handled.failed()) {
                crash(message.event(), handled.cause());
              } else if (state == State.JOINED) {
                ChannelReply reply = handled.result();
                socket.reply(message, reply.ok(), reply.response());
                if (closing || reply.last()) {
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

  /** The socket has closed. */
  Future<?> onSocketClosed() {
    dropWaiting();
    dropPayload();
    return stop() ? channel.onEnd() : Future.succeededFuture();
  }

  /**
   * Stops this join in favour of a new one and drops its waiting messages. Returns whether the
   * channel must still be told about its end.
   */
  boolean replace() {
    dropWaiting();
    return stop();
  }

  private boolean stop() {
    boolean wasJoined = state == State.JOINED;
    state = State.ENDED;
    return wasJoined;
  }

  private void end(Frame.End.Reason reason) {
    if (stop()) {
      socket.remove(this);
      sendEnd(reason);
      channel.onEnd();
    }
  }

  private void sendEnd(Frame.End.Reason reason) {
    socket.sendEnd(join.joinRef(), topic(), reason);
  }
}

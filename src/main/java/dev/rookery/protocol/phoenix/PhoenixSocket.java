package dev.rookery.protocol.phoenix;

import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One socket and the topics joined on it. */
final class PhoenixSocket implements WebSocketListener {
  static final int TOPICS_MAX = 100;

  /** What a client joins to be there at all; who joins more has time. */
  private static final int INITIAL_TOPICS = 4;

  private static final String PHOENIX = "phoenix";
  private static final String HEARTBEAT = "heartbeat";
  private static final String JOIN = "phx_join";
  private static final String LEAVE = "phx_leave";
  private static final JsonObject UNMATCHED = JsonObject.of("reason", "unmatched topic");

  private final Connection connection;
  private final PhoenixCodec codec;
  private final ChannelRouter router;
  private final JoinLimiter joinLimiter;
  private final @Nullable Session session;
  private final Map<String, ChannelConnection> channels = HashMap.newHashMap(3);
  private @Nullable Runnable closedCallback;

  PhoenixSocket(
      Connection connection,
      PhoenixCodec codec,
      ChannelRouter topics,
      JoinLimiter doorway,
      @Nullable Session session) {
    this.connection = connection;
    this.codec = codec;
    this.router = topics;
    this.joinLimiter = doorway;
    this.session = session;
  }

  /** To be done when the socket is gone. */
  void onClosed(Runnable last) {
    this.closedCallback = last;
  }

  @Override
  public void onText(byte[] message) {
    try {
      receive(codec.decodeText(message));
    } catch (MalformedFrameException _) {
      connection.close(CloseReason.BROKEN);
    }
  }

  @Override
  public void onBinary(byte[] message) {
    try {
      receive(codec.decodeBinary(message));
    } catch (MalformedFrameException _) {
      connection.close(CloseReason.BROKEN);
    }
  }

  @Override
  public Future<?> onClose() {
    List<ChannelConnection> open = List.copyOf(channels.values());
    channels.clear();
    if (closedCallback != null) {
      closedCallback.run();
    }
    return Future.join(open.stream().map(ChannelConnection::onSocketClosed).toList());
  }

  void receive(Frame.Message message) {
    ChannelConnection line = channels.get(message.topic());
    if (line != null && line.mustWait(message.event().equals(JOIN))) {
      line.enqueue(message);
    } else {
      dispatch(message, line);
    }
  }

  /** Does what the message wants. {@code line} is the topic's, if it is joined, and is not busy. */
  void dispatch(Frame.Message message, @Nullable ChannelConnection line) {
    if (message.topic().equals(PHOENIX)) {
      heartbeat(message);
    } else if (message.event().equals(JOIN)) {
      join(message, line);
    } else if (line == null) {
      if (message.event().equals(LEAVE)) {
        reply(message, true, new JsonObject());
      } else {
        replyUnmatched(message);
      }
    } else if (!line.isStale(message)) {
      if (message.event().equals(LEAVE)) {
        line.leave(message);
      } else {
        line.handle(message);
      }
    }
  }

  private void heartbeat(Frame.Message message) {
    if (message.event().equals(HEARTBEAT)) {
      reply(null, message, true, new JsonObject());
    } else {
      replyUnmatched(message);
    }
  }

  private void join(Frame.Message message, @Nullable ChannelConnection before) {
    Channel channel = router.open(message.topic(), session);
    if (channel == null) {
      replyUnmatched(message);
      return;
    }
    if (before == null && channels.size() >= TOPICS_MAX) {
      reply(message, false, JsonObject.of("reason", "too_many_topics"));
      return;
    }
    ChannelConnection replaced = before != null && before.replace() ? before : null;
    var line = new ChannelConnection(this, channel, message);
    channels.put(message.topic(), line);
    line.join(joinLimiter, replaced);
  }

  private void replyUnmatched(Frame.Message message) {
    reply(null, message, false, UNMATCHED);
  }

  Connection connection() {
    return connection;
  }

  /** Whether it has joined something, and is about to join the rest of its first few topics. */
  boolean isPartiallyJoined() {
    return channels.size() <= INITIAL_TOPICS
        && channels.values().stream().anyMatch(ChannelConnection::isJoined);
  }

  void remove(ChannelConnection line) {
    channels.remove(line.topic(), line);
  }

  void push(@Nullable String joinRef, Push push) {
    connection.send(codec.encodePush(joinRef, push));
  }

  void reply(Frame.Message message, boolean ok, JsonObject response) {
    reply(message.joinRef(), message, ok, response);
  }

  private void reply(
      @Nullable String joinRef, Frame.Message message, boolean ok, JsonObject response) {
    connection.send(
        codec.encodeReply(
            new Frame.Reply(joinRef, message.ref(), message.topic(), ok, Payload.of(response))));
  }

  void sendEnd(@Nullable String joinRef, String topic, Frame.End.Reason why) {
    connection.send(codec.encodeEnd(new Frame.End(joinRef, topic, why)));
  }
}

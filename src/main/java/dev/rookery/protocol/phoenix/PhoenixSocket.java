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

/** One Phoenix socket: dispatches its frames to the channels joined on it. */
final class PhoenixSocket implements WebSocketListener {
  static final int TOPICS_MAX = 100;

  /** A longer name is no topic's; a joined topic's name stays in memory. */
  private static final int TOPIC_LENGTH_MAX = 255;

  /** Topics that a client typically joins at start; their joins are preferred under load. */
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
  private volatile List<String> topics = List.of();
  private @Nullable Runnable closedCallback;
  private @Nullable DataLane dataLane;

  PhoenixSocket(
      Connection connection,
      PhoenixCodec codec,
      ChannelRouter router,
      JoinLimiter joinLimiter,
      @Nullable Session session) {
    this.connection = connection;
    this.codec = codec;
    this.router = router;
    this.joinLimiter = joinLimiter;
    this.session = session;
    if (session == null) {
      connection.expectUse();
    }
  }

  /** Sets a callback for the end of the socket. */
  void onClosed(Runnable callback) {
    this.closedCallback = callback;
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
  public List<String> topics() {
    return topics;
  }

  @Override
  public Future<?> onClose() {
    List<ChannelConnection> open = List.copyOf(channels.values());
    channels.clear();
    topics = List.of();
    if (closedCallback != null) {
      closedCallback.run();
    }
    return Future.join(open.stream().map(ChannelConnection::onSocketClosed).toList());
  }

  void receive(Frame.Message message) {
    ChannelConnection channel = channels.get(message.topic());
    if (channel != null && channel.mustWait(message.event().equals(JOIN))) {
      channel.enqueue(message);
    } else {
      dispatch(message, channel);
    }
  }

  /**
   * Handles a message that came over the data lane as one of the joined topic, without a reply. It
   * is dropped if the topic is not joined, or too many messages of it wait.
   */
  void receiveFromLane(String topic, String event, Payload payload) {
    ChannelConnection channel = channels.get(topic);
    if (channel == null || !channel.isJoined() || !channel.hasRoom()) {
      return;
    }
    switch (event) {
      case JOIN, LEAVE -> {}
      default -> receive(channel.unanswered(event, payload));
    }
  }

  @Nullable DataLane dataLane() {
    return dataLane;
  }

  void dataLane(@Nullable DataLane lane) {
    this.dataLane = lane;
  }

  /** Handles a message. {@code channel} is the topic's channel if it is joined; it is not busy. */
  void dispatch(Frame.Message message, @Nullable ChannelConnection channel) {
    if (message.topic().equals(PHOENIX)) {
      heartbeat(message);
    } else if (message.event().equals(JOIN)) {
      join(message, channel);
    } else if (channel == null) {
      if (message.event().equals(LEAVE)) {
        reply(message, true, new JsonObject());
      } else {
        replyUnmatched(message);
      }
    } else if (!channel.isStale(message)) {
      if (message.event().equals(LEAVE)) {
        channel.leave(message);
      } else {
        channel.handle(message);
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

  private void join(Frame.Message message, @Nullable ChannelConnection current) {
    Channel opened =
        message.topic().length() > TOPIC_LENGTH_MAX ? null : router.open(message.topic(), session);
    if (opened == null) {
      replyUnmatched(message);
      return;
    }
    if (current == null && channels.size() >= TOPICS_MAX) {
      reply(message, false, JsonObject.of("reason", "too_many_topics"));
      return;
    }
    ChannelConnection replaced = current != null && current.replace() ? current : null;
    var channel = new ChannelConnection(this, opened, message);
    channels.put(message.topic(), channel);
    topics = List.copyOf(channels.keySet());
    channel.join(joinLimiter, replaced);
  }

  private void replyUnmatched(Frame.Message message) {
    reply(null, message, false, UNMATCHED);
  }

  Connection connection() {
    return connection;
  }

  /** Whether the client has joined some of its initial topics, and probably not all of them. */
  boolean isPartiallyJoined() {
    return channels.size() <= INITIAL_TOPICS
        && channels.values().stream().anyMatch(ChannelConnection::isJoined);
  }

  boolean isSignedIn() {
    return session != null;
  }

  void remove(ChannelConnection channel) {
    channels.remove(channel.topic(), channel);
    topics = List.copyOf(channels.keySet());
    if (session == null && channels.isEmpty()) {
      connection.expectUse();
    }
  }

  void push(@Nullable String joinRef, Push push) {
    connection.send(codec.encodePush(joinRef, push));
  }

  void reply(Frame.Message message, boolean ok, JsonObject response) {
    reply(message.joinRef(), message, ok, response);
  }

  private void reply(
      @Nullable String joinRef, Frame.Message message, boolean ok, JsonObject response) {
    if (!message.isAnswered()) {
      return;
    }
    connection.send(
        codec.encodeReply(
            new Frame.Reply(joinRef, message.ref(), message.topic(), ok, Payload.of(response))));
  }

  void sendEnd(@Nullable String joinRef, String topic, Frame.End.Reason reason) {
    connection.send(codec.encodeEnd(new Frame.End(joinRef, topic, reason)));
  }
}

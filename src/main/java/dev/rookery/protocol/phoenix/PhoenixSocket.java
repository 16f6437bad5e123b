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
  private static final int FIRST_TOPICS = 4;

  private static final String PHOENIX = "phoenix";
  private static final String HEARTBEAT = "heartbeat";
  private static final String JOIN = "phx_join";
  private static final String LEAVE = "phx_leave";
  private static final JsonObject UNMATCHED = JsonObject.of("reason", "unmatched topic");

  private final Connection connection;
  private final PhoenixCodec codec;
  private final ChannelRouter topics;
  private final JoinLimiter doorway;
  private final @Nullable Session session;
  private final Map<String, ChannelConnection> lines = HashMap.newHashMap(3);
  private @Nullable Runnable last;

  PhoenixSocket(
      Connection connection,
      PhoenixCodec codec,
      ChannelRouter topics,
      JoinLimiter doorway,
      @Nullable Session session) {
    this.connection = connection;
    this.codec = codec;
    this.topics = topics;
    this.doorway = doorway;
    this.session = session;
  }

  /** To be done when the socket is gone. */
  void last(Runnable last) {
    this.last = last;
  }

  @Override
  public void text(byte[] message) {
    try {
      receive(codec.text(message));
    } catch (MalformedFrameException _) {
      connection.close(CloseReason.BROKEN);
    }
  }

  @Override
  public void binary(byte[] message) {
    try {
      receive(codec.binary(message));
    } catch (MalformedFrameException _) {
      connection.close(CloseReason.BROKEN);
    }
  }

  @Override
  public Future<?> closed() {
    List<ChannelConnection> open = List.copyOf(lines.values());
    lines.clear();
    if (last != null) {
      last.run();
    }
    return Future.join(open.stream().map(ChannelConnection::gone).toList());
  }

  void receive(Frame.Message message) {
    ChannelConnection line = lines.get(message.topic());
    if (line != null && line.isBusyFor(message.event().equals(JOIN))) {
      line.enqueue(message);
    } else {
      act(message, line);
    }
  }

  /** Does what the message wants. {@code line} is the topic's, if it is joined, and is not busy. */
  void act(Frame.Message message, @Nullable ChannelConnection line) {
    if (message.topic().equals(PHOENIX)) {
      heartbeat(message);
    } else if (message.event().equals(JOIN)) {
      join(message, line);
    } else if (line == null) {
      if (message.event().equals(LEAVE)) {
        reply(message, true, new JsonObject());
      } else {
        unmatched(message);
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
      unmatched(message);
    }
  }

  private void join(Frame.Message message, @Nullable ChannelConnection before) {
    Channel channel = topics.open(message.topic(), session);
    if (channel == null) {
      unmatched(message);
      return;
    }
    if (before == null && lines.size() >= TOPICS_MAX) {
      reply(message, false, JsonObject.of("reason", "too_many_topics"));
      return;
    }
    ChannelConnection replaced = before != null && before.replace() ? before : null;
    var line = new ChannelConnection(this, channel, message);
    lines.put(message.topic(), line);
    line.open(doorway, replaced);
  }

  private void unmatched(Frame.Message message) {
    reply(null, message, false, UNMATCHED);
  }

  Connection connection() {
    return connection;
  }

  /** Whether it has joined something, and is about to join the rest of its first few topics. */
  boolean isHalfIn() {
    return lines.size() <= FIRST_TOPICS
        && lines.values().stream().anyMatch(ChannelConnection::isOpen);
  }

  void forget(ChannelConnection line) {
    lines.remove(line.topic(), line);
  }

  void push(@Nullable String joinRef, Push push) {
    connection.send(codec.push(joinRef, push));
  }

  void reply(Frame.Message message, boolean ok, JsonObject response) {
    reply(message.joinRef(), message, ok, response);
  }

  private void reply(
      @Nullable String joinRef, Frame.Message message, boolean ok, JsonObject response) {
    connection.send(
        codec.reply(
            new Frame.Reply(joinRef, message.ref(), message.topic(), ok, Payload.of(response))));
  }

  void end(@Nullable String joinRef, String topic, Frame.End.Reason why) {
    connection.send(codec.end(new Frame.End(joinRef, topic, why)));
  }
}

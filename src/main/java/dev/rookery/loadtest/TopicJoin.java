package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;

/** Opens a socket and joins one topic with positions; then passes messages on to a listener. */
final class TopicJoin implements ClientSocket.Listener {
  private static final byte[] REPLY = PhoenixMessage.quoted("phx_reply");
  private static final JsonObject POSITIONS = JsonObject.of("resume", new JsonObject());

  private final ScenarioContext context;
  private final String topic;
  private final ClientSocket.Listener listener;
  private final Promise<Void> joined = Promise.promise();

  private TopicJoin(ScenarioContext context, String topic, ClientSocket.Listener listener) {
    this.context = context;
    this.topic = topic;
    this.listener = listener;
  }

  static Future<ClientSocket> open(
      ScenarioContext context, LoadTestUser user, String topic, ClientSocket.Listener listener) {
    var join = new TopicJoin(context, topic, listener);
    return context
        .sockets()
        .open(user.node(), user.token(), join)
        .compose(
            socket -> {
              socket.join(topic, POSITIONS);
              return join.joined.future().map(socket);
            });
  }

  @Override
  public void receive(PhoenixMessage message) {
    if (!message.isEvent(REPLY)) {
      listener.receive(message);
    } else if (message.topic().equals(topic) && !joined.future().isComplete()) {
      if ("ok".equals(message.status())) {
        joined.complete();
      } else {
        joined.fail(new RequestException(400, topic + ": " + message.payload()));
      }
    }
  }

  @Override
  public void closed(int code) {
    joined.tryFail(new RequestException(0, topic + ": closed with " + code));
    if (context.isRunning()) {
      context.metrics().failed(topic + ": closed with " + code);
    }
    listener.closed(code);
  }
}

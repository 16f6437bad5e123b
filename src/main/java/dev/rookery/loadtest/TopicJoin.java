package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;

/** Opens a socket, joins one topic with positions, and is heard through from the reply on. */
final class TopicJoin implements ClientSocket.Listener {
  private static final byte[] REPLY = PhoenixMessage.quoted("phx_reply");
  private static final JsonObject POSITIONS = JsonObject.of("resume", new JsonObject());

  private final ScenarioContext stage;
  private final String topic;
  private final ClientSocket.Listener then;
  private final Promise<Void> joined = Promise.promise();

  private TopicJoin(ScenarioContext stage, String topic, ClientSocket.Listener then) {
    this.stage = stage;
    this.topic = topic;
    this.then = then;
  }

  static Future<ClientSocket> open(
      ScenarioContext stage, LoadTestUser person, String topic, ClientSocket.Listener then) {
    var join = new TopicJoin(stage, topic, then);
    return stage
        .sockets()
        .open(person.node(), person.token(), join)
        .compose(
            socket -> {
              socket.join(topic, POSITIONS);
              return join.joined.future().map(socket);
            });
  }

  @Override
  public void hear(PhoenixMessage pushed) {
    if (!pushed.isEvent(REPLY)) {
      then.hear(pushed);
    } else if (pushed.topic().equals(topic) && !joined.future().isComplete()) {
      if ("ok".equals(pushed.status())) {
        joined.complete();
      } else {
        joined.fail(new RequestException(400, topic + ": " + pushed.payload()));
      }
    }
  }

  @Override
  public void closed(int code) {
    joined.tryFail(new RequestException(0, topic + ": closed with " + code));
    if (stage.isUnderWay()) {
      stage.figures().failed(topic + ": closed with " + code);
    }
    then.closed(code);
  }
}

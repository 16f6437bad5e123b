package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;

/** Opens a socket, joins one topic with positions, and is heard through from the reply on. */
final class Join implements ClientSocket.Listener {
  private static final byte[] REPLY = Pushed.quoted("phx_reply");
  private static final JsonObject POSITIONS = JsonObject.of("resume", new JsonObject());

  private final Stage stage;
  private final String topic;
  private final ClientSocket.Listener then;
  private final Promise<Void> joined = Promise.promise();

  private Join(Stage stage, String topic, ClientSocket.Listener then) {
    this.stage = stage;
    this.topic = topic;
    this.then = then;
  }

  static Future<ClientSocket> open(
      Stage stage, Person person, String topic, ClientSocket.Listener then) {
    var join = new Join(stage, topic, then);
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
  public void hear(Pushed pushed) {
    if (!pushed.isEvent(REPLY)) {
      then.hear(pushed);
    } else if (pushed.topic().equals(topic) && !joined.future().isComplete()) {
      if ("ok".equals(pushed.status())) {
        joined.complete();
      } else {
        joined.fail(new CallFailed(400, topic + ": " + pushed.payload()));
      }
    }
  }

  @Override
  public void closed(int code) {
    joined.tryFail(new CallFailed(0, topic + ": closed with " + code));
    if (stage.isUnderWay()) {
      stage.figures().failed(topic + ": closed with " + code);
    }
    then.closed(code);
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One session of a user: a socket that joins the user's topic, which makes the user online, and
 * leaves it again, which makes the user offline at once.
 */
final class UserSession implements ClientSocket.Listener {
  private static final byte[] REPLY = PhoenixMessage.quoted("phx_reply");

  private final ScenarioContext context;
  private final LoadTestUser user;
  private final Promise<Void> joined = Promise.promise();
  private final Promise<Void> left = Promise.promise();
  private @Nullable ClientSocket socket;

  private UserSession(ScenarioContext context, LoadTestUser user) {
    this.context = context;
    this.user = user;
  }

  static Future<UserSession> open(ScenarioContext context, LoadTestUser user) {
    var session = new UserSession(context, user);
    return context
        .sockets()
        .open(user.node(), user.token(), session)
        .compose(
            socket -> {
              session.socket = socket;
              socket.join(user.userTopic(), new JsonObject());
              return session.joined.future().map(session);
            });
  }

  /** Leaves the topic and closes the socket. */
  Future<Void> leave() {
    ClientSocket open = Objects.requireNonNull(socket);
    open.send("[\"1\",\"2\",\"" + user.userTopic() + "\",\"phx_leave\",{}]");
    return left.future().onSuccess(_ -> open.close());
  }

  @Override
  public void receive(PhoenixMessage message) {
    if (!message.isEvent(REPLY)) {
      return;
    }
    Promise<Void> answered = message.ref().equals("1") ? joined : left;
    if ("ok".equals(message.status())) {
      answered.tryComplete();
    } else {
      answered.tryFail(new RequestException(400, user.userTopic() + ": " + message.payload()));
    }
  }

  @Override
  public void closed(int code) {
    var failure = new RequestException(0, user.userTopic() + ": closed with " + code);
    joined.tryFail(failure);
    left.tryFail(failure);
    if (context.isRunning()) {
      context.metrics().failed(failure);
    }
  }
}

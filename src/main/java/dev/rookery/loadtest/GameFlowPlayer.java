package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One player of a group, with their own socket. */
final class GameFlowPlayer implements ClientSocket.TextListener {
  private static final byte[] IS_READY = bytes("\"ready\":true");
  private static final byte[] CONNECTED = prefix("connected");
  private static final byte[] CREATED = prefix("lobby:created");
  private static final byte[] UPDATED = prefix("lobby:updated");
  private static final byte[] STARTED = prefix("match:started");

  private final ScenarioContext context;
  private final TeamMatchScenario.Group group;
  private final boolean owner;
  private final Promise<Void> connected = Promise.promise();
  private @Nullable ClientSocket socket;
  private boolean inLobby;
  private boolean received;

  GameFlowPlayer(ScenarioContext context, TeamMatchScenario.Group group, boolean owner) {
    this.context = context;
    this.group = group;
    this.owner = owner;
  }

  void nextRound() {
    received = false;
  }

  /** Signs in and connects; completes when the server has greeted the player. */
  Future<Void> connect(String name) {
    var node = context.node();
    return context
        .client(node)
        .call(HttpMethod.POST, "/auth/anonymous", null, JsonObject.of("username", name))
        .compose(
            answer -> {
              String token =
                  URLEncoder.encode(answer.getString("accessToken"), StandardCharsets.UTF_8);
              return context.sockets().openAt(node, "/_ws?token=" + token, this);
            })
        .compose(
            open -> {
              socket = open;
              return connected.future();
            });
  }

  void send(byte[] frame) {
    if (socket != null) {
      socket.write(frame);
    }
  }

  @Override
  public void receive(byte[] bytes, int from, int to) {
    if (startsWith(CONNECTED, bytes, from, to)) {
      connected.tryComplete();
    } else if (startsWith(CREATED, bytes, from, to)) {
      group.created(new JsonObject(text(bytes, from, to)).getJsonObject("lobby"));
    } else if (startsWith(UPDATED, bytes, from, to)) {
      updated(bytes, from, to);
    } else if (startsWith(STARTED, bytes, from, to)) {
      inLobby = false;
      boolean repeated = received;
      received = true;
      group.received(repeated);
    } else {
      String reason = text(bytes, from, to);
      connected.tryFail(new RequestException(0, reason));
      group.fail(reason);
    }
  }

  private void updated(byte[] bytes, int from, int to) {
    if (owner) {
      group.ready(count(IS_READY, bytes, from, to));
    } else if (!inLobby) {
      inLobby = true;
      group.joinNext();
    }
  }

  @Override
  public void closed(int code) {
    var reason = "a player's socket was closed with " + code;
    connected.tryFail(new RequestException(0, reason));
    group.fail(reason);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** The beginning of a message of that type. */
  private static byte[] prefix(String type) {
    return bytes("{\"type\":\"" + type + "\"");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean startsWith(byte[] prefix, byte[] bytes, int from, int to) {
    return to - from >= prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }

  private static int count(byte[] what, byte[] bytes, int from, int to) {
    int count = 0;
    for (int at = from; at + what.length <= to; at++) {
      if (bytes[at] == what[0]
          && Arrays.equals(bytes, at, at + what.length, what, 0, what.length)) {
        count++;
        at += what.length - 1;
      }
    }
    return count;
  }
}

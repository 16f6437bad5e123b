package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One player of a group, on a socket of his own. */
final class GameFlowPlayer implements ClientSocket.TextListener {
  private static final byte[] IS_READY = bytes("\"ready\":true");
  private static final byte[] CONNECTED = head("connected");
  private static final byte[] CREATED = head("lobby:created");
  private static final byte[] UPDATED = head("lobby:updated");
  private static final byte[] STARTED = head("match:started");

  private final ScenarioContext stage;
  private final TeamMatchScenario.Group group;
  private final boolean owner;
  private final Promise<Void> connected = Promise.promise();
  private @Nullable ClientSocket socket;
  private boolean inLobby;
  private boolean told;

  GameFlowPlayer(ScenarioContext stage, TeamMatchScenario.Group group, boolean owner) {
    this.stage = stage;
    this.group = group;
    this.owner = owner;
  }

  void nextRound() {
    told = false;
  }

  /** Until he was greeted. */
  Future<Void> enter(String name) {
    var node = stage.node();
    return stage
        .caller(node)
        .call(HttpMethod.POST, "/auth/anonymous", null, JsonObject.of("username", name))
        .compose(
            answer -> {
              String token =
                  URLEncoder.encode(answer.getString("accessToken"), StandardCharsets.UTF_8);
              return stage.sockets().openAt(node, "/_ws?token=" + token, this);
            })
        .compose(
            open -> {
              socket = open;
              return connected.future();
            });
  }

  void say(byte[] frame) {
    if (socket != null) {
      socket.write(frame);
    }
  }

  @Override
  public void hear(byte[] bytes, int from, int to) {
    if (begins(CONNECTED, bytes, from, to)) {
      connected.tryComplete();
    } else if (begins(CREATED, bytes, from, to)) {
      group.created(new JsonObject(text(bytes, from, to)).getJsonObject("lobby"));
    } else if (begins(UPDATED, bytes, from, to)) {
      updated(bytes, from, to);
    } else if (begins(STARTED, bytes, from, to)) {
      inLobby = false;
      boolean again = told;
      told = true;
      group.told(again);
    } else {
      String why = text(bytes, from, to);
      connected.tryFail(new RequestException(0, why));
      group.broke(why);
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
    var why = "a player's socket was closed with " + code;
    connected.tryFail(new RequestException(0, why));
    group.broke(why);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** What a message of that type begins with. */
  private static byte[] head(String type) {
    return bytes("{\"type\":\"" + type + "\"");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean begins(byte[] head, byte[] bytes, int from, int to) {
    return to - from >= head.length
        && Arrays.equals(bytes, from, from + head.length, head, 0, head.length);
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

package dev.rookery.loadtest;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Baseline for comparison: what Vert.x does without the product. It answers requests with constant
 * bodies and sends the same frames to the same sockets, flushed in the same way. No accounts,
 * tokens, store, cluster or limits. Runs on one event loop; ends with the process that started it.
 */
public final class BaselineServer {
  private static final String LOBBIES = "/api/v1/lobbies";

  private final Map<String, BaselineTopic> topics = new HashMap<>();
  private final ArrayDeque<BaselineSocket> unflushed = new ArrayDeque<>();
  private final BaselineRelay rooms = new BaselineRelay();
  private long ids;

  private BaselineServer() {}

  public static void main(String... arguments) throws IOException {
    var vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    var baseline = new BaselineServer();
    var server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setAcceptBacklog(1_024)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setPerFrameWebSocketCompressionSupported(false))
            .requestHandler(baseline::handle)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    System.out.println(server.actualPort());
    // The end of standard input means that the parent process has ended.
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    if (path.equals("/socket/websocket")) {
      Channel channel = ((ConnectionBase) request.connection()).channelHandlerContext().channel();
      request.toWebSocket().onSuccess(socket -> open(socket, channel));
    } else if (path.equals("/ws")) {
      request.toWebSocket().onSuccess(rooms::open);
    } else if (path.equals("/api/v1/chat/messages")) {
      request.bodyHandler(body -> sendMessage(request.response(), body));
    } else if (path.startsWith("/api/v1/login")) {
      long id = ++ids;
      end(
          request.response(),
          200,
          JsonObject.of("data", JsonObject.of("user_id", id, "access_token", "token-" + id)));
    } else if (path.equals(LOBBIES)) {
      end(request.response(), 201, JsonObject.of("id", ++ids, "title", "load"));
    } else {
      end(request.response(), 200, JsonObject.of("id", 1));
    }
  }

  private static void end(HttpServerResponse response, int status, JsonObject body) {
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/json; charset=utf-8")
        .end(body.toBuffer());
  }

  private void sendMessage(HttpServerResponse response, Buffer body) {
    var message = body.toJsonObject();
    long lobby = message.getLong("chat_ref_id");
    var view =
        JsonObject.of(
            "id",
            ++ids,
            "content",
            message.getString("content"),
            "metadata",
            new JsonObject(),
            "sender_id",
            lobby,
            "sender_name",
            "",
            "chat_type",
            "lobby",
            "chat_ref_id",
            lobby,
            "inserted_at",
            "2026-01-01T00:00:00Z");
    BaselineTopic topic = topics.get("lobby:" + lobby);
    if (topic != null) {
      topic.push("new_chat_message", view.copy());
    }
    end(response, 201, view.put("updated_at", "2026-01-01T00:00:00Z"));
  }

  private void open(ServerWebSocket webSocket, Channel channel) {
    var socket = new BaselineSocket(channel, unflushed);
    webSocket.textMessageHandler(text -> handleFrame(socket, text));
    webSocket.closeHandler(
        _ -> {
          BaselineTopic topic = socket.topic();
          if (topic != null && topic.leave(socket)) {
            topics.remove(topic.name());
          }
        });
  }

  private void handleFrame(BaselineSocket socket, String text) {
    var frame = new JsonArray(text);
    String name = frame.getString(2);
    var response = new JsonObject();
    if (frame.getString(3).equals("phx_join")) {
      BaselineTopic topic = topics.computeIfAbsent(name, BaselineTopic::new);
      topic.join(socket);
      response = JsonObject.of("recovered", false, "epoch", "1", "offset", topic.offset());
    }
    socket.send(
        BaselineTopic.frame(
            new JsonArray()
                .add(frame.getValue(0))
                .add(frame.getValue(1))
                .add(name)
                .add("phx_reply")
                .add(JsonObject.of("status", "ok", "response", response))
                .toBuffer()
                .getBytes()));
  }
}

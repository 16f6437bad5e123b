package dev.rookery.protocol.console;

import dev.rookery.console.Admin;
import dev.rookery.console.Permission;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A live region on the socket of an admin. While the client reads too slowly, messages are left
 * out; afterwards it gets the state as it is then.
 */
final class LiveChannel implements Channel {
  private final Vertx vertx;
  private final LiveViews views;
  private final String topic;
  private final LiveViews.Kind kind;
  private final Admin admin;
  private JsonObject from = new JsonObject();
  private @Nullable LiveView view;
  private @Nullable ChannelConnection connection;
  private @Nullable Context context;
  private boolean behind;

  LiveChannel(Vertx vertx, LiveViews views, String topic, LiveViews.Kind kind, Admin admin) {
    this.vertx = vertx;
    this.views = views;
    this.topic = topic;
    this.kind = kind;
    this.admin = admin;
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    Map<String, String> parameters = LiveViews.parameters(topic);
    Set<Permission> needed = kind.permissions().apply(parameters);
    if (!needed.stream().allMatch(admin::may)) {
      return Future.failedFuture(new JoinRefusedException("forbidden"));
    }
    JsonObject sent = payload.asObject();
    if (sent != null && sent.getValue("from") instanceof JsonObject known) {
      from = known;
    }
    return kind.admit().of(admin, parameters).compose(_ -> findView());
  }

  private Future<JsonObject> findView() {
    view = views.view(topic, kind);
    return view == null
        ? Future.failedFuture(new JoinRefusedException("too_many_viewers"))
        : Future.succeededFuture(new JsonObject());
  }

  @Override
  public void onJoined(ChannelConnection joined) {
    connection = joined;
    context = vertx.getOrCreateContext();
    LiveView found = view;
    // The view that was found may have lost its last viewer since.
    while (found != null && !found.add(this, from)) {
      found = views.view(topic, kind);
    }
    view = found;
    from = new JsonObject();
  }

  /** Sends a message, on any thread. */
  void send(Push push) {
    Objects.requireNonNull(context).runOnContext(_ -> sendHere(push));
  }

  private void sendHere(Push push) {
    ChannelConnection to = connection;
    if (to == null || behind) {
      return;
    }
    if (to.isWritable()) {
      to.push(push);
      return;
    }
    behind = true;
    to.whenWritable(
        () -> {
          behind = false;
          LiveView current = view;
          if (current != null) {
            current.resend(this);
          }
        });
  }

  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    return Future.succeededFuture(ChannelReply.error(JsonObject.of("reason", "unknown_event")));
  }

  @Override
  public Future<?> onEnd() {
    connection = null;
    LiveView left = view;
    view = null;
    if (left != null) {
      left.remove(this);
    }
    return Future.succeededFuture();
  }
}

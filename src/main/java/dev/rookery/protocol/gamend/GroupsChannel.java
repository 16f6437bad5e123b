package dev.rookery.protocol.gamend;

import dev.rookery.base.Topic;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.group.Group;
import dev.rookery.group.GroupEvent;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code groups} topic (Gamend realtime contract, section 2.11): changes of the public list of
 * groups, for anyone, signed in or not. Hidden groups are not in it; a group that becomes hidden
 * leaves the list. The feed has no positions and cannot be resumed.
 */
final class GroupsChannel implements Channel {
  static final String TOPIC = "groups";

  private static final EventEncoder<Optional<Push>> ENCODER =
      delivery ->
          delivery.posted().event() instanceof GroupEvent event
              ? Optional.ofNullable(push(event))
              : Optional.empty();

  private final FanOut fanOut;
  private @Nullable Subscription subscription;

  GroupsChannel(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    return Future.succeededFuture(new JsonObject());
  }

  @Override
  public void onJoined(ChannelConnection client) {
    subscription = fanOut.subscribe(Topic.GROUPS, new Feed(client));
    subscription.startNow();
  }

  private record Feed(ChannelConnection client) implements Subscriber {
    @Override
    public void onEvent(Delivery delivery) {
      delivery.encodedBy(ENCODER).ifPresent(client::push);
    }

    @Override
    public void onLost() {
      client.requireRejoin();
    }
  }

  private static @Nullable Push push(GroupEvent event) {
    return switch (event) {
      case GroupEvent.Created(var group) -> group.hidden() ? null : listed("group_created", group);
      case GroupEvent.Updated(var group, var wasHidden) ->
          !group.hidden() ? listed("group_updated", group) : wasHidden ? null : deleted(group);
      case GroupEvent.Closed(var group) -> group.hidden() ? null : deleted(group);
      case GroupEvent.OfPlayer _ -> null;
    };
  }

  private static Push listed(String event, Group group) {
    return new Push(TOPIC, event, GroupViews.push(group));
  }

  private static Push deleted(Group group) {
    return new Push(TOPIC, "group_deleted", JsonObject.of("id", group.id().value()));
  }

  /** Clients send no events on this topic; the contract answers any with an error and closes. */
  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    return Future.succeededFuture(
        ChannelReply.errorAndClose(JsonObject.of("error", "unknown_event")));
  }

  @Override
  public Future<?> onEnd() {
    if (subscription != null) {
      subscription.cancel();
    }
    return Future.succeededFuture();
  }
}

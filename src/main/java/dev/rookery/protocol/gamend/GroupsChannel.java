package dev.rookery.protocol.gamend;

import dev.rookery.base.Topic;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.group.Group;
import dev.rookery.group.GroupEvent;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code groups} topic (Gamend realtime contract, section 2.11): changes of the public list of
 * groups, for anyone, signed in or not. Hidden groups are not in it; a group that becomes hidden
 * leaves the list. The feed has no positions and cannot be resumed.
 */
final class GroupsChannel {
  static final String TOPIC = "groups";

  static final EventEncoder<List<Push>> ENCODER = delivery -> StreamPush.oneOrNone(push(delivery));

  private GroupsChannel() {}

  /** A channel for one join. */
  static Channel create(FanOut fanOut) {
    return new FeedChannel(fanOut, Topic.GROUPS, ENCODER);
  }

  private static @Nullable Push push(Delivery delivery) {
    return delivery.posted().event() instanceof GroupEvent event ? push(event) : null;
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
}

package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatEvent;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscription;
import dev.rookery.group.GroupEvent;
import dev.rookery.group.GroupPresenceEvent;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupSnapshot;
import dev.rookery.player.Player;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code group:<id>} topic (Gamend realtime contract, section 2.10): the events of a group, for
 * its members. It is closed when the member leaves or is removed, and when the group is deleted.
 */
final class GroupChannel extends MemberChannel<GroupSnapshot> {
  static final String PREFIX = "group:";

  static final EventEncoder<List<StreamPush>> ENCODER =
      StreamPush.encoder(delivery -> StreamPush.oneOrNone(push(delivery)));
  static final EventEncoder<List<Push>> PRESENCE_ENCODER =
      delivery ->
          delivery.posted().event() instanceof GroupPresenceEvent event
              ? presencePushes(delivery.topic(), event)
              : List.of();
  private static final String REFUSED = "not_a_member_or_invalid";

  private final Bus bus;
  private @Nullable GroupId group;
  private @Nullable Subscription presence;

  GroupChannel(String topic, @Nullable Session session, Bus bus, FanOut fanOut) {
    super(topic, PREFIX, REFUSED, session, fanOut);
    this.bus = bus;
  }

  @Override
  String stream(long id) {
    return Topic.group(new GroupId(id));
  }

  @Override
  MembershipEvents membership(PlayerId own) {
    return membershipOf(own);
  }

  static MembershipEvents membershipOf(PlayerId own) {
    return new MembershipEvents(
        event -> isOwnJoin(event, own), event -> endsMembership(event, own));
  }

  @Override
  EventEncoder<List<StreamPush>> encoder() {
    return ENCODER;
  }

  @Override
  Future<GroupSnapshot> admit(long id, PlayerId player) {
    var watched = new GroupId(id);
    group = watched;
    return bus.ask(new GroupQuery.Watch(watched, player));
  }

  @Override
  @Nullable String reason(Refusal refusal) {
    return refusal instanceof Refusal.Missing ? REFUSED : null;
  }

  @Override
  Position position(GroupSnapshot admission) {
    return admission.position();
  }

  @Override
  JsonObject snapshot(GroupSnapshot admission) {
    return GroupViews.push(admission.group());
  }

  @Override
  public void onJoined(ChannelConnection client) {
    presence =
        fanOut.subscribe(
            Topic.groupMembers(Objects.requireNonNull(group)),
            new FeedSubscriber(client, PRESENCE_ENCODER));
    presence.startNow();
    super.onJoined(client);
  }

  @Override
  public Future<?> onEnd() {
    if (presence != null) {
      presence.cancel();
    }
    return super.onEnd();
  }

  private static boolean isOwnJoin(Event event, PlayerId own) {
    return event instanceof GroupEvent.Joined joined && joined.player().equals(own);
  }

  /** A member who left or was removed receives that event as the last one. */
  private static boolean endsMembership(Event event, PlayerId own) {
    return switch (event) {
      case GroupEvent.Left left -> left.player().equals(own);
      case GroupEvent.Kicked kicked -> kicked.player().equals(own);
      case GroupEvent.Closed _ -> true;
      default -> false;
    };
  }

  private static @Nullable Push push(Delivery delivery) {
    String topic = delivery.topic();
    return switch (delivery.posted().event()) {
      case GroupEvent event -> push(topic, event);
      case ChatEvent event -> ChatPushes.push(topic, event);
      // Events that this topic does not show.
      default -> null;
    };
  }

  private static @Nullable Push push(String topic, GroupEvent event) {
    return switch (event) {
      case GroupEvent.Updated(var group, _) -> new Push(topic, UPDATED, GroupViews.push(group));
      case GroupEvent.Joined(var group, var player, var name) ->
          who(topic, "member_joined", group, player, name);
      case GroupEvent.Left(var group, var player, var name) ->
          who(topic, "member_left", group, player, name);
      case GroupEvent.Kicked(var group, var player, var name, _) ->
          who(topic, "member_kicked", group, player, name);
      case GroupEvent.Promoted(var group, var player, var name) ->
          who(topic, "member_promoted", group, player, name);
      case GroupEvent.Demoted(var group, var player, var name) ->
          who(topic, "member_demoted", group, player, name);
      case GroupEvent.RequestApproved(var group, var player, var name) ->
          who(topic, "join_request_approved", group, player, name);
      case GroupEvent.RequestRejected(var group, var player, var name) ->
          who(topic, "join_request_rejected", group, player, name);
      // Created comes before any subscription, Closed ends the channel, and the others are told
      // to one player.
      case GroupEvent.Created _,
          GroupEvent.Closed _,
          GroupEvent.InviteAccepted _,
          GroupEvent.InviteCancelled _ ->
          null;
    };
  }

  private static Push who(
      String topic, String event, GroupId group, PlayerId player, String displayName) {
    return new Push(
        topic,
        event,
        JsonObject.of(
            "group_id", group.value(), "user_id", player.value(), "display_name", displayName));
  }

  /** A change of presence is also announced as a change of the member. */
  private static List<Push> presencePushes(String feed, GroupPresenceEvent event) {
    String topic = PREFIX + feed.substring(feed.indexOf(':') + 1);
    Player player = event.player();
    var updated = new Push(topic, "member_updated", Views.memberBrief(player));
    return switch (event) {
      case GroupPresenceEvent.Online _ ->
          List.of(updated, presence(topic, "member_online", player, true));
      case GroupPresenceEvent.Offline _ ->
          List.of(updated, presence(topic, "member_offline", player, false));
      case GroupPresenceEvent.Changed _ -> List.of(updated);
    };
  }

  private static Push presence(String topic, String event, Player player, boolean online) {
    return new Push(
        topic, event, JsonObject.of("user_id", player.id().value(), "is_online", online));
  }
}

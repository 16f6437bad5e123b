package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatEvent;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.group.GroupEvent;
import dev.rookery.group.GroupPresenceEvent;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupSnapshot;
import dev.rookery.player.Player;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
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
final class GroupChannel implements Channel {
  static final String PREFIX = "group:";

  private static final EventEncoder<List<StreamPush>> ENCODER =
      StreamPush.encoder(delivery -> StreamPush.oneOrNone(push(delivery)));
  private static final String REFUSED = "not_a_member_or_invalid";

  private final String topic;
  private final @Nullable Session session;
  private final Bus bus;
  private final FanOut fanOut;

  private @Nullable StreamSubscription subscription;
  private @Nullable Subscription presence;
  private @Nullable GroupSnapshot snapshot;

  GroupChannel(String topic, @Nullable Session session, Bus bus, FanOut fanOut) {
    this.topic = topic;
    this.session = session;
    this.bus = bus;
    this.fanOut = fanOut;
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    Long id = TopicId.of(topic, PREFIX);
    if (id == null || session == null) {
      return Future.failedFuture(new JoinRefusedException(REFUSED));
    }
    var group = new GroupId(id);
    PlayerId player = session.player();
    var subscribed =
        new StreamSubscription(
            fanOut,
            Topic.group(group),
            ENCODER,
            ResumeRequest.of(payload),
            new MembershipEvents(
                event -> isOwnJoin(event, player), event -> endsMembership(event, player)));
    subscription = subscribed;
    return bus.ask(new GroupQuery.Watch(group, player))
        .onFailure(_ -> subscribed.cancel())
        .recover(GroupChannel::joinRefusal)
        .compose(
            found -> {
              snapshot = found;
              return subscribed.onAdmitted(found.position());
            });
  }

  private static Future<GroupSnapshot> joinRefusal(Throwable cause) {
    boolean noMember =
        cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
    return Future.failedFuture(noMember ? new JoinRefusedException(REFUSED) : cause);
  }

  @Override
  public void onJoined(ChannelConnection client) {
    StreamSubscription joined = Objects.requireNonNull(subscription);
    GroupSnapshot loaded = Objects.requireNonNull(snapshot);
    // Not needed any more; a channel may stay open for hours.
    snapshot = null;
    presence = fanOut.subscribe(Topic.groupMembers(loaded.group().id()), new PresenceFeed(client));
    presence.startNow();
    if (!joined.start(client)) {
      JsonObject group = GroupViews.push(loaded.group());
      joined.pushSnapshot(client, List.of(new Push(topic, UPDATED, group)).iterator());
    }
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
      case GroupEvent.Kicked(var group, var player, var name) ->
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

  /** Presence of members, which has no history. */
  private record PresenceFeed(ChannelConnection client) implements Subscriber {
    private static final EventEncoder<List<Push>> ENCODER =
        delivery ->
            delivery.posted().event() instanceof GroupPresenceEvent event
                ? pushes(delivery.topic(), event)
                : List.of();

    @Override
    public void onEvent(Delivery delivery) {
      delivery.encodedBy(ENCODER).forEach(client::push);
    }

    @Override
    public void onLost() {
      client.requireRejoin();
    }

    /** A change of presence is also announced as a change of the member. */
    private static List<Push> pushes(String feed, GroupPresenceEvent event) {
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
    if (presence != null) {
      presence.cancel();
    }
    return Future.succeededFuture();
  }
}

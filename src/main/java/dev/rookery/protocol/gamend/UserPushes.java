package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.achievement.AchievementEvent;
import dev.rookery.achievement.PlayerAchievement;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatEvent;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.friend.FriendEvent;
import dev.rookery.friend.FriendPresenceEvent;
import dev.rookery.friend.Friendship;
import dev.rookery.group.GroupEvent;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.party.PartyInvite;
import dev.rookery.party.PartyInviteEvent;
import dev.rookery.player.PlayerEvent;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pushes of the {@code user:<id>} topic (Gamend realtime contract, section 2.7).
 *
 * <p>The quoted names are fixed by the contract.
 */
final class UserPushes {
  /** Of the player's stream. */
  static final EventEncoder<List<StreamPush>> ENCODER =
      StreamPush.encoder(delivery -> StreamPush.oneOrNone(push(delivery)));

  /** Of the feed of the player's friends: they come online and go offline. */
  static final EventEncoder<List<Push>> FRIENDS_ENCODER =
      delivery ->
          delivery.posted().event() instanceof FriendPresenceEvent event
              ? List.of(presencePush(delivery.topic(), event))
              : List.of();

  private UserPushes() {}

  private static @Nullable Push push(Delivery delivery) {
    return switch (delivery.posted().event()) {
      case PlayerEvent.Changed(var player) ->
          new Push(UserChannel.PREFIX + player.id(), UPDATED, Views.me(player));
      case NotificationEvent.Posted(var notification) ->
          notification(UserChannel.PREFIX + notification.recipient(), notification);
      case FriendEvent friend -> friendPush(delivery, friend);
      case AchievementEvent.Unlocked(var achievement) ->
          achievementPush("achievement_unlocked", achievement);
      case AchievementEvent.Progressed(var achievement) ->
          achievementPush("achievement_progress", achievement);
      case GroupEvent.OfPlayer group -> groupPush(group);
      case PartyInviteEvent invite -> invitePush(invite);
      case MatchmakingEvent.Matched(var ticket, var match) ->
          new Push(
              UserChannel.PREFIX + playerOf(delivery.topic()),
              "match_found",
              Views.match(match).put("ticket_id", ticket));
      case MatchmakingEvent.Expired(var ticket) ->
          new Push(
              UserChannel.PREFIX + playerOf(delivery.topic()),
              "match_not_found",
              JsonObject.of("ticket_id", ticket));
      case ChatEvent event ->
          ChatPushes.push(UserChannel.PREFIX + playerOf(delivery.topic()), event);
      // Events that this topic does not show.
      default -> null;
    };
  }

  private static Push presencePush(String feed, FriendPresenceEvent event) {
    String topic = UserChannel.PREFIX + playerOf(feed);
    return switch (event) {
      case FriendPresenceEvent.Online(var player, _) ->
          new Push(topic, "friend_online", Views.memberBrief(player));
      case FriendPresenceEvent.Offline(var player, _) ->
          new Push(topic, "friend_offline", Views.memberBrief(player));
      case FriendPresenceEvent.Deleted(var player, _) ->
          new Push(
              topic,
              "friend_offline",
              JsonObject.of("user_id", player.value(), "is_online", false));
    };
  }

  /** The id of the player, which follows the colon in the names of their topics. */
  private static String playerOf(String topic) {
    return topic.substring(topic.indexOf(':') + 1);
  }

  private static Push achievementPush(String event, PlayerAchievement achievement) {
    return new Push(
        UserChannel.PREFIX + achievement.player(), event, Views.playerAchievement(achievement));
  }

  private static Push friendPush(Delivery delivery, FriendEvent event) {
    Friendship friendship = event.friendship();
    PlayerId target = friendship.target();
    boolean toTarget = delivery.topic().equals(Topic.player(target));
    String name =
        switch (event) {
          case FriendEvent.Requested _ -> toTarget ? "incoming_request" : "outgoing_request";
          case FriendEvent.Accepted _ -> "friend_accepted";
          case FriendEvent.Rejected _ -> "friend_rejected";
          case FriendEvent.Cancelled _ -> "request_cancelled";
          case FriendEvent.Removed _ -> "friend_removed";
          case FriendEvent.Blocked _ -> "friend_blocked";
          case FriendEvent.Unblocked _ -> "friend_unblocked";
        };
    PlayerId player = toTarget ? target : friendship.requester();
    return new Push(UserChannel.PREFIX + player, name, Views.friendship(friendship));
  }

  private static @Nullable Push groupPush(GroupEvent.OfPlayer event) {
    String topic = UserChannel.PREFIX + event.player();
    JsonObject group = JsonObject.of("group_id", event.group().value());
    return switch (event) {
      case GroupEvent.InviteAccepted _ -> new Push(topic, "group_invite_accepted", group);
      case GroupEvent.InviteCancelled(_, _, var title) ->
          new Push(topic, "group_invite_cancelled", group.put("group_name", title));
      case GroupEvent.RequestApproved _ -> new Push(topic, "group_join_approved", group);
      case GroupEvent.RequestRejected _ -> new Push(topic, "group_join_rejected", group);
      // On the stream of the group alone.
      case GroupEvent.Joined _,
          GroupEvent.Left _,
          GroupEvent.Kicked _,
          GroupEvent.Promoted _,
          GroupEvent.Demoted _ ->
          null;
    };
  }

  private static Push invitePush(PartyInviteEvent event) {
    PartyInvite invite = event.invite();
    return switch (event) {
      case PartyInviteEvent.Accepted _ ->
          new Push(
              UserChannel.PREFIX + invite.sender(),
              "party_invite_accepted",
              invite(invite, invite.recipient()));
      case PartyInviteEvent.Declined(_, var full) -> {
        JsonObject payload = invite(invite, invite.recipient());
        yield new Push(
            UserChannel.PREFIX + invite.sender(),
            "party_invite_declined",
            full ? payload.put("reason", "party_full") : payload);
      }
      case PartyInviteEvent.Cancelled _ ->
          new Push(
              UserChannel.PREFIX + invite.recipient(),
              "party_invite_cancelled",
              invite(invite, invite.sender()));
    };
  }

  /**
   * @param other the player of the invite who did something about it
   */
  private static JsonObject invite(PartyInvite invite, PlayerId other) {
    return JsonObject.of("party_id", invite.party().value(), "user_id", other.value());
  }

  static Push notification(String topic, Notification notification) {
    return new Push(topic, "notification", Views.notification(notification));
  }
}

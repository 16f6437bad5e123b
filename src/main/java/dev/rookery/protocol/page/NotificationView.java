package dev.rookery.protocol.page;

import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationKind;
import dev.rookery.translation.Message;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Notifications and their kinds as templates show them. */
final class NotificationView {
  /** What a player can answer to an invite or request in its notification. */
  private static final List<Map<String, Object>> ANSWERS =
      List.of(
          Map.of("id", "accept", "label", Message.of("Accept"), "kind", ""),
          Map.of("id", "decline", "label", Message.of("Decline"), "kind", "secondary"));

  private NotificationView() {}

  static Map<String, Object> of(Notification notification) {
    NotificationKind kind = kind(notification);
    boolean ofServer = notification.sender().equals(notification.recipient());
    var view = new HashMap<String, Object>();
    view.put("id", notification.id().value());
    view.put("icon", icon(kind));
    view.put("title", title(notification, kind));
    view.put("content", content(notification, kind));
    view.put(
        "sender",
        ofServer
            ? Message.NONE
            : PlayerView.name(notification.sender(), notification.senderName()));
    view.put("at", Instant.ofEpochMilli(notification.createdMs()));
    view.put("read", notification.read());
    view.put("actions", isAnswered(kind) ? ANSWERS : List.of());
    view.put("link", link(notification, kind));
    return view;
  }

  /** The kind; what is not known here is shown as a text. */
  static NotificationKind kind(Notification notification) {
    for (NotificationKind kind : NotificationKind.values()) {
      if (kind.code() == notification.code()) {
        return kind;
      }
    }
    return NotificationKind.CUSTOM;
  }

  /** The title in the language of the page, unless a player wrote it. */
  private static Message title(Notification notification, NotificationKind kind) {
    String title = notification.title();
    return switch (kind) {
      case CUSTOM, GROUP_NOTICE, ANNOUNCEMENT -> Message.literal(title);
      case FRIEND_REQUEST -> Message.of("New Friend Request");
      case FRIEND_ACCEPTED -> Message.of("Friend Request Accepted");
      case FRIEND_DECLINED -> Message.of("Friend Request Declined");
      case GROUP_INVITE -> Message.of("New Group Invite");
      case GROUP_INVITE_ACCEPTED -> Message.of("Group Invite Accepted");
      case GROUP_INVITE_DECLINED -> Message.of("Group Invite Declined");
      case GROUP_JOIN_REQUEST -> Message.of("New Group Join Request");
      case GROUP_JOIN_APPROVED -> Message.of("Group Join Request Approved");
      case GROUP_JOIN_DECLINED -> Message.of("Group Join Request Declined");
      case GROUP_KICKED -> Message.of("Removed From Group");
      case GROUP_PROMOTED -> Message.of("Promoted To Admin");
      case GROUP_DEMOTED -> Message.of("Demoted From Admin");
      case PARTY_INVITE -> Message.of("New Party Invite");
      case PARTY_INVITE_ACCEPTED -> Message.of("Party Invite Accepted");
      case PARTY_INVITE_DECLINED -> Message.of("Party Invite Declined");
      case PARTY_KICKED -> Message.of("Removed From Party");
      case LOBBY_KICKED -> Message.of("Removed From Lobby");
      case CHAT_FRIEND -> Message.of("New messages from friends");
      case CHAT_GROUP, CHAT_LOBBY ->
          Message.of("New messages from {name}", "name", named(title, kind));
      case CHAT_PARTY -> Message.of("New message in party");
      case ACHIEVEMENT_UNLOCKED ->
          title.startsWith(kind.title())
              ? Message.of("Achievement Unlocked: {name}", "name", named(title, kind))
              : Message.of("Secret Achievement Unlocked");
    };
  }

  /** The name that follows the title of a kind. */
  private static String named(String title, NotificationKind kind) {
    return title.startsWith(kind.title()) ? title.substring(kind.title().length()) : title;
  }

  private static boolean isAnswered(NotificationKind kind) {
    return kind == NotificationKind.FRIEND_REQUEST
        || kind == NotificationKind.GROUP_INVITE
        || kind == NotificationKind.PARTY_INVITE;
  }

  private static Message content(Notification notification, NotificationKind kind) {
    // Players write the metadata of other kinds.
    return kind.code() / 100 == NotificationKind.CHAT_FRIEND.code() / 100
            && notification.metadata().get("message_count") instanceof Number messages
        ? Message.plural("{count} new message", "{count} new messages", messages.longValue())
        : Message.literal(notification.content());
  }

  private static String icon(NotificationKind kind) {
    return switch (kind.code() / 100) {
      case 1 -> "☺";
      case 2 -> "⚑";
      case 3 -> "♟";
      case 4 -> "⌂";
      case 5 -> "✉";
      case 6 -> "★";
      case 7 -> "ℹ";
      default -> "•";
    };
  }

  /** Where the notification leads; empty for nowhere. */
  private static String link(Notification notification, NotificationKind kind) {
    return switch (kind) {
      case FRIEND_REQUEST, FRIEND_ACCEPTED, FRIEND_DECLINED -> "/users/settings/friends";
      case GROUP_INVITE_ACCEPTED,
          GROUP_INVITE_DECLINED,
          GROUP_JOIN_REQUEST,
          GROUP_JOIN_APPROVED,
          GROUP_PROMOTED,
          GROUP_DEMOTED,
          GROUP_NOTICE ->
          of(notification, "group_id", "/groups/");
      case CHAT_FRIEND -> "/chat";
      case CHAT_GROUP -> of(notification, "group_id", "/chat/group/");
      case CHAT_LOBBY -> of(notification, "lobby_id", "/chat/lobby/");
      case CHAT_PARTY -> of(notification, "party_id", "/chat/party/");
      case ACHIEVEMENT_UNLOCKED -> "/achievements";
      case CUSTOM,
          GROUP_INVITE,
          GROUP_JOIN_DECLINED,
          GROUP_KICKED,
          PARTY_INVITE,
          PARTY_INVITE_ACCEPTED,
          PARTY_INVITE_DECLINED,
          PARTY_KICKED,
          LOBBY_KICKED,
          ANNOUNCEMENT ->
          "";
    };
  }

  /** Only a number is taken into the address: players write the metadata of some kinds. */
  private static String of(Notification notification, String id, String path) {
    return notification.metadata().get(id) instanceof Number number
        ? path + number.longValue()
        : "";
  }

  /** The name of a kind in the settings. */
  static Message name(NotificationKind kind) {
    return switch (kind) {
      case CUSTOM -> Message.of("Messages from friends");
      case FRIEND_REQUEST -> Message.of("Friend requests");
      case FRIEND_ACCEPTED -> Message.of("Accepted friend requests");
      case FRIEND_DECLINED -> Message.of("Declined friend requests");
      case GROUP_INVITE -> Message.of("Invites to groups");
      case GROUP_INVITE_ACCEPTED -> Message.of("Accepted invites to your groups");
      case GROUP_INVITE_DECLINED -> Message.of("Declined invites to your groups");
      case GROUP_JOIN_REQUEST -> Message.of("Requests to join your groups");
      case GROUP_JOIN_APPROVED -> Message.of("Your requests to join that were approved");
      case GROUP_JOIN_DECLINED -> Message.of("Your requests to join that were declined");
      case GROUP_KICKED -> Message.of("Being removed from a group");
      case GROUP_PROMOTED -> Message.of("Becoming an admin of a group");
      case GROUP_DEMOTED -> Message.of("Being an admin of a group no more");
      case GROUP_NOTICE -> Message.of("Notices to all members of a group");
      case PARTY_INVITE -> Message.of("Invites to parties");
      case PARTY_INVITE_ACCEPTED -> Message.of("Accepted invites to your party");
      case PARTY_INVITE_DECLINED -> Message.of("Declined invites to your party");
      case PARTY_KICKED -> Message.of("Being removed from a party");
      case LOBBY_KICKED -> Message.of("Being removed from a lobby");
      case CHAT_FRIEND -> Message.of("Messages from friends");
      case CHAT_GROUP -> Message.of("Messages in groups");
      case CHAT_LOBBY -> Message.of("Messages in the lobby");
      case CHAT_PARTY -> Message.of("Messages in the party");
      case ACHIEVEMENT_UNLOCKED -> Message.of("Unlocked achievements");
      case ANNOUNCEMENT -> Message.of("News of the game");
    };
  }

  /** The name of the kinds whose codes begin with that digit. */
  static Message groupName(int hundreds) {
    return switch (hundreds) {
      case 1 -> Message.of("Friends");
      case 2 -> Message.of("Groups");
      case 3 -> Message.of("Parties");
      case 4 -> Message.of("Lobbies");
      case 5 -> Message.of("Chat");
      case 6 -> Message.of("Achievements");
      case 7 -> Message.of("News");
      default -> Message.of("Data");
    };
  }
}

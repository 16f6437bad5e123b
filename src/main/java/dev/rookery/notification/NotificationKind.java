package dev.rookery.notification;

import java.util.Arrays;
import java.util.Map;

/**
 * The kinds of notifications (Gamend HTTP contract, appendix B). A kind has a type, which clients
 * find in the metadata, and a code, by which clients of other wires tell kinds apart. Both are
 * stored and never change. The title is a part of what a later notification replaces.
 */
public enum NotificationKind {
  /** Written by a player for a friend. */
  CUSTOM("", 0, "", ""),

  FRIEND_REQUEST("friend_request", 101, "New Friend Request", "friendship"),
  FRIEND_ACCEPTED("friend_accepted", 102, "Friend Request Accepted", "friendship"),
  FRIEND_DECLINED("friend_declined", 103, "Friend Request Declined", "friendship"),

  GROUP_INVITE("group_invite", 201, "New Group Invite", "group"),
  GROUP_INVITE_ACCEPTED("group_invite_accepted", 202, "Group Invite Accepted", "group"),
  GROUP_INVITE_DECLINED("group_invite_declined", 203, "Group Invite Declined", "group"),
  GROUP_JOIN_REQUEST("group_join_request", 204, "New Group Join Request", "group"),
  GROUP_JOIN_APPROVED("group_join_approved", 205, "Group Join Request Approved", "group"),
  GROUP_JOIN_DECLINED("group_join_declined", 206, "Group Join Request Declined", "group"),
  GROUP_KICKED("group_kicked", 207, "Removed From Group", "group"),
  GROUP_PROMOTED("group_promoted", 208, "Promoted To Admin", "group"),
  GROUP_DEMOTED("group_demoted", 209, "Demoted From Admin", "group"),
  /** Written by a member for all others; the metadata has no type. */
  GROUP_NOTICE("", 210, "Group Notification", "group"),

  PARTY_INVITE("party_invite", 301, "New Party Invite", "party"),
  PARTY_INVITE_ACCEPTED("party_invite_accepted", 302, "Party Invite Accepted", "party"),
  PARTY_INVITE_DECLINED("party_invite_declined", 303, "Party Invite Declined", "party"),
  PARTY_KICKED("party_kicked", 304, "Removed From Party", "party"),

  LOBBY_KICKED("lobby_kicked", 401, "Removed From Lobby", "lobby"),

  CHAT_FRIEND("chat_friend", 501, "New messages from friends", ""),
  /** The title names the group. */
  CHAT_GROUP("chat_group", 502, "New messages from ", "group"),
  /** The title names the lobby. */
  CHAT_LOBBY("chat_lobby", 503, "New messages from ", "lobby"),
  CHAT_PARTY("chat_party", 504, "New message in party", "party"),

  /** The title names the achievement, unless it is hidden. */
  ACHIEVEMENT_UNLOCKED("achievement_unlocked", 601, "Achievement Unlocked: ", "achievement"),

  /** Written by an admin for many players. */
  ANNOUNCEMENT("announcement", 701, "", "broadcast");

  private final String type;
  private final int code;
  private final String title;
  private final String subject;

  NotificationKind(String type, int code, String title, String subject) {
    this.type = type;
    this.code = code;
    this.title = title;
    this.subject = subject;
  }

  /** The kind with a code. */
  static NotificationKind ofCode(int code) {
    return Arrays.stream(values())
        .filter(kind -> kind.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind of notification " + code));
  }

  /** Whether players may switch the kind off; what a friend writes always arrives. */
  public boolean canBeMuted() {
    return this != CUSTOM;
  }

  /** The value of {@code type} in the metadata; empty for what players write. */
  public String type() {
    return type;
  }

  public int code() {
    return code;
  }

  /** The title, or its beginning where the name of a thing follows. */
  public String title() {
    return title;
  }

  /** The subject of the notifications of a broadcast. */
  static String broadcastSubject(long broadcast) {
    return ANNOUNCEMENT.subject + ":" + broadcast;
  }

  /** The thing that a notification with this metadata is about; empty for none. */
  String subject(Map<String, Object> metadata) {
    Object id = subject.isEmpty() ? null : metadata.get(subject + "_id");
    return id == null ? "" : subject + ":" + id;
  }
}

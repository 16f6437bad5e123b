package dev.rookery.group;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import java.util.HashMap;
import java.util.Map;

/** The notifications about groups (Gamend HTTP contract, appendix B). */
final class GroupNotifications {
  private GroupNotifications() {}

  static Draft invited(
      Group group, PlayerId sender, String senderName, PlayerId recipient, String recipientName) {
    Map<String, Object> metadata = metadata(group);
    metadata.put("sender_name", senderName);
    metadata.put("recipient_name", recipientName);
    String content = "You have been invited to join " + group.title() + ".";
    return Draft.of(NotificationKind.GROUP_INVITE, sender, recipient, content, metadata);
  }

  /** Of the notification about an invite that is cancelled or answered. */
  static Retraction retraction(GroupInvite invite) {
    return new Retraction(
        NotificationKind.GROUP_INVITE,
        invite.sender(),
        invite.recipient(),
        "group:" + invite.group().value());
  }

  static Draft inviteAccepted(Group group, PlayerId inviter, PlayerId by, String name) {
    Map<String, Object> metadata = metadata(group);
    addUser(metadata, by, name);
    String content = named(name) + " accepted your invite to " + group.title() + ".";
    return Draft.of(NotificationKind.GROUP_INVITE_ACCEPTED, by, inviter, content, metadata);
  }

  /**
   * @param full whether the group had no room when the player accepted
   */
  static Draft inviteDeclined(
      Group group, PlayerId inviter, PlayerId by, String name, boolean full) {
    Map<String, Object> metadata = metadata(group);
    addUser(metadata, by, name);
    if (full) {
      metadata.put("reason", "full");
    }
    String content = named(name) + " declined your invite to " + group.title() + ".";
    return Draft.of(NotificationKind.GROUP_INVITE_DECLINED, by, inviter, content, metadata);
  }

  static Draft requested(Group group, PlayerId admin, PlayerId by, String name) {
    Map<String, Object> metadata = metadata(group);
    addUser(metadata, by, name);
    String content = named(name) + " asks to join " + group.title() + ".";
    return Draft.of(NotificationKind.GROUP_JOIN_REQUEST, by, admin, content, metadata);
  }

  static Draft approved(Group group, PlayerId admin, String adminName, PlayerId requester) {
    Map<String, Object> metadata = metadata(group);
    metadata.put("admin_id", admin.value());
    metadata.put("admin_name", adminName);
    String content = "Your request to join " + group.title() + " was approved.";
    return Draft.of(NotificationKind.GROUP_JOIN_APPROVED, admin, requester, content, metadata);
  }

  static Draft declined(Group group, PlayerId admin, PlayerId requester) {
    return Draft.of(
        NotificationKind.GROUP_JOIN_DECLINED,
        admin,
        requester,
        "Your request to join " + group.title() + " was declined.",
        metadata(group));
  }

  static Draft kicked(Group group, PlayerId admin, PlayerId target) {
    return Draft.of(
        NotificationKind.GROUP_KICKED,
        admin,
        target,
        "You were removed from " + group.title() + ".",
        metadata(group));
  }

  static Draft promoted(Group group, PlayerId admin, PlayerId target) {
    return Draft.of(
        NotificationKind.GROUP_PROMOTED,
        admin,
        target,
        "You are now an admin of " + group.title() + ".",
        metadata(group));
  }

  static Draft demoted(Group group, PlayerId admin, PlayerId target) {
    return Draft.of(
        NotificationKind.GROUP_DEMOTED,
        admin,
        target,
        "You are no longer an admin of " + group.title() + ".",
        metadata(group));
  }

  static Draft notice(
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata) {
    return new Draft(NotificationKind.GROUP_NOTICE, sender, recipient, title, content, metadata, 0);
  }

  /** What a notification to all members carries, beside what its sender put in. */
  static Map<String, Object> toAll(Group group, Map<String, Object> given) {
    var metadata = new HashMap<>(given);
    addGroup(metadata, group);
    return metadata;
  }

  private static Map<String, Object> metadata(Group group) {
    var metadata = new HashMap<String, Object>();
    addGroup(metadata, group);
    return metadata;
  }

  private static void addGroup(Map<String, Object> metadata, Group group) {
    metadata.put("group_id", group.id().value());
    metadata.put("group_name", group.title());
  }

  private static String named(String name) {
    return name.isBlank() ? "A player" : name;
  }

  private static void addUser(Map<String, Object> metadata, PlayerId player, String name) {
    metadata.put("user_id", player.value());
    metadata.put("user_name", name);
  }
}

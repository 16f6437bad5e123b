package dev.rookery.group;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationWriter.Draft;
import java.util.HashMap;
import java.util.Map;

/** The notifications about groups (Gamend HTTP contract, appendix B). */
final class GroupNotifications {
  /** The title of the notification about an invite, which is retracted with it. */
  static final String INVITE = "New Group Invite";

  private GroupNotifications() {}

  static Draft invited(
      Group group, PlayerId sender, String senderName, PlayerId recipient, String recipientName) {
    Map<String, Object> metadata = metadata("group_invite", group);
    metadata.put("sender_name", senderName);
    metadata.put("recipient_name", recipientName);
    String content = "You have been invited to join " + group.title() + ".";
    return new Draft(sender, recipient, INVITE, content, metadata);
  }

  static Draft inviteAccepted(Group group, PlayerId inviter, PlayerId by, String name) {
    Map<String, Object> metadata = metadata("group_invite_accepted", group);
    addUser(metadata, by, name);
    String content = named(name) + " accepted your invite to " + group.title() + ".";
    return new Draft(by, inviter, "Group Invite Accepted", content, metadata);
  }

  /**
   * @param full whether the group had no room when the player accepted
   */
  static Draft inviteDeclined(
      Group group, PlayerId inviter, PlayerId by, String name, boolean full) {
    Map<String, Object> metadata = metadata("group_invite_declined", group);
    addUser(metadata, by, name);
    if (full) {
      metadata.put("reason", "full");
    }
    String content = named(name) + " declined your invite to " + group.title() + ".";
    return new Draft(by, inviter, "Group Invite Declined", content, metadata);
  }

  static Draft requested(Group group, PlayerId admin, PlayerId by, String name) {
    Map<String, Object> metadata = metadata("group_join_request", group);
    addUser(metadata, by, name);
    String content = named(name) + " asks to join " + group.title() + ".";
    return new Draft(by, admin, "New Group Join Request", content, metadata);
  }

  static Draft approved(Group group, PlayerId admin, String adminName, PlayerId requester) {
    Map<String, Object> metadata = metadata("group_join_approved", group);
    metadata.put("admin_id", admin.value());
    metadata.put("admin_name", adminName);
    String content = "Your request to join " + group.title() + " was approved.";
    return new Draft(admin, requester, "Group Join Request Approved", content, metadata);
  }

  static Draft declined(Group group, PlayerId admin, PlayerId requester) {
    return new Draft(
        admin,
        requester,
        "Group Join Request Declined",
        "Your request to join " + group.title() + " was declined.",
        metadata("group_join_declined", group));
  }

  static Draft kicked(Group group, PlayerId admin, PlayerId target) {
    return new Draft(
        admin,
        target,
        "Removed From Group",
        "You were removed from " + group.title() + ".",
        metadata("group_kicked", group));
  }

  static Draft promoted(Group group, PlayerId admin, PlayerId target) {
    return new Draft(
        admin,
        target,
        "Promoted To Admin",
        "You are now an admin of " + group.title() + ".",
        metadata("group_promoted", group));
  }

  static Draft demoted(Group group, PlayerId admin, PlayerId target) {
    return new Draft(
        admin,
        target,
        "Demoted From Admin",
        "You are no longer an admin of " + group.title() + ".",
        metadata("group_demoted", group));
  }

  /** What a notification to all members carries, beside what its sender put in. */
  static Map<String, Object> toAll(Group group, Map<String, Object> given) {
    var metadata = new HashMap<>(given);
    addGroup(metadata, group);
    return metadata;
  }

  private static Map<String, Object> metadata(String type, Group group) {
    var metadata = new HashMap<String, Object>();
    metadata.put("type", type);
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

package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.group.Group;
import dev.rookery.group.GroupInvite;
import dev.rookery.group.GroupMember;
import dev.rookery.group.GroupMembership;
import dev.rookery.group.GroupRole;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * The JSON objects of groups (Gamend HTTP contract, section 3; Gamend realtime contract, section
 * 2.1).
 */
final class GroupViews {
  private GroupViews() {}

  /** The group in HTTP responses. */
  static JsonObject group(Group group) {
    return push(group)
        .put("member_count", group.members())
        .put("slowdown", group.slowdownSeconds())
        .put("inserted_at", Views.time(group.createdMs()))
        .put("updated_at", Views.time(group.updatedMs()));
  }

  /** The group in the pushes of channels. */
  static JsonObject push(Group group) {
    PlayerId creator = group.creator();
    return new JsonObject()
        .put("id", group.id().value())
        .put("title", group.title())
        .put("description", group.description())
        .put("type", group.type().name().toLowerCase(Locale.ROOT))
        .put("max_members", group.membersMax())
        .put("metadata", group.metadata())
        .put("creator_id", creator == null ? null : creator.value())
        .put("creator_name", group.creatorName());
  }

  /** A member in the answers to commands, which do not show the player. */
  static JsonObject member(GroupMembership member) {
    return member(member, "", "", false, 0);
  }

  /** A member in the list of members. */
  static JsonObject member(GroupMember member) {
    var player = member.player();
    return member(
        member.membership(),
        player.displayName(),
        player.profileUrl(),
        player.online(),
        player.lastSeenMs());
  }

  private static JsonObject member(
      GroupMembership member, String name, String profileUrl, boolean online, long lastSeenMs) {
    return new JsonObject()
        .put("id", member.id().value())
        .put("user_id", member.player().value())
        .put("group_id", member.group().value())
        .put("role", member.role().isAdmin() ? "admin" : "member")
        .put("display_name", name)
        .put("profile_url", profileUrl)
        .put("is_online", online)
        .put("last_seen_at", Views.time(lastSeenMs))
        .put("inserted_at", Views.time(member.joinedMs()));
  }

  /** A request in the answers to commands, which do not show the player. */
  static JsonObject request(GroupMembership request) {
    return request(request, "");
  }

  /** A request in the list of requests. */
  static JsonObject request(GroupMember request) {
    return request(request.membership(), request.player().displayName());
  }

  private static JsonObject request(GroupMembership request, String name) {
    return new JsonObject()
        .put("id", request.id().value())
        .put("user_id", request.player().value())
        .put("group_id", request.group().value())
        .put("status", status(request.role()))
        .put("display_name", name)
        .put("inserted_at", Views.time(request.createdMs()));
  }

  private static String status(GroupRole role) {
    return switch (role) {
      case REQUESTED -> "pending";
      case OWNER, ADMIN, MEMBER -> "accepted";
      case DECLINED, BANNED -> "rejected";
    };
  }

  static JsonObject invite(GroupInvite invite) {
    return new JsonObject()
        .put("id", invite.id().value())
        .put("group_id", invite.group().value())
        .put("group_name", invite.groupTitle())
        .put("sender_id", invite.sender().value())
        .put("sender_name", invite.senderName())
        .put("recipient_id", invite.recipient().value())
        .put("recipient_name", invite.recipientName())
        .put("status", invite.state().name().toLowerCase(Locale.ROOT))
        .put("inserted_at", Views.time(invite.createdMs()));
  }
}

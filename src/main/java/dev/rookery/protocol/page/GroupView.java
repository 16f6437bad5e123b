package dev.rookery.protocol.page;

import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand.Settings;
import dev.rookery.group.GroupInvite;
import dev.rookery.group.GroupMember;
import dev.rookery.group.GroupRole;
import dev.rookery.group.GroupType;
import dev.rookery.translation.Message;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups, their members and their forms as templates show them. */
final class GroupView {
  /** What an admin of a group chooses from. */
  static final List<Map<String, Object>> TYPES =
      List.of(
          option("public", Message.of("Everybody")),
          option("private", Message.of("Whom an admin approves")),
          option("hidden", Message.of("Whom an admin invites; nobody else sees the group")));

  private GroupView() {}

  static Map<String, Object> option(String value, Message label) {
    return Map.of("value", value, "label", label);
  }

  static Map<String, Object> of(Group group) {
    var creator = group.creator();
    var view = new HashMap<String, Object>();
    view.put("id", group.id().value());
    view.put("title", group.title());
    view.put("description", group.description());
    view.put("type", typeName(group.type()));
    view.put("open", group.type() == GroupType.PUBLIC);
    view.put("members", group.members());
    view.put("membersMax", group.membersMax());
    view.put(
        "creator", creator == null ? Message.NONE : PlayerView.name(creator, group.creatorName()));
    view.put("slowdown", group.slowdownSeconds());
    view.put("created", Instant.ofEpochMilli(group.createdMs()));
    return view;
  }

  private static Message typeName(GroupType type) {
    return switch (type) {
      case PUBLIC -> Message.of("Open to everybody");
      case PRIVATE -> Message.of("Admins approve members");
      case HIDDEN -> Message.of("By invite, hidden");
    };
  }

  static Map<String, Object> member(GroupMember member) {
    GroupRole role = member.membership().role();
    Map<String, Object> view = PlayerView.of(member.player());
    view.put("membership", member.membership().id().value());
    view.put("role", roleName(role));
    view.put("isAdmin", role.isAdmin());
    view.put("joined", Instant.ofEpochMilli(member.membership().joinedMs()));
    return view;
  }

  private static Message roleName(GroupRole role) {
    return role == GroupRole.OWNER
        ? Message.of("Owner")
        : role == GroupRole.ADMIN ? Message.of("Admin") : Message.NONE;
  }

  static Map<String, Object> invite(GroupInvite invite) {
    return Map.of(
        "id", invite.id().value(),
        "group", invite.groupTitle(),
        "sender", PlayerView.name(invite.sender(), invite.senderName()),
        "recipient", PlayerView.name(invite.recipient(), invite.recipientName()),
        "at", Instant.ofEpochMilli(invite.createdMs()));
  }

  /** A form as it was sent. */
  static Map<String, Object> form(PageRequest request) {
    return Map.of(
        "title", request.field("title"),
        "description", request.field("description"),
        "type", request.field("type"),
        "membersMax", request.field("max_members"),
        "slowdown", request.field("slowdown"));
  }

  /** A form with what is stored. */
  static Map<String, Object> form(Group group) {
    return Map.of(
        "title", group.title(),
        "description", group.description(),
        "type", group.type().name().toLowerCase(Locale.ROOT),
        "membersMax", group.membersMax(),
        "slowdown", group.slowdownSeconds());
  }

  /** The settings that a form asks for; empty numbers stand for what there is, or the default. */
  static Settings settings(PageRequest request) {
    String type = request.field("type");
    return new Settings(
        request.field("title").strip(),
        request.field("description"),
        type.isEmpty() ? null : type,
        request.wholeNumber("max_members"),
        null,
        request.wholeNumber("slowdown"));
  }

  /** The type of a name in an address; null for all. */
  static @Nullable GroupType type(String name) {
    return switch (name) {
      case "public" -> GroupType.PUBLIC;
      case "private" -> GroupType.PRIVATE;
      default -> null;
    };
  }
}

package dev.rookery.chat;

import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/** The titles of groups and lobbies that are open, for the notifications that name them. */
record AudienceTitles(Map<GroupId, String> groups, Map<LobbyId, String> lobbies) {
  static AudienceTitles read(
      Transaction tx, Groups groups, Lobbies lobbies, Set<Audience> audiences) {
    var ofGroups = new HashMap<GroupId, String>();
    Placeholders.inParts(
        ids(audiences, Kind.GROUP, GroupId::new), part -> ofGroups.putAll(groups.titles(tx, part)));
    var ofLobbies = new HashMap<LobbyId, String>();
    Placeholders.inParts(
        ids(audiences, Kind.LOBBY, LobbyId::new),
        part -> ofLobbies.putAll(lobbies.titles(tx, part)));
    return new AudienceTitles(ofGroups, ofLobbies);
  }

  private static <T> List<T> ids(Set<Audience> audiences, Kind kind, LongFunction<T> id) {
    return audiences.stream()
        .filter(one -> one.kind() == kind)
        .map(one -> id.apply(one.id()))
        .toList();
  }

  boolean isOpen(Audience audience) {
    return switch (audience.kind()) {
      case GROUP -> groups.containsKey(new GroupId(audience.id()));
      case LOBBY -> lobbies.containsKey(new LobbyId(audience.id()));
      case PARTY, DIRECT, ROOM -> true;
    };
  }

  /** The notification of a member of that many messages. */
  Draft draft(Audience audience, PlayerId member, int count) {
    long id = audience.id();
    return switch (audience.kind()) {
      case DIRECT ->
          Draft.ofMessages(
              NotificationKind.CHAT_FRIEND,
              member,
              NotificationKind.CHAT_FRIEND.title(),
              Map.of("chat_type", "friend"),
              count);
      case GROUP ->
          Draft.ofMessages(
              NotificationKind.CHAT_GROUP,
              member,
              NotificationKind.CHAT_GROUP.title() + groups.get(new GroupId(id)),
              Map.of("chat_type", "group", "group_id", id),
              count);
      case PARTY ->
          Draft.ofMessages(
              NotificationKind.CHAT_PARTY,
              member,
              NotificationKind.CHAT_PARTY.title(),
              Map.of("chat_type", "party", "party_id", id),
              count);
      case LOBBY ->
          Draft.ofMessages(
              NotificationKind.CHAT_LOBBY,
              member,
              NotificationKind.CHAT_LOBBY.title() + lobbies.get(new LobbyId(id)),
              Map.of("chat_type", "lobby", "lobby_id", id),
              count);
      case ROOM -> throw new IllegalStateException("rooms have no members");
    };
  }
}

package dev.rookery.group;

import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.Topic;
import dev.rookery.player.Player;
import java.util.List;

/**
 * A member of groups came online, went offline or changed their profile. Not stored: it reaches the
 * feeds of the groups ({@link Topic#groupMembers}) at most once, and is of no stream.
 */
public sealed interface GroupPresenceEvent extends Event {
  Player player();

  List<GroupId> groups();

  @Override
  default List<String> feeds() {
    return groups().stream().map(Topic::groupMembers).toList();
  }

  record Online(Player player, List<GroupId> groups) implements GroupPresenceEvent {}

  record Offline(Player player, List<GroupId> groups) implements GroupPresenceEvent {}

  record Changed(Player player, List<GroupId> groups) implements GroupPresenceEvent {}
}

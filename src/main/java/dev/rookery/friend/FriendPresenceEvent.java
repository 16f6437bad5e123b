package dev.rookery.friend;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.player.Player;
import java.util.List;

/**
 * A player came online or went offline, for those friends who are online. Not stored: it reaches
 * the feeds of the friends ({@link Topic#friends}) at most once, and is of no stream.
 */
public sealed interface FriendPresenceEvent extends Event {
  List<PlayerId> friends();

  @Override
  default List<String> feeds() {
    return friends().stream().map(Topic::friends).toList();
  }

  record Online(Player player, List<PlayerId> friends) implements FriendPresenceEvent {}

  record Offline(Player player, List<PlayerId> friends) implements FriendPresenceEvent {}

  /** The account of a player who was online is being deleted. */
  record Deleted(PlayerId player, List<PlayerId> friends) implements FriendPresenceEvent {}
}

package dev.rookery.friend;

import dev.rookery.base.Page;

/** One page of the pending requests to a player, and one of those by the player. */
public record FriendRequests(Page<Friend> incoming, Page<Friend> outgoing) {}

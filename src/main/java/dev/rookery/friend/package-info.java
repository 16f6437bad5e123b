/**
 * Friends: requests, friendships and blocks between players. Each is a row from the player who
 * asked to the player who was asked, with a state. Every change locks both players, so that limits
 * hold and requests that cross each other become one friendship.
 *
 * <p>Other domains ask {@link dev.rookery.friend.Friends} in their own transactions.
 */
@NullMarked
package dev.rookery.friend;

import org.jspecify.annotations.NullMarked;

/**
 * Groups: players who belong together for longer than a game, with roles, join requests and
 * invites.
 *
 * <p>A group and who belongs to it are rows, and every change locks the row of the group first and
 * then the players by ascending id. So a group never has more members than it may have, and never
 * is without an admin while it has members. Events are on the stream of the group, and those for
 * one player on the stream of that player. A hidden group exists only for its members.
 */
@NullMarked
package dev.rookery.group;

import org.jspecify.annotations.NullMarked;

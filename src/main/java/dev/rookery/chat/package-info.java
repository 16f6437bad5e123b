/**
 * Conversations, their messages and read positions.
 *
 * <p>Served through {@link dev.rookery.chat.ChatCommand}. A message and its event are stored in one
 * transaction, which locks the conversation: ids of messages ascend in the order of their events,
 * and no message is stored of a player who has left.
 */
@NullMarked
package dev.rookery.chat;

import org.jspecify.annotations.NullMarked;

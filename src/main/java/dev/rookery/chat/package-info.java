/**
 * Conversations and their messages: where one talks, who hears it, how far each has read.
 *
 * <p>Served through {@link dev.rookery.chat.ChatCommand}. A message and the event that tells of it
 * are one transaction, in which the conversation is held: ids of messages ascend in the order in
 * which they are seen, and nobody is heard where he no longer is.
 */
@NullMarked
package dev.rookery.chat;

import org.jspecify.annotations.NullMarked;

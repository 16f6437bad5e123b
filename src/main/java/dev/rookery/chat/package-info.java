/**
 * Conversations and their messages.
 */
@NullMarked
package dev.rookery.chat;

import org.jspecify.annotations.NullMarked;

/**
 * Turn-based games in Java that an extension adds with {@link
 * dev.rookery.extension.ExtensionContext#games}. The server runs them as it runs games in
 * JavaScript: rooms, seats, the log, tokens, saves and what clients receive are the same.
 */
@NullMarked
package dev.rookery.extension.game;

import org.jspecify.annotations.NullMarked;

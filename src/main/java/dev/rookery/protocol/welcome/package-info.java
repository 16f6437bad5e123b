/** The page that a browser gets at {@code /}: what this server is, that it lives, and a game. */
@NullMarked
package dev.rookery.protocol.welcome;

import org.jspecify.annotations.NullMarked;

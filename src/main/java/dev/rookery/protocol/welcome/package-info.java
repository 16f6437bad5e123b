/**
 * The welcome page that browsers get at {@code /}: what the server is, live figures, and a small
 * game over the relay.
 */
@NullMarked
package dev.rookery.protocol.welcome;

import org.jspecify.annotations.NullMarked;

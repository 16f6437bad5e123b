/** The wire of Gamend clients: REST under {@code /api/v1} and Phoenix channels. */
@NullMarked
package dev.rookery.protocol.gamend;

import org.jspecify.annotations.NullMarked;

/** Stored notices to players. */
@NullMarked
package dev.rookery.notification;

import org.jspecify.annotations.NullMarked;

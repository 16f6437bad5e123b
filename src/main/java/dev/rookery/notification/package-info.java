/**
 * Notifications that are stored for players until they are deleted: for example that a player was
 * removed from a lobby. Other domains write them with {@link
 * dev.rookery.notification.NotificationWriter}; a recipient is told with a {@link
 * dev.rookery.notification.NotificationEvent} on the stream of their player.
 */
@NullMarked
package dev.rookery.notification;

import org.jspecify.annotations.NullMarked;

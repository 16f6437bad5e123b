package dev.rookery.consumer;

import dev.rookery.base.Position;

/**
 * An event that a consumer could not handle.
 *
 * @param reason the type of the last failure
 * @param atMs when it was passed over
 */
public record ParkedEvent(
    String stream, Position position, String type, String reason, long atMs) {}

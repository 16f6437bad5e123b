package dev.rookery.consumer;

import dev.rookery.base.Position;

/**
 * An event that a consumer could not handle.
 *
 * @param id identifies it among those of the consumer
 * @param reason the type of the last failure
 * @param atMs when it was passed over
 */
public record ParkedEvent(
    long id, String stream, Position position, String type, String reason, long atMs) {}

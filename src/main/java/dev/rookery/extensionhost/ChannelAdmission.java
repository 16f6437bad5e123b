package dev.rookery.extensionhost;

import dev.rookery.base.Position;
import io.vertx.core.json.JsonObject;

/**
 * An extension has admitted a client to a topic.
 *
 * @param position in the stream of the topic, read before the extension was asked
 */
public record ChannelAdmission(Position position, JsonObject response) {}

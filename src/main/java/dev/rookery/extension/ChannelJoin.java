package dev.rookery.extension;

import io.vertx.core.json.JsonObject;

/**
 * A request to join a topic. Created by the server alone; later versions may add components.
 *
 * @param payload what the client sent, empty if it is no object
 */
public record ChannelJoin(ChannelMember member, JsonObject payload) {}

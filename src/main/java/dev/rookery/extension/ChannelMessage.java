package dev.rookery.extension;

import io.vertx.core.json.JsonObject;

/**
 * A message that a client sends on a topic. Created by the server alone; later versions may add
 * components.
 *
 * @param payload what the client sent, empty if it is no object
 */
public record ChannelMessage(ChannelMember member, String event, JsonObject payload) {}

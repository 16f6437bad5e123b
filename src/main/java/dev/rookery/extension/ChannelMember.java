package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/**
 * A client that joins or has joined a topic. Created by the server alone; later versions may add
 * components.
 *
 * @param id unique for each join in the cluster
 * @param topic without {@code x:<extension>:}
 * @param caller null if the client is not signed in
 */
public record ChannelMember(String id, String topic, @Nullable Caller caller) {}

package dev.rookery.protocol.phoenix;

import dev.rookery.session.Session;
import org.jspecify.annotations.Nullable;

/** Creates the channels for topics. */
@FunctionalInterface
public interface ChannelRouter {
  /**
   * Creates a channel for the topic; null if no channel serves such topics.
   *
   * @param session null on an anonymous socket
   */
  @Nullable Channel open(String topic, @Nullable Session session);
}

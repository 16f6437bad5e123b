package dev.rookery.protocol.phoenix;

import dev.rookery.session.Session;
import org.jspecify.annotations.Nullable;

/** Which topics there are. */
@FunctionalInterface
public interface ChannelRouter {
  /**
   * A channel for the topic; null if no such kind of topic exists.
   *
   * @param session null on an anonymous socket
   */
  @Nullable Channel open(String topic, @Nullable Session session);
}

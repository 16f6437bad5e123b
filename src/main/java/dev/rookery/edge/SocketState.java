package dev.rookery.edge;

import dev.rookery.base.PlayerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of an open socket, as of a moment ago.
 *
 * @param id unique on this node
 * @param path that the client has asked for, which tells the wire
 * @param player null if it counts to nobody
 * @param topics that it has joined, on wires that know topics
 * @param queuedBytes that were not sent yet
 */
public record SocketState(
    long id, String path, @Nullable PlayerId player, List<String> topics, long queuedBytes) {
  public SocketState {
    topics = List.copyOf(topics);
  }
}

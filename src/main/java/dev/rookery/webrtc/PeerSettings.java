package dev.rookery.webrtc;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the peers of a node.
 *
 * @param enabled whether clients may open peers at all
 * @param portMin the first UDP port of peers; each peer uses one for each network address
 * @param portMax the last UDP port; with {@code portMin} 0 the system chooses
 * @param publicAddress the IPv4 address that clients see instead of the node's own; null for that
 * @param peersMax how many peers are open at the same time
 * @param connectWithin how long a peer may take to connect before it fails
 * @param messageBytesMax the size of the longest message that is read; a longer one is dropped
 * @param queueBytesMax how many bytes may wait to be sent on one data channel
 */
public record PeerSettings(
    boolean enabled,
    List<IceServer> iceServers,
    int portMin,
    int portMax,
    @Nullable String publicAddress,
    int peersMax,
    Duration connectWithin,
    int messageBytesMax,
    int queueBytesMax) {
  public PeerSettings {
    iceServers = List.copyOf(iceServers);
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.webrtc.Peer;
import dev.rookery.webrtc.PeerListener;
import dev.rookery.webrtc.Peers;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens the peers of players.
 *
 * @param limiter limits the messages of a player on all data channels together; null for no limit
 */
public record PlayerPeers(
    Vertx vertx, Peers peers, @Nullable FixedWindowLimiter limiter, InstantSource clock) {

  Peers.Admission admission() {
    return peers.admission();
  }

  /** Opens a peer whose listener is called on the calling context. */
  Peer open(PlayerId player, PeerListener listener) {
    String key = "webrtc:" + player;
    return peers.open(
        vertx.getOrCreateContext(),
        listener,
        () -> limiter == null || limiter.retryAfterMs(key) == 0);
  }
}

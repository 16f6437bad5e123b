package dev.rookery.webrtc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What the peers of a node count. Clients choose labels, so channels are not told apart. */
final class PeerMeters {
  final Counter received;
  final Counter sent;
  final Counter dropped;
  final Counter ignored;
  final Counter connected;
  final Counter failed;
  final Counter limited;
  final Counter overflowed;
  final Timer roundTrip;

  PeerMeters(MeterRegistry registry) {
    this.received = messages(registry, "in");
    this.sent = messages(registry, "out");
    this.dropped =
        Counter.builder("rookery.webrtc.dropped")
            .description("Messages not sent because newer ones took their place")
            .register(registry);
    this.ignored =
        Counter.builder("rookery.webrtc.ignored")
            .description("Messages of clients that were too long")
            .register(registry);
    this.connected = ended(registry, "connected");
    this.failed = ended(registry, "failed");
    this.limited = ended(registry, "rate_limited");
    this.overflowed = ended(registry, "overflow");
    this.roundTrip =
        Timer.builder("rookery.webrtc.round.trip")
            .description("Round trips to clients, as ICE measures them; of some peers each second")
            .register(registry);
  }

  private static Counter messages(MeterRegistry registry, String direction) {
    return Counter.builder("rookery.webrtc.messages")
        .description("Messages of data channels")
        .tag("direction", direction)
        .register(registry);
  }

  private static Counter ended(MeterRegistry registry, String outcome) {
    return Counter.builder("rookery.webrtc.peers.outcomes")
        .description("Peers that connected, failed, or were closed for what their clients did")
        .tag("outcome", outcome)
        .register(registry);
  }
}

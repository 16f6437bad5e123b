package dev.rookery.webrtc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * What the peers of a node count. Labels are chosen by clients, so only the usual two are told
 * apart.
 */
final class PeerMeters {
  private final MeterRegistry registry;
  private final Counter received;
  private final Counter sent;
  final Counter dropped;
  final Counter ignored;
  final Counter connected;
  final Counter failed;
  final Counter limited;
  final Counter overflowed;
  final Timer roundTrip;

  PeerMeters(MeterRegistry registry) {
    this.registry = registry;
    this.received = messages("in");
    this.sent = messages("out");
    this.dropped =
        Counter.builder("rookery.webrtc.dropped")
            .description("Messages not sent because newer ones took their place")
            .register(registry);
    this.ignored =
        Counter.builder("rookery.webrtc.ignored")
            .description("Messages of clients that were too long")
            .register(registry);
    this.connected = ended("connected");
    this.failed = ended("failed");
    this.limited = ended("rate_limited");
    this.overflowed = ended("overflow");
    this.roundTrip =
        Timer.builder("rookery.webrtc.round.trip")
            .description("Round trips to clients, as ICE measures them; of some peers each second")
            .register(registry);
  }

  private Counter messages(String direction) {
    return Counter.builder("rookery.webrtc.messages")
        .description("Messages of data channels")
        .tag("direction", direction)
        .register(registry);
  }

  private Counter ended(String outcome) {
    return Counter.builder("rookery.webrtc.peers.outcomes")
        .description("Peers that connected, failed, or were closed for what their clients did")
        .tag("outcome", outcome)
        .register(registry);
  }

  void countReceived() {
    received.increment();
  }

  void countSent() {
    sent.increment();
  }
}

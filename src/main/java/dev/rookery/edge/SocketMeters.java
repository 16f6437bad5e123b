package dev.rookery.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** The metrics of all WebSockets of a node. */
final class SocketMeters {
  final Counter framesIn;
  final Counter framesOut;
  final Counter bytesIn;
  final Counter bytesOut;
  final Counter overflows;
  final Counter unfinished;
  final Counter emptyFragments;
  private final MeterRegistry meters;

  SocketMeters(MeterRegistry meters, SocketRegistry sockets) {
    this.meters = meters;
    Gauge.builder("rookery.sockets.open", sockets, SocketRegistry::count)
        .description("Open sockets")
        .register(meters);
    framesIn = counter("rookery.sockets.frames.in", "Frames received");
    framesOut = counter("rookery.sockets.frames.out", "Frames sent");
    bytesIn = counter("rookery.sockets.bytes.in", "Bytes received in frames, inflated");
    bytesOut = counter("rookery.sockets.bytes.out", "Bytes sent in frames, before deflation");
    unfinished =
        counter("rookery.sockets.unfinished", "Sockets closed for not finishing a message in time");
    emptyFragments =
        counter("rookery.sockets.fragments.empty", "Fragments without content, which are dropped");
    overflows = counter("rookery.sockets.overflows", "Sockets closed for reading too slowly");
  }

  void countSent(int frames, int bytes) {
    framesOut.increment(frames);
    bytesOut.increment(bytes);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }

  /** Counts a closed socket; rare enough to look the counter up each time. */
  void countClosed(String reason) {
    Counter.builder("rookery.sockets.closed")
        .description("Sockets closed, by reason")
        .tag("reason", reason.toLowerCase(Locale.ROOT))
        .register(meters)
        .increment();
  }
}

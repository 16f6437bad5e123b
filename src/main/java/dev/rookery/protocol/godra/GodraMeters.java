package dev.rookery.protocol.godra;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The metrics of the game sockets of a node. */
final class GodraMeters {
  final Counter framesIn;
  final Counter published;
  final Counter unreadable;
  final Counter framesOut;
  final Counter overflows;

  GodraMeters(MeterRegistry meters) {
    framesIn = counter(meters, "rookery.godra.frames.in", "Messages of clients of games");
    published =
        counter(
            meters,
            "rookery.godra.published",
            "Messages of scripts to games that have sockets on this node");
    unreadable =
        counter(
            meters,
            "rookery.godra.unreadable",
            "Messages of scripts that are dropped because they are not UTF-8");
    framesOut =
        counter(meters, "rookery.godra.frames.out", "Frames queued for the clients of games");
    overflows =
        counter(
            meters,
            "rookery.godra.overflows",
            "Sockets of games that are closed because their client reads too slowly");
  }

  private static Counter counter(MeterRegistry meters, String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}

package dev.rookery.fanout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** The metrics of event delivery. */
final class FanOutMeters {
  private static final String RECOVERED = "recovered";

  final Counter posted;
  final Counter gaps;
  final Counter filled;
  final Counter lost;
  final Counter unknown;
  final Counter conflicts;
  private final MeterRegistry meters;

  FanOutMeters(MeterRegistry meters) {
    this.meters = meters;
    this.posted = counter("rookery.fanout.posted", "Events committed and published on this node");
    this.gaps = counter("rookery.fanout.gaps", "Gaps in streams, filled from the history");
    this.filled = counter("rookery.fanout.filled", "Events read from the history to fill gaps");
    this.lost =
        counter(
            "rookery.fanout.lost",
            "Subscribers that must reload: the events are no longer in the history");
    this.unknown =
        counter(
            "rookery.fanout.unknown", "Events of a newer version, passed on without being decoded");
    this.conflicts =
        counter(
            "rookery.fanout.conflicts",
            "Events that contradicted the history or each other, decided by the history");
    for (Recovery.Reload.Reason why : Recovery.Reload.Reason.values()) {
      resumeCounter(why.name());
    }
    resumeCounter(RECOVERED);
  }

  void countResume(Recovery recovery) {
    resumeCounter(
            switch (recovery) {
              case Recovery.Recovered _ -> RECOVERED;
              case Recovery.Reload(var why) -> why.name();
            })
        .increment();
  }

  private Counter resumeCounter(String outcome) {
    return Counter.builder("rookery.resumes")
        .description("Joins with a resume position, by outcome")
        .tag("outcome", outcome.toLowerCase(Locale.ROOT))
        .register(meters);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}

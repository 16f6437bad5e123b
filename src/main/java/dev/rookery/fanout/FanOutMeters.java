package dev.rookery.fanout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What is counted of events on their way. */
final class FanOutMeters {
  private static final String RECOVERED = "recovered";

  final Counter posted;
  final Counter gaps;
  final Counter filled;
  final Counter lost;
  final Counter unknown;
  private final MeterRegistry meters;

  FanOutMeters(MeterRegistry meters) {
    this.meters = meters;
    this.posted = counter("rookery.fanout.posted", "Events committed on this node and sent out");
    this.gaps = counter("rookery.fanout.gaps", "Gaps in streams, filled from the history");
    this.filled = counter("rookery.fanout.filled", "Events that came from the history");
    this.lost = counter("rookery.fanout.lost", "Followers who must reload: the history had passed");
    this.unknown =
        counter(
            "rookery.fanout.unknown",
            "Events that this node cannot read and passes on unread: of a newer version");
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
        .description("Joins of clients that came back with a position, by what became of them")
        .tag("outcome", outcome.toLowerCase(Locale.ROOT))
        .register(meters);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}

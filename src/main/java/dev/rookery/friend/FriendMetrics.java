package dev.rookery.friend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what happened to friendships, by kind, once it is committed. */
final class FriendMetrics {
  private final Map<Class<? extends FriendEvent>, Counter> counters;

  FriendMetrics(MeterRegistry meters) {
    this.counters =
        Stream.<Class<? extends FriendEvent>>of(
                FriendEvent.Requested.class,
                FriendEvent.Accepted.class,
                FriendEvent.Rejected.class,
                FriendEvent.Cancelled.class,
                FriendEvent.Removed.class,
                FriendEvent.Blocked.class,
                FriendEvent.Unblocked.class)
            .collect(Collectors.toMap(Function.identity(), kind -> counter(meters, kind)));
  }

  private static Counter counter(MeterRegistry meters, Class<? extends FriendEvent> kind) {
    return Counter.builder("rookery.friend.changes")
        .description("What happened to friendships and requests, by kind")
        .tag("change", kind.getSimpleName().toLowerCase(Locale.ROOT))
        .register(meters);
  }

  void count(List<FriendEvent> events) {
    events.forEach(event -> Objects.requireNonNull(counters.get(event.getClass())).increment());
  }
}

package dev.rookery.bus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the messages that were refused, and logs the first of each sender. At most {@value
 * #LOGGED_MAX} senders are logged, because a sender without the key may call itself anything.
 */
final class BundleRefusals {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final int LOGGED_MAX = 100;

  /** Why a message was refused; a label value of the metric. */
  enum Reason {
    /** It is not a message of this version. */
    FORMAT,
    /** It was not sent by a node with an accepted key, or was changed. */
    MAC,
    /** It was received before, or is very late. */
    REPLAY
  }

  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  BundleRefusals(MeterRegistry meters) {
    for (Reason reason : Reason.values()) {
      counters.put(
          reason,
          Counter.builder("rookery.cluster.messages.refused")
              .description("Messages between nodes that were refused, by reason")
              .tag("reason", label(reason))
              .register(meters));
    }
  }

  void refuse(Reason reason, String address, String sender) {
    Objects.requireNonNull(counters.get(reason)).increment();
    String key = reason + " " + sender;
    if (logged.size() < LOGGED_MAX && logged.add(key)) {
      LOG.warn(
          "refused a message between nodes: {} (sender {}, address {}); further ones of this sender"
              + " are only counted",
          text(reason),
          sender,
          address);
    }
  }

  private static String text(Reason reason) {
    return switch (reason) {
      case FORMAT -> "it is none of this version";
      case MAC -> "its sender does not have the key of the cluster";
      case REPLAY -> "it was received before, or is too old";
    };
  }

  private static String label(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}

package dev.rookery.base;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The six ways to say no. A code is stable and made for programs ({@code lobby_full}); each wire
 * maps a refusal once to what its clients expect.
 */
public sealed interface Refusal {
  /** Stable, lower-case, words joined by underscores. */
  String code();

  /** The thing named does not exist, or not for the one who asks. */
  record Missing(String code) implements Refusal {}

  /**
   * It exists, but the one who asks may not. {@code details} say more to clients that show it:
   * until when, say; mostly there are none.
   */
  record Denied(String code, Map<String, Object> details) implements Refusal {
    public Denied {
      details = Map.copyOf(details);
    }

    public Denied(String code) {
      this(code, Map.of());
    }
  }

  /** The present state forbids it; in another state the same command would succeed. */
  record Conflict(String code) implements Refusal {}

  /**
   * The command's values break a rule. {@code fields} names each offending field with its
   * sentences, in the order in which they were found; never empty.
   */
  record Invalid(String code, Map<String, List<String>> fields) implements Refusal {
    public Invalid {
      fields = Map.copyOf(fields);
    }

    public static Invalid field(String field, String sentence) {
      return new Invalid("invalid", Map.of(field, List.of(sentence)));
    }
  }

  /** Too much, too soon. */
  record Limited(String code, Duration retryAfter) implements Refusal {}

  /** Something needed is away; nothing was changed, a later try may succeed. */
  record Unavailable(String code, Duration retryAfter) implements Refusal {
    public Unavailable(String code) {
      this(code, Duration.ofSeconds(1));
    }
  }
}

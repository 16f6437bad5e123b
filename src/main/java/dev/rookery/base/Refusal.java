package dev.rookery.base;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The reason why a command was refused, in one of six kinds. The code is stable and meant for
 * programs ({@code lobby_full}); each protocol maps a refusal once to what its clients expect.
 */
public sealed interface Refusal {
  /** A stable code in lower case, with words joined by underscores. */
  String code();

  /** The named object does not exist, or is not visible to the caller. */
  record Missing(String code) implements Refusal {}

  /**
   * The object exists, but the caller is not allowed to do this. {@code details} give clients more
   * to show, such as until when; usually empty.
   */
  record Denied(String code, Map<String, Object> details) implements Refusal {
    public Denied {
      details = Map.copyOf(details);
    }

    public Denied(String code) {
      this(code, Map.of());
    }
  }

  /** The current state does not allow it; in another state the same command would succeed. */
  record Conflict(String code) implements Refusal {}

  /**
   * The command's values break a rule. {@code fields} maps each offending field to its messages, in
   * the order in which they were found; never empty.
   */
  record Invalid(String code, Map<String, List<String>> fields) implements Refusal {
    public Invalid {
      fields = Map.copyOf(fields);
    }

    public static Invalid field(String field, String message) {
      return new Invalid("invalid", Map.of(field, List.of(message)));
    }
  }

  /** A rate limit was exceeded. */
  record Limited(String code, Duration retryAfter) implements Refusal {}

  /** A dependency is unavailable. Nothing was changed; a later attempt may succeed. */
  record Unavailable(String code, Duration retryAfter) implements Refusal {
    public Unavailable(String code) {
      this(code, Duration.ofSeconds(1));
    }
  }
}

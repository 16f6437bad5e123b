package dev.rookery.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration of a node, as the console shows it. A secret is never part of it.
 *
 * @param value null if it is not set; for a secret that is set the begin of a keyed digest, by
 *     which nodes can be compared
 * @param standard the default; null if there is none
 * @param secret whether the key holds a secret
 * @param source where the value came from
 * @param sourceName the environment variable, or the file and the line; empty for a default
 * @param environment the names of its environment variables
 * @param meaning what it does
 */
public record ConfigEntry(
    String key,
    @Nullable String value,
    @Nullable String standard,
    boolean secret,
    Source source,
    String sourceName,
    List<String> environment,
    String meaning) {
  /** What sets values. */
  public enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    /** The program that started the node within itself. */
    PROGRAM
  }

  public ConfigEntry {
    environment = List.copyOf(environment);
  }

  /** Whether the value was set, by a file or the environment. */
  public boolean isChanged() {
    return source != Source.DEFAULT;
  }
}

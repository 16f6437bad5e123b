package dev.rookery.storage;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be true of an object so that it is changed. */
public sealed interface Condition {
  Condition ALWAYS = new Always();
  Condition ABSENT = new Absent();
  Condition EXISTS = new Present(Set.of());

  /** The object may be as it is. */
  record Always() implements Condition {}

  /** The object must not exist. */
  record Absent() implements Condition {}

  /**
   * The object must exist, in one of these versions.
   *
   * @param versions empty for any version
   */
  record Present(Set<String> versions) implements Condition {
    public Present {
      versions = Set.copyOf(versions);
    }
  }

  /**
   * Whether it is true.
   *
   * @param version of the object; null if it does not exist
   */
  default boolean isMetBy(@Nullable String version) {
    return switch (this) {
      case Always _ -> true;
      case Absent _ -> version == null;
      case Present(var versions) ->
          version != null && (versions.isEmpty() || versions.contains(version));
    };
  }
}

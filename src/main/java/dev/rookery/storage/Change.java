package dev.rookery.storage;

import dev.rookery.storage.StoredObject.ReadAccess;
import dev.rookery.storage.StoredObject.WriteAccess;
import org.jspecify.annotations.Nullable;

/** A change of one object. */
public sealed interface Change {
  ObjectName name();

  Condition condition();

  /**
   * Creates the object or replaces its content.
   *
   * @param value a JSON object, which the caller has parsed
   * @param metadata a JSON object, which the caller has parsed
   * @param readAccess null to keep that of an existing object; a new one gets {@code OWNER}, or
   *     {@code EVERYBODY} if it is global
   * @param writeAccess null to keep that of an existing object; a new one gets {@code OWNER}
   */
  record Put(
      ObjectName name,
      String value,
      String metadata,
      @Nullable ReadAccess readAccess,
      @Nullable WriteAccess writeAccess,
      Condition condition)
      implements Change {}

  /** Deletes the object. Succeeds if there is none, unless the condition demands one. */
  record Delete(ObjectName name, Condition condition) implements Change {}
}

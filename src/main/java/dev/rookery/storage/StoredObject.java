package dev.rookery.storage;

/**
 * An object as it is stored.
 *
 * @param id unique among all objects; a deleted object's is not used again
 * @param value the JSON object as it was written
 * @param metadata a JSON object; {@code {}} if none was written
 * @param version the digest of value and metadata: equal content has an equal version
 */
public record StoredObject(
    long id,
    ObjectName name,
    String value,
    String metadata,
    String version,
    ReadAccess readAccess,
    WriteAccess writeAccess,
    long createdMs,
    long updatedMs) {

  /** Who may read an object, beside admins and the server. */
  public enum ReadAccess {
    NOBODY,
    /** Its owner, and the present members of its lobby. */
    OWNER,
    EVERYBODY
  }

  /** Who may write an object, beside admins and the server. */
  public enum WriteAccess {
    NOBODY,
    OWNER
  }
}

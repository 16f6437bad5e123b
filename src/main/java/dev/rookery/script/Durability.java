package dev.rookery.script;

/** When the changes of scripts are stored. */
public enum Durability {
  /** A call is answered, and what it published is delivered, after the commit of its changes. */
  COMMIT,
  /** At most a second after the answer, as with Redis's {@code appendfsync everysec}. */
  EVERYSEC,
  /**
   * Only when the owner of the keyspace stops in order. A killed owner leaves the state of the last
   * orderly stop.
   */
  NONE
}

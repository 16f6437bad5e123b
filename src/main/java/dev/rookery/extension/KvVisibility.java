package dev.rookery.extension;

/** Who may read a key-value entry. */
public enum KvVisibility {
  /** As the entry and the configuration of the server say. */
  DEFAULT,
  /** Every player. */
  PUBLIC,
  /** Its player, the members of its lobby, and admins. */
  PRIVATE
}

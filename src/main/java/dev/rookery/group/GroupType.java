package dev.rookery.group;

/** Who may join a group, and who can find it. */
public enum GroupType {
  /** Anybody joins. */
  PUBLIC,
  /** Anybody asks to join, and an admin decides. */
  PRIVATE,
  /** Only who is invited joins, and only members know of it. */
  HIDDEN
}

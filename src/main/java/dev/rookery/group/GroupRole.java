package dev.rookery.group;

import java.util.Arrays;

/**
 * What a player is to a group, from the most to the least that they may do. The levels are stored.
 */
public enum GroupRole {
  /** An admin who founded the group, or to whom it passed. */
  OWNER(0),
  ADMIN(1),
  MEMBER(2),
  /** Asked to join, and waits for an admin. */
  REQUESTED(3),
  /** May neither join nor ask to. */
  BANNED(4),
  /** Asked to join, and an admin declined; they may ask again. */
  DECLINED(5);

  private final int level;

  GroupRole(int level) {
    this.level = level;
  }

  /** The number that is stored. */
  public int level() {
    return level;
  }

  public boolean isMember() {
    return level <= MEMBER.level;
  }

  /** Whether an owner or an admin. */
  public boolean isAdmin() {
    return level <= ADMIN.level;
  }

  static GroupRole of(long level) {
    return Arrays.stream(values())
        .filter(role -> role.level == level)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no role of level " + level));
  }
}

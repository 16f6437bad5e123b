package dev.rookery.config;

/** Access and limits of key-value entries. */
public record KvConfig(
    boolean playerWrites,
    Access defaultAccess,
    @Setting(env = "LIMIT_MAX_KV_KEY", max = 1_024) int keyMax,
    @Setting(env = "LIMIT_MAX_KV_VALUE_SIZE", max = 1 << 20) int valueBytesMax,
    @Setting(env = "LIMIT_MAX_KV_ENTRIES_PER_USER", max = 1_000_000) int entriesMax,
    int totalBytesMax) {
  static final KvConfig DEFAULTS =
      new KvConfig(false, Access.PRIVATE, 512, 65_536, 1_000, 16 << 20);

  /** Who may read the entries of a player or a lobby. */
  public enum Access {
    /** That player, the present members of that lobby, and admins. */
    PRIVATE,
    /** Every player. */
    PUBLIC
  }
}

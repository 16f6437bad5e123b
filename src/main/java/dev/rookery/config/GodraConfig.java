package dev.rookery.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lua scripts, and the sockets of the games that they run. */
public record GodraConfig(
    @Setting(env = "GODRA_SCRIPTS_DIR") Path scripts,
    @Setting(env = {"GODRA_REDIS_URL", "REDIS_URL"}) @Nullable Secret redisUrl,
    @Setting(env = "GODRA_REDIS_CLUSTER_NODES") List<String> redisClusterNodes,
    @Setting(min = 10, max = 60_000) Duration callTimeout,
    @Setting(max = 1_024) int keysMax,
    @Setting(max = 10_000) int argsMax,
    @Setting(min = 1_024, max = 16 << 20) int bodyBytesMax,
    @Setting(min = 1_024, max = 64 << 20) int resultBytesMax,
    @Setting(max = 5_000) Duration batch,
    @Setting(max = 65_536) int queueMax,
    @Setting(max = 10_000_000) int guestsMax,
    @Setting(min = 500, max = 3_600_000) Duration guestSilence,
    boolean guestsCallPlayerScripts,
    Durability durability,
    @Setting(min = 1 << 20, max = 1 << 30) int memoryBytes,
    GodraScriptConfig script) {
  static final GodraConfig DEFAULTS =
      new GodraConfig(
          Path.of("scripts"),
          null,
          List.of(),
          Duration.ofSeconds(5),
          64,
          256,
          256 << 10,
          1 << 20,
          Duration.ofMillis(50),
          256,
          10_000,
          Duration.ofSeconds(20),
          true,
          Durability.EVERYSEC,
          256 << 20,
          GodraScriptConfig.DEFAULTS);

  /** When the changes of scripts are stored, where they run in the server. */
  public enum Durability {
    /** Before the call is answered. */
    COMMIT,
    /** Within a second. */
    EVERYSEC,
    /** When the server stops in order. */
    NONE
  }
}

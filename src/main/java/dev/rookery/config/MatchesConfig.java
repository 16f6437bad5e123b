package dev.rookery.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Rooms of matches, and the tokens with which their sockets are opened. */
public record MatchesConfig(
    @Setting(env = "ROOM_TOKEN_SECRET") @Nullable Secret tokenSecret,
    @Setting(min = 10_000, max = 86_400_000) Duration lobbyTokenFor,
    @Setting(min = 10_000, max = 86_400_000) Duration gameTokenFor,
    @Setting(min = 60_000) Duration idleFor,
    @Setting(min = 1_000) Duration awakeFor,
    @Setting(max = 10_000) int hostedMax,
    @Setting(max = 10_000) int actionsPerSecond,
    @Setting(env = "GAMES_DIR") @Nullable Path gamesFolder,
    boolean hideInternalPayloads,
    boolean hidePayloadsOfOthers,
    Scripts scripts,
    ControlPlane controlPlane) {
  static final MatchesConfig DEFAULTS =
      new MatchesConfig(
          null,
          Duration.ofMinutes(30),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofMinutes(1),
          20,
          50,
          null,
          false,
          false,
          new Scripts(
              false,
              2,
              Duration.ofSeconds(10),
              Duration.ofSeconds(5),
              0,
              256 << 20,
              1 << 20,
              128 << 20),
          new ControlPlane(null, Duration.ofSeconds(5)));

  /**
   * Bounds of games in JavaScript.
   *
   * @param compiled whether they are compiled to machine code, not interpreted
   * @param threads how many threads run them
   * @param callFor the time of one call
   * @param callCpuFor the processor time of one call
   * @param callStatements the statements of one call; 0 if they are not counted
   * @param callBytes the memory that one call allocates
   * @param viewsMax the length of the views or the state of one match, in UTF-16 units
   * @param matchBytes the memory of the matches that the scripts of all threads hold
   */
  public record Scripts(
      boolean compiled,
      @Setting(max = 64) int threads,
      @Setting(min = 100, max = 60_000) Duration callFor,
      @Setting(min = 100, max = 60_000) Duration callCpuFor,
      @Setting(min = 0) int callStatements,
      @Setting(min = 16 << 20, max = Integer.MAX_VALUE) int callBytes,
      @Setting(min = 1_024, max = 16 << 20) int viewsMax,
      @Setting(min = 1 << 20, max = Integer.MAX_VALUE) int matchBytes) {}

  /**
   * A service that keeps the profiles of users.
   *
   * @param url null if this server keeps them
   * @param within the time for an answer
   */
  public record ControlPlane(
      @Nullable String url, @Setting(min = 100, max = 60_000) Duration within) {}
}

package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where matches are played, and who starts dedicated game servers for them. */
public record AllocationConfig(
    @Nullable ServerProvider provider,
    Duration within,
    MatchRooms match,
    GameFlow gameFlow,
    Agones agones) {
  static final AllocationConfig DEFAULTS =
      new AllocationConfig(
          null,
          Duration.ofSeconds(10),
          new MatchRooms(null),
          new GameFlow("https://dev.api.gameflow.gg/v1", null, null, "default", "us-east"),
          new Agones(null, "default", "rookery"));

  /** The provider that is named, else GameFlow if its key is set, else this server. */
  public ServerProvider effectiveProvider() {
    return provider != null
        ? provider
        : gameFlow.key() == null ? ServerProvider.LOCAL : ServerProvider.GAMEFLOW;
  }

  /**
   * Rooms of this server.
   *
   * @param game the key of the game that is played; null for the default game
   */
  public record MatchRooms(@Nullable String game) {}

  public record GameFlow(
      @Setting(env = "GAMEFLOW_API_URL") String url,
      @Setting(env = "GAMEFLOW_GAME_ID") @Nullable String game,
      @Setting(env = "GAMEFLOW_API_KEY") @Nullable Secret key,
      @Setting(env = "GAMEFLOW_GAME_MODE") String mode,
      @Setting(env = "GAMEFLOW_REGION") String region) {}

  public record Agones(
      @Setting(env = "AGONES_ALLOCATOR_URL") @Nullable String url,
      @Setting(env = "AGONES_NAMESPACE") String namespace,
      @Setting(env = "AGONES_FLEET") String fleet) {}

  public enum ServerProvider {
    LOCAL,
    MATCH,
    GAMEFLOW,
    AGONES
  }
}

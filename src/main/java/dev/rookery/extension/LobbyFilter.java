package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/**
 * Which lobbies are counted; a null does not select. Start from {@link #ALL}, because later
 * versions may add components.
 *
 * @param passworded whether it takes a password to join
 */
public record LobbyFilter(
    @Nullable Boolean hidden,
    @Nullable Boolean hostless,
    @Nullable Boolean locked,
    @Nullable Boolean passworded) {
  /** Selects all. */
  public static final LobbyFilter ALL = new LobbyFilter(null, null, null, null);

  public LobbyFilter withHidden(@Nullable Boolean isHidden) {
    return new LobbyFilter(isHidden, hostless, locked, passworded);
  }

  public LobbyFilter withHostless(@Nullable Boolean isHostless) {
    return new LobbyFilter(hidden, isHostless, locked, passworded);
  }

  public LobbyFilter withLocked(@Nullable Boolean isLocked) {
    return new LobbyFilter(hidden, hostless, isLocked, passworded);
  }

  public LobbyFilter withPassworded(@Nullable Boolean isPassworded) {
    return new LobbyFilter(hidden, hostless, locked, isPassworded);
  }
}

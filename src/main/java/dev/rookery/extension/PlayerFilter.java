package dev.rookery.extension;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which players are counted; a null does not select. Start from {@link #ALL}, because later
 * versions may add components.
 *
 * @param online whether a socket of theirs is connected
 * @param password whether they can sign in by password
 * @param provider with which they can sign in
 * @param registeredSince when their account was created, or later
 * @param activeSince when they were last seen, or later
 */
public record PlayerFilter(
    @Nullable Boolean online,
    @Nullable Boolean password,
    @Nullable IdentityProvider provider,
    @Nullable Instant registeredSince,
    @Nullable Instant activeSince) {
  /** Selects everybody. */
  public static final PlayerFilter ALL = new PlayerFilter(null, null, null, null, null);

  public PlayerFilter withOnline(@Nullable Boolean isOnline) {
    return new PlayerFilter(isOnline, password, provider, registeredSince, activeSince);
  }

  public PlayerFilter withPassword(@Nullable Boolean hasPassword) {
    return new PlayerFilter(online, hasPassword, provider, registeredSince, activeSince);
  }

  public PlayerFilter withProvider(@Nullable IdentityProvider linked) {
    return new PlayerFilter(online, password, linked, registeredSince, activeSince);
  }

  public PlayerFilter withRegisteredSince(@Nullable Instant time) {
    return new PlayerFilter(online, password, provider, time, activeSince);
  }

  public PlayerFilter withActiveSince(@Nullable Instant time) {
    return new PlayerFilter(online, password, provider, registeredSince, time);
  }
}

package dev.rookery.match;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A deployed version of a game.
 *
 * @param digest SHA-256 of its script in hexadecimal digits
 * @param filesDigest SHA-256 of its static files in hexadecimal digits; null if it has none
 * @param active whether new rooms start on it
 */
public record GameVersion(
    String gameKey,
    String version,
    String schemaVersion,
    String digest,
    @Nullable String filesDigest,
    boolean active,
    long createdMs) {
  /** Whether its script and files are those of another one. */
  boolean hasContentOf(GameVersion other) {
    return digest.equals(other.digest) && Objects.equals(filesDigest, other.filesDigest);
  }
}

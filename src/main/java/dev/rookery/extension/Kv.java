package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key-value entries that clients read at {@code /api/v1/kv}. Reads run no hook and see every
 * entry. Keys have 1 to 512 characters, values up to 64 KiB of JSON and metadata 16 KiB, unless the
 * server is configured otherwise. An owner or lobby that does not exist is invalid.
 */
public interface Kv {
  /** The entry of exactly this scope. */
  @Nullable KvEntry find(String key, KvScope scope);

  /** Creates or replaces an entry, without metadata. */
  default KvEntry put(String key, Map<String, Object> value, KvScope scope) {
    return put(key, value, Map.of(), scope);
  }

  /** Creates or replaces an entry, beyond the limit of entries of a player. */
  KvEntry put(String key, Map<String, Object> value, Map<String, Object> metadata, KvScope scope);

  /**
   * Creates an entry. {@code version_conflict} if there is one; {@code too_many_entries} at the
   * limit of the player.
   */
  KvEntry create(
      String key, Map<String, Object> value, Map<String, Object> metadata, KvScope scope);

  /**
   * Replaces an entry that nobody has changed since it was read. {@code version_conflict}
   * otherwise; then read it anew and repeat.
   */
  KvEntry replace(KvEntry read, Map<String, Object> value, Map<String, Object> metadata);

  /** Changes an entry by its id; null keeps a value. {@code not_found}. */
  KvEntry update(
      long id, @Nullable Map<String, Object> value, @Nullable Map<String, Object> metadata);

  /** Deletes the entry of exactly this scope, if there is one. */
  void delete(String key, KvScope scope);

  /** Deletes an entry by its id, if there is one. */
  void delete(long id);

  /**
   * Lists entries, latest update first; where more than 10,000 match, the newest first.
   *
   * @param userId null for any
   * @param lobbyId null for any
   * @param globalOnly whether only entries without player and lobby
   * @param keyPart a part of the key, ignoring case; null for any. Without a player or a lobby, the
   *     first 2,500 keys that begin with it are found, and those that contain it among the newest
   *     2,500 entries; with {@code globalOnly}, of the global ones
   */
  ResultPage<KvEntry> list(
      @Nullable Long userId,
      @Nullable Long lobbyId,
      boolean globalOnly,
      @Nullable String keyPart,
      int page,
      int pageSize);
}

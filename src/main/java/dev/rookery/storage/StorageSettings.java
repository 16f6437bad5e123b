package dev.rookery.storage;

import java.util.Set;

/**
 * Limits and access of stored objects.
 *
 * @param keyMax characters of a key
 * @param valueBytesMax bytes of a value as JSON
 * @param metadataBytesMax bytes of the metadata as JSON
 * @param entriesMax objects that belong to one player, those in lobbies included
 * @param bytesMax bytes of these objects: keys, values and metadata
 * @param playersWrite whether players may write objects that belong to them
 * @param publicCollections collections whose objects everybody may read unless they are for nobody
 */
public record StorageSettings(
    int keyMax,
    int valueBytesMax,
    int metadataBytesMax,
    int entriesMax,
    long bytesMax,
    boolean playersWrite,
    Set<String> publicCollections) {
  public StorageSettings {
    publicCollections = Set.copyOf(publicCollections);
  }
}

package dev.rookery.storage;

import dev.rookery.cache.ReadCache;
import dev.rookery.storage.StoredObject.ReadAccess;
import dev.rookery.storage.StoredObject.WriteAccess;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** How objects are cached; that there is none is cached too. */
final class StoredObjectCodec implements ReadCache.Codec<ObjectName, Optional<StoredObject>> {
  private static final long OBJECT_BYTES = 400;

  /** About how many bytes an object takes in memory. */
  static long bytes(Optional<StoredObject> object) {
    return object
        .map(
            one ->
                OBJECT_BYTES
                    + one.value().length()
                    + one.metadata().length()
                    + 2L * one.name().key().length())
        .orElse(OBJECT_BYTES);
  }

  @Override
  public String name(ObjectName name) {
    return "%d:%d:%d:%s%s"
        .formatted(
            name.ownerOrNone(),
            name.lobbyOrNone(),
            name.collection().length(),
            name.collection(),
            name.key());
  }

  @Override
  public Buffer encode(Optional<StoredObject> object) {
    return object.map(StoredObjectCodec::encode).orElse(Buffer.buffer());
  }

  private static Buffer encode(StoredObject object) {
    return new JsonObject()
        .put("id", object.id())
        .put("value", object.value())
        .put("metadata", object.metadata())
        .put("version", object.version())
        .put("read", object.readAccess().ordinal())
        .put("write", object.writeAccess().ordinal())
        .put("created", object.createdMs())
        .put("updated", object.updatedMs())
        .toBuffer();
  }

  @Override
  public Optional<StoredObject> decode(ObjectName name, Buffer bytes) {
    if (bytes.length() == 0) {
      return Optional.empty();
    }
    var object = new JsonObject(bytes);
    return Optional.of(
        new StoredObject(
            object.getLong("id"),
            name,
            object.getString("value"),
            object.getString("metadata"),
            object.getString("version"),
            ReadAccess.values()[object.getInteger("read")],
            WriteAccess.values()[object.getInteger("write")],
            object.getLong("created"),
            object.getLong("updated")));
  }
}

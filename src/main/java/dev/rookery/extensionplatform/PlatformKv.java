package dev.rookery.extensionplatform;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Kv;
import dev.rookery.extension.KvEntry;
import dev.rookery.extension.KvScope;
import dev.rookery.extension.ResultPage;
import dev.rookery.storage.Asker;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import dev.rookery.storage.Written;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link Kv} by commands on the collection that clients know as key-value entries. */
final class PlatformKv implements Kv {
  static final String COLLECTION = "kv";

  private final PlatformBus bus;

  PlatformKv(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public @Nullable KvEntry find(String key, KvScope scope) {
    StoredObject found = bus.find(new StorageCommand.Read(name(key, scope), Asker.SERVER));
    return found == null ? null : entry(found);
  }

  @Override
  public KvEntry put(
      String key, Map<String, Object> value, Map<String, Object> metadata, KvScope scope) {
    return write(key, value, metadata, scope, Condition.ALWAYS, false);
  }

  @Override
  public KvEntry create(
      String key, Map<String, Object> value, Map<String, Object> metadata, KvScope scope) {
    return write(key, value, metadata, scope, Condition.ABSENT, true);
  }

  @Override
  public KvEntry replace(KvEntry read, Map<String, Object> value, Map<String, Object> metadata) {
    var unchanged = new Condition.Present(Set.of(read.version()));
    return write(read.key(), value, metadata, read.scope(), unchanged, false);
  }

  private KvEntry write(
      String key,
      Map<String, Object> value,
      Map<String, Object> metadata,
      KvScope scope,
      Condition condition,
      boolean limited) {
    var put = new Change.Put(name(key, scope), json(value), json(metadata), null, null, condition);
    Written written =
        bus.ask(new StorageCommand.Write(Asker.SERVER, List.of(put), limited, null)).getFirst();
    return new KvEntry(
        Objects.requireNonNull(written.id()),
        key,
        scope,
        value,
        metadata,
        Objects.requireNonNull(written.version()),
        Instant.ofEpochMilli(written.createdMs()),
        Instant.ofEpochMilli(written.updatedMs()));
  }

  @Override
  public KvEntry update(
      long id, @Nullable Map<String, Object> value, @Nullable Map<String, Object> metadata) {
    return entry(
        bus.ask(
            new StorageCommand.Update(
                COLLECTION,
                id,
                UnaryOperator.identity(),
                value == null ? null : json(value),
                metadata == null ? null : json(metadata),
                null)));
  }

  @Override
  public void delete(String key, KvScope scope) {
    var delete = new Change.Delete(name(key, scope), Condition.ALWAYS);
    bus.ask(new StorageCommand.Write(Asker.SERVER, List.of(delete), false, null));
  }

  @Override
  public void delete(long id) {
    bus.ask(new StorageCommand.DeleteById(COLLECTION, id));
  }

  @Override
  public ResultPage<KvEntry> list(
      @Nullable Long userId,
      @Nullable Long lobbyId,
      boolean globalOnly,
      @Nullable String keyPart,
      int page,
      int pageSize) {
    var filter = new StorageCommand.Filter(player(userId), lobby(lobbyId), keyPart, globalOnly);
    return PlatformBus.result(
        bus.ask(new StorageCommand.Search(COLLECTION, filter, PlatformBus.page(page, pageSize))),
        PlatformKv::entry);
  }

  private static ObjectName name(String key, KvScope scope) {
    return new ObjectName(COLLECTION, key, player(scope.userId()), lobby(scope.lobbyId()));
  }

  static KvScope scope(ObjectName name) {
    PlayerId owner = name.owner();
    LobbyId lobby = name.lobby();
    return new KvScope(owner == null ? null : owner.value(), lobby == null ? null : lobby.value());
  }

  private static @Nullable PlayerId player(@Nullable Long id) {
    return id == null ? null : new PlayerId(id);
  }

  private static @Nullable LobbyId lobby(@Nullable Long id) {
    return id == null ? null : new LobbyId(id);
  }

  private static String json(Map<String, Object> object) {
    return new JsonObject(object).encode();
  }

  private static KvEntry entry(StoredObject stored) {
    return new KvEntry(
        stored.id(),
        stored.name().key(),
        scope(stored.name()),
        new JsonObject(stored.value()).getMap(),
        new JsonObject(stored.metadata()).getMap(),
        stored.version(),
        Instant.ofEpochMilli(stored.createdMs()),
        Instant.ofEpochMilli(stored.updatedMs()));
  }
}

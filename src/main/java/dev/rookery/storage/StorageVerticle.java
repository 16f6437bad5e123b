package dev.rookery.storage;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.cache.ReadCache;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.lobby.Lobbies;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.storage.StorageBatch.Task;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.LongLists;
import dev.rookery.store.Placeholders;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves stored objects, on virtual threads. Reads that wait at the same time share a statement.
 */
public final class StorageVerticle extends VerticleBase {
  private static final int LISTED_MAX = 100;
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final Lobbies lobbies;
  private final StorageRules rules;
  private final ClusterScheduler scheduler;
  private final StorageStore store = new StorageStore();
  private final StorageListStore lists = new StorageListStore();
  private final LongLists longLists;
  private final UsageStore usages = new UsageStore();
  private final ReadCache<ObjectName, Optional<StoredObject>> cache;
  private final ChangeFeed feed;
  private final KeySchemas schemas;
  private final StorageChanges changes;
  private Batcher<Task, List<Written>> writes;
  private Batcher<ObjectName, Optional<StoredObject>> reads;

  @SuppressWarnings("NullAway.Init") // at the start
  public StorageVerticle(
      Bus bus,
      Database database,
      Players players,
      Lobbies lobbies,
      StorageSettings settings,
      ClusterScheduler scheduler,
      Caches caches,
      ChangeFeed feed,
      KeySchemas schemas,
      LongLists longLists) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.lobbies = lobbies;
    this.rules = new StorageRules(settings);
    this.scheduler = scheduler;
    this.feed = feed;
    this.schemas = schemas;
    this.longLists = longLists;
    this.cache = caches.cache("storage", StoredObjectCodec::bytes, new StoredObjectCodec());
    this.changes =
        new StorageChanges(
            database, store, usages, rules, schemas, players, lobbies, cache::invalidate);
  }

  @Override
  public Future<?> start() {
    cache.follow(
        feed,
        StorageEvent.STREAM,
        event -> event instanceof StorageEvent.Changed(var objects) ? objects : null);
    writes =
        new Batcher<>(
            context,
            database,
            "storage",
            Task::player,
            StorageBatch.RETRY.refusal(),
            (tasks, _) -> carryOut(tasks));
    reads = new Batcher<>(context, Placeholders.MANY_MAX, this::findAll);
    var sweep = new ClosedLobbySweep(database, store, changes, lobbies);
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "objects of closed lobbies",
            SweptTable.ruled("storage_object", "when its lobby has closed")),
        _ -> sweep.run());
    var exports = new ExportStore();
    return Future.all(
        bus.<StorageCommand<?>>serve(StorageCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("stored_objects"), export -> exports.objects(database, export)));
  }

  private Object handle(StorageCommand<?> command) {
    return switch (command) {
      case StorageCommand.Read(var name, var asker, var visibility) ->
          read(name, asker, visibility);
      case StorageCommand.ReadAll(var names, var asker) -> readAll(names, asker);
      case StorageCommand.Write write -> write(write);
      case StorageCommand.ListObjects list -> list(list);
      case StorageCommand.Browse browse -> lists.browse(database, browse);
      case StorageCommand.Count(var collection, var filter, var max) ->
          lists.count(database, collection, filter, max);
      case StorageCommand.Search(var collection, var filter, var page) ->
          lists.search(database, longLists, collection, filter, page);
      case StorageCommand.Update update -> changes.update(update);
      case StorageCommand.DeleteById(var collection, var id) -> changes.delete(collection, id);
      case StorageCommand.DeleteKey(var name) -> changes.deleteKey(name);
      case StorageCommand.Forget(var player) -> changes.forget(player);
    };
  }

  private Future<List<Written>> write(StorageCommand.Write write) {
    rules.mustBeValid(write);
    write.changes().forEach(change -> rules.mustBeAllowed(write.by(), change));
    for (Change change : write.changes()) {
      if (change instanceof Change.Put put) {
        schemas.mustFit(put.name(), put.value());
      }
    }
    return writes.submit(Task.of(write));
  }

  /** What was written is dropped from the cache before the writes are acknowledged. */
  private List<Outcome<List<Written>>> carryOut(List<Task> tasks) {
    try {
      return database.write(
          tx -> new StorageBatch(tx, store, usages, rules, players, lobbies, tasks).carryOut());
    } finally {
      tasks.forEach(
          task -> task.write().changes().forEach(change -> cache.invalidate(change.name())));
    }
  }

  // Read.

  private List<Optional<StoredObject>> findAll(List<ObjectName> names) {
    Map<ObjectName, StoredObject> found = store.find(database, names.stream().distinct().toList());
    return names.stream().map(name -> Optional.ofNullable(found.get(name))).toList();
  }

  private Optional<StoredObject> find(ObjectName name) {
    // An id of 0 would be cached under the text of the object without that id.
    return name.isImpossible() ? Optional.empty() : cache.get(name, () -> reads.ask(name));
  }

  private StoredObject read(ObjectName name, Asker asker, StorageCommand.Visibility visibility) {
    StoredObject object = find(name).orElse(null);
    boolean readable =
        switch (visibility) {
          case OF_OBJECT -> {
            LobbyId lobby = rules.dependsOnLobby(name, object, asker) ? lobbyOf(asker) : null;
            yield rules.mayRead(name, object, asker, lobby);
          }
          case EVERYBODY -> true;
          case SCOPE -> isInScope(name, asker);
        };
    if (!readable) {
      throw Refused.denied("forbidden");
    }
    if (object == null) {
      throw Refused.missing("not_found");
    }
    return object;
  }

  private boolean isInScope(ObjectName name, Asker asker) {
    return asker.admin()
        || StorageRules.isInScope(name, asker, null)
        || (name.lobby() != null && StorageRules.isInScope(name, asker, lobbyOf(asker)));
  }

  private List<StoredObject> readAll(List<ObjectName> names, Asker asker) {
    if (names.size() > StorageCommand.OBJECTS_MAX) {
      throw Refused.invalid("objects", "should be at most " + StorageCommand.OBJECTS_MAX);
    }
    List<StoredObject> found =
        names.stream().map(reads::submit).toList().stream()
            .flatMap(object -> object.await().stream())
            .toList();
    return readable(found, asker);
  }

  private List<StoredObject> list(StorageCommand.ListObjects list) {
    int max = Math.clamp(list.max(), 1, LISTED_MAX);
    PlayerId owner = list.owner();
    return readable(
        owner == null
            ? lists.ofEverybody(database, list.collection(), list.after(), max)
            : lists.ofOwner(database, owner, list.collection(), list.after(), max),
        list.asker());
  }

  private List<StoredObject> readable(List<StoredObject> objects, Asker asker) {
    boolean depends =
        objects.stream().anyMatch(one -> rules.dependsOnLobby(one.name(), one, asker));
    LobbyId lobby = depends ? lobbyOf(asker) : null;
    return objects.stream().filter(one -> rules.mayRead(one.name(), one, asker, lobby)).toList();
  }

  private @Nullable LobbyId lobbyOf(Asker asker) {
    PlayerId player = asker.player();
    return player == null ? null : players.find(database, player).lobby();
  }
}

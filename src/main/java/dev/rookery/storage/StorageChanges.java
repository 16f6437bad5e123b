package dev.rookery.storage;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.lobby.Lobbies;
import dev.rookery.player.Players;
import dev.rookery.storage.StorageRules.Usage;
import dev.rookery.storage.StorageStore.Content;
import dev.rookery.storage.StorageStore.Deleted;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rare changes of objects, each in a transaction of its own. */
final class StorageChanges {
  private static final Refused TAKEN = Refused.invalid("key", "has already been taken");

  private final Database database;
  private final StorageStore store;
  private final UsageStore usageStore;
  private final StorageRules rules;
  private final KeySchemas schemas;
  private final Players players;
  private final Lobbies lobbies;
  private final Consumer<ObjectName> changed;

  /**
   * @param changed is told of each object before its change is acknowledged
   */
  StorageChanges(
      Database database,
      StorageStore store,
      UsageStore usageStore,
      StorageRules rules,
      KeySchemas schemas,
      Players players,
      Lobbies lobbies,
      Consumer<ObjectName> changed) {
    this.database = database;
    this.store = store;
    this.usageStore = usageStore;
    this.rules = rules;
    this.schemas = schemas;
    this.players = players;
    this.lobbies = lobbies;
    this.changed = changed;
  }

  StoredObject update(StorageCommand.Update update) {
    try {
      Updated updated = database.write(tx -> update(tx, update));
      changed.accept(updated.before);
      changed.accept(updated.after.name());
      return updated.after;
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw TAKEN;
      }
      throw failed;
    }
  }

  private record Updated(ObjectName before, StoredObject after) {}

  private Updated update(Transaction tx, StorageCommand.Update update) {
    StoredObject seen = find(tx, update);
    ObjectName name = update.name().apply(seen.name());
    var errors = new FieldErrors();
    rules.checkName(errors, name);
    rules.checkContent(errors, update.value(), update.metadata());
    lockParents(tx, seen.name(), name, errors);
    errors.refuse();
    store.lock(tx, List.of(seen.name()));
    StoredObject found = find(tx, update);
    if (!found.name().equals(seen.name())) {
      throw new Refused(new Refusal.Unavailable("busy"));
    }
    if (!name.equals(found.name()) && !store.find(tx, List.of(name)).isEmpty()) {
      throw TAKEN;
    }
    String value = update.value() == null ? found.value() : update.value();
    if (update.value() != null || !name.equals(found.name())) {
      schemas.mustFit(name, value);
    }
    String metadata = update.metadata() == null ? found.metadata() : update.metadata();
    long bytes = StorageRules.size(name, value, metadata);
    long bytesBefore = StorageRules.size(found.name(), found.value(), found.metadata());
    store.rename(
        tx,
        new Content(
            found.id(),
            name,
            value,
            metadata,
            StorageRules.version(value, metadata),
            bytes,
            found.readAccess(),
            update.writeAccess() == null ? found.writeAccess() : update.writeAccess()));
    var usages = new HashMap<PlayerId, Usage>();
    count(usages, found.name(), -1, -bytesBefore);
    count(usages, name, 1, bytes);
    usageStore.add(tx, usages);
    StorageEvents.append(
        tx, name.equals(found.name()) ? List.of(name) : List.of(found.name(), name));
    return new Updated(found.name(), find(tx, update));
  }

  private StoredObject find(Transaction tx, StorageCommand.Update update) {
    return store
        .byId(tx, update.collection(), update.id())
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  /** Locks what both names belong to; the new ones must exist. */
  private void lockParents(
      Transaction tx, ObjectName before, ObjectName after, FieldErrors errors) {
    List<LobbyId> ofLobbies = both(before, after, ObjectName::lobby);
    if (!ofLobbies.isEmpty()) {
      var open = lobbies.lockWithSlowdowns(tx, ofLobbies).keySet();
      LobbyId lobby = after.lobby();
      if (lobby != null && !lobby.equals(before.lobby()) && !open.contains(lobby)) {
        errors.add("lobby_id", "does not exist");
      }
    }
    List<PlayerId> owners = both(before, after, ObjectName::owner);
    if (!owners.isEmpty()) {
      var existing = players.lockRows(tx, owners);
      PlayerId owner = after.owner();
      if (owner != null && !existing.contains(owner)) {
        errors.add("user_id", "does not exist");
      }
    }
  }

  private static <T> List<T> both(
      ObjectName before, ObjectName after, Function<ObjectName, @Nullable T> part) {
    return Stream.of(before, after)
        .flatMap(name -> Stream.ofNullable(part.apply(name)))
        .distinct()
        .toList();
  }

  Done delete(String collection, long id) {
    List<Deleted> deleted =
        database.write(
            tx -> {
              boolean found = store.byId(tx, collection, id).isPresent();
              return found ? settle(tx, store.delete(tx, List.of(id))) : List.<Deleted>of();
            });
    deleted.forEach(one -> changed.accept(one.name()));
    return Done.DONE;
  }

  Done deleteKey(ObjectName name) {
    if (!name.isImpossible()) {
      repeatedly(tx -> store.deleteKey(tx, name));
    }
    return Done.DONE;
  }

  Done forget(PlayerId player) {
    repeatedly(tx -> store.deleteOf(tx, player));
    return database.write(
        tx -> {
          usageStore.forget(tx, player);
          return Done.DONE;
        });
  }

  /** Deletes the objects of a lobby; returns how many. */
  long deleteOf(LobbyId lobby) {
    return repeatedly(tx -> store.deleteOf(tx, lobby));
  }

  /** Deletes a bounded number of rows at a time, so that no other call waits long for it. */
  private long repeatedly(Function<Transaction, List<Deleted>> delete) {
    long all = 0;
    List<Deleted> deleted;
    do {
      deleted = database.write(tx -> settle(tx, delete.apply(tx)));
      deleted.forEach(one -> changed.accept(one.name()));
      all += deleted.size();
    } while (deleted.size() == StorageStore.DELETED_MAX);
    return all;
  }

  private List<Deleted> settle(Transaction tx, List<Deleted> deleted) {
    var usages = new HashMap<PlayerId, Usage>();
    deleted.forEach(one -> count(usages, one.name(), -1, -one.bytes()));
    usageStore.add(tx, usages);
    StorageEvents.append(tx, deleted.stream().map(Deleted::name).toList());
    return deleted;
  }

  private static void count(
      Map<PlayerId, Usage> usages, ObjectName name, long entries, long bytes) {
    if (name.owner() != null) {
      usages.merge(
          name.owner(),
          new Usage(entries, bytes),
          (one, other) -> one.plus(other.entries(), other.bytes()));
    }
  }
}

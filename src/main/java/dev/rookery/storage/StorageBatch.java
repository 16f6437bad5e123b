package dev.rookery.storage;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.lobby.Lobbies;
import dev.rookery.player.Players;
import dev.rookery.storage.StorageRules.Usage;
import dev.rookery.storage.StorageStore.Content;
import dev.rookery.storage.StorageStore.Header;
import dev.rookery.storage.StoredObject.ReadAccess;
import dev.rookery.storage.StoredObject.WriteAccess;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the writes that waited at the same time: lobbies and owners are locked, the
 * objects are read and locked, each write is decided in the order of arrival and sees those before
 * it, and what became of each object is written once.
 */
final class StorageBatch {
  static final Refused RETRY = new Refused(new Refusal.Unavailable("busy"));

  /** A valid write with its idempotency key. */
  record Task(StorageCommand.Write write, @Nullable IdempotentCommand idempotent) {
    static Task of(StorageCommand.Write write) {
      PlayerId player = write.by().player();
      return new Task(
          write,
          player == null
              ? null
              : IdempotentCommand.of(player, write.idempotencyKey(), "storage.write"));
    }

    @Nullable PlayerId player() {
      return write.by().player();
    }

    /** Refuses the answer to a write of something else, whose key has been used again. */
    List<Written> mustHaveWritten(List<Written> answer) {
      List<Change> changes = write.changes();
      boolean same = answer.size() == changes.size();
      for (int i = 0; same && i < changes.size(); i++) {
        Change change = changes.get(i);
        String version =
            change instanceof Change.Put put
                ? StorageRules.version(put.value(), put.metadata())
                : null;
        Written written = answer.get(i);
        same = written.name().equals(change.name()) && Objects.equals(written.version(), version);
      }
      if (!same) {
        throw IdempotentCommand.reused();
      }
      return answer;
    }
  }

  /**
   * An object that exists after some of the writes.
   *
   * @param id null if it is new
   * @param put its new content; null if that is unchanged
   */
  private record State(
      @Nullable Long id,
      String version,
      long bytes,
      ReadAccess readAccess,
      WriteAccess writeAccess,
      long createdMs,
      Change.@Nullable Put put) {

    static State of(Header header) {
      return new State(
          header.id(),
          header.version(),
          header.bytes(),
          header.readAccess(),
          header.writeAccess(),
          header.createdMs(),
          null);
    }

    Content content(ObjectName name) {
      Change.Put written = Objects.requireNonNull(put);
      return new Content(
          id, name, written.value(), written.metadata(), version, bytes, readAccess, writeAccess);
    }
  }

  private final Transaction tx;
  private final StorageStore store;
  private final UsageStore usageStore;
  private final StorageRules rules;
  private final Players players;
  private final Lobbies lobbies;
  private final BatchOutcomes<Task, List<Written>> outcomes;

  private final Set<LobbyId> openLobbies = new HashSet<>();
  private final Set<PlayerId> existing = new HashSet<>();
  private final Map<ObjectName, State> before = new HashMap<>();
  private final Map<ObjectName, State> current = new HashMap<>();
  private final Map<PlayerId, Usage> usages = new HashMap<>();
  private final Map<PlayerId, Usage> added = new HashMap<>();
  private final Set<ObjectName> touched = new HashSet<>();
  // By identity, because two requests may ask for equal writes.
  private final Map<Task, Map<ObjectName, @Nullable State>> results = new IdentityHashMap<>();

  StorageBatch(
      Transaction tx,
      StorageStore store,
      UsageStore usageStore,
      StorageRules rules,
      Players players,
      Lobbies lobbies,
      List<Task> tasks) {
    this.tx = tx;
    this.store = store;
    this.usageStore = usageStore;
    this.rules = rules;
    this.players = players;
    this.lobbies = lobbies;
    this.outcomes = new BatchOutcomes<>(tasks, Task::idempotent, RETRY);
  }

  List<Outcome<List<Written>>> carryOut() {
    outcomes.answerRepeated(
        tx,
        (answers, task) ->
            answers
                .find(task.idempotent, Written[].class)
                .map(Arrays::asList)
                .map(task::mustHaveWritten));
    List<Task> open = outcomes.open();
    if (!open.isEmpty()) {
      lockAndRead(open);
      outcomes.attempt(open, this::decide);
      Map<ObjectName, Long> ids = write();
      results.forEach((task, states) -> outcomes.done(task, written(states, ids)));
      outcomes.remember(tx, open, (_, written) -> written);
    }
    return outcomes.all(tx);
  }

  // Read.

  private void lockAndRead(List<Task> tasks) {
    List<ObjectName> names =
        tasks.stream()
            .flatMap(task -> task.write.changes().stream())
            .map(Change::name)
            .distinct()
            .toList();
    inParts(
        names,
        ObjectName::lobby,
        Comparator.comparingLong(LobbyId::value),
        part -> openLobbies.addAll(lobbies.lockWithSlowdowns(tx, part).keySet()));
    inParts(
        names,
        ObjectName::owner,
        Players.BY_ID,
        part -> {
          existing.addAll(players.lockRows(tx, part));
          usages.putAll(usageStore.find(tx, part));
        });
    Placeholders.inParts(
        names,
        part ->
            store.lock(tx, part).forEach(header -> before.put(header.name(), State.of(header))));
    current.putAll(before);
  }

  private static <T> void inParts(
      List<ObjectName> names,
      Function<ObjectName, @Nullable T> idOf,
      Comparator<T> order,
      Consumer<List<T>> work) {
    List<T> ids =
        names.stream()
            .flatMap(name -> Stream.ofNullable(idOf.apply(name)))
            .distinct()
            .sorted(order)
            .toList();
    Placeholders.inParts(ids, work);
  }

  // Decide.

  private void decide(Task task) {
    var states = new LinkedHashMap<ObjectName, @Nullable State>();
    var more = new HashMap<PlayerId, Usage>();
    for (Change change : task.write.changes()) {
      ObjectName name = change.name();
      State state = current.get(name);
      if (state != null) {
        StorageRules.mustBeWritable(task.write.by(), state.writeAccess);
      }
      if (!change.condition().isMetBy(state == null ? null : state.version)) {
        throw Refused.conflict("version_conflict");
      }
      State next =
          switch (change) {
            case Change.Put put -> put(put, state);
            case Change.Delete _ -> delete(state);
          };
      states.put(name, next);
      if (name.owner() != null) {
        long entries = (next == null ? 0 : 1) - (state == null ? 0 : 1);
        long bytes = (next == null ? 0 : next.bytes) - (state == null ? 0 : state.bytes);
        more.merge(name.owner(), new Usage(entries, bytes), StorageBatch::sum);
      }
    }
    if (task.write.limited() || !task.write.by().admin()) {
      more.forEach((owner, usage) -> rules.mustFit(usage(owner), sum(usage(owner), usage)));
    }
    more.forEach((owner, usage) -> added.merge(owner, usage, StorageBatch::sum));
    states.forEach(
        (name, next) -> {
          touched.add(name);
          if (next == null) {
            current.remove(name);
          } else {
            current.put(name, next);
          }
        });
    results.put(task, states);
  }

  /** An object that this batch creates has no row yet, so its deletion waits for the next batch. */
  private static @Nullable State delete(@Nullable State state) {
    if (state != null && state.id == null) {
      throw RETRY;
    }
    return null;
  }

  private State put(Change.Put put, @Nullable State state) {
    ObjectName name = put.name();
    mustExist(name);
    ReadAccess readAccess =
        put.readAccess() == null && state != null
            ? state.readAccess
            : StorageRules.readAccess(name, put.readAccess());
    WriteAccess writeAccess =
        put.writeAccess() != null
            ? put.writeAccess()
            : state != null ? state.writeAccess : WriteAccess.OWNER;
    return new State(
        state == null ? null : state.id,
        StorageRules.version(put.value(), put.metadata()),
        StorageRules.size(name, put.value(), put.metadata()),
        readAccess,
        writeAccess,
        state == null ? tx.now().toEpochMilli() : state.createdMs,
        put);
  }

  private void mustExist(ObjectName name) {
    var errors = new FieldErrors();
    if (name.owner() != null && !existing.contains(name.owner())) {
      errors.add("user_id", "does not exist");
    }
    if (name.lobby() != null && !openLobbies.contains(name.lobby())) {
      errors.add("lobby_id", "does not exist");
    }
    errors.refuse();
  }

  private Usage usage(PlayerId owner) {
    return sum(usages.getOrDefault(owner, Usage.NONE), added.getOrDefault(owner, Usage.NONE));
  }

  private static Usage sum(Usage one, Usage other) {
    return one.plus(other.entries(), other.bytes());
  }

  // Write.

  private Map<ObjectName, Long> write() {
    var deleted = new ArrayList<Long>();
    var updated = new ArrayList<Content>();
    var inserted = new ArrayList<Content>();
    var changed = new ArrayList<ObjectName>();
    for (ObjectName name : touched) {
      State old = before.get(name);
      State next = current.get(name);
      boolean same = old != null && next != null && Objects.equals(old.id, next.id);
      if (old != null && !same) {
        deleted.add(Objects.requireNonNull(old.id));
      }
      if (next != null) {
        (same ? updated : inserted).add(next.content(name));
      }
      if (old != null || next != null) {
        changed.add(name);
      }
    }
    inserted.sort(Comparator.comparing(Content::name, ObjectName.ORDER));
    var ids = new HashMap<ObjectName, Long>();
    Placeholders.inParts(deleted, part -> store.delete(tx, part));
    Placeholders.inParts(updated, part -> store.update(tx, part));
    Placeholders.inParts(inserted, part -> ids.putAll(store.insert(tx, part)));
    if (ids.size() < inserted.size()) {
      throw new Batcher.LostRace(losers(inserted, ids));
    }
    usageStore.add(tx, added);
    StorageEvents.append(tx, changed);
    return ids;
  }

  /** The writes of objects that another transaction created meanwhile. */
  private Set<Task> losers(List<Content> inserted, Map<ObjectName, Long> ids) {
    var losers = new HashSet<Task>();
    for (Content content : inserted) {
      if (!ids.containsKey(content.name())) {
        results.forEach(
            (task, states) -> {
              if (states.containsKey(content.name())) {
                losers.add(task);
              }
            });
      }
    }
    return losers;
  }

  private List<Written> written(
      Map<ObjectName, @Nullable State> states, Map<ObjectName, Long> ids) {
    long now = tx.now().toEpochMilli();
    var all = new ArrayList<Written>(states.size());
    states.forEach(
        (name, state) ->
            all.add(
                state == null
                    ? new Written(name, null, null, false, 0, now)
                    : new Written(
                        name,
                        state.id == null ? ids.get(name) : state.id,
                        state.version,
                        state.writeAccess == WriteAccess.OWNER,
                        state.createdMs,
                        now)));
    return all;
  }
}

package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.MatchStore.SnapshotRow;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stores accepted actions. Those of different rooms that wait at the same time are stored together:
 * one statement checks all leases, one moves the rooms, one appends the records. A room whose lease
 * was lost is refused alone.
 */
final class ActionWriter {
  private static final Refused NOT_OWNER =
      new Refused(new Refusal.Unavailable(RoomStore.NOT_OWNER));

  private final Database database;
  private final MatchStore store;
  private final boolean profilesOutside;
  private final ProfileStore profiles = new ProfileStore();
  private volatile @Nullable Batcher<Action, Done> batcher;

  /**
   * An accepted action, with its event and the snapshot that is due after it.
   *
   * @param lease under which this node owns the room
   * @param profiles what it changes in the profiles of users
   */
  record Action(
      Lease lease,
      String room,
      RecordRow row,
      @Nullable SnapshotRow snapshot,
      MatchEvent.Advanced event,
      List<ProfileStore.Commit> profiles) {}

  /**
   * @param profilesOutside as in {@link ProfileStore#commit}
   */
  ActionWriter(Database database, MatchStore store, boolean profilesOutside) {
    this.database = database;
    this.store = store;
    this.profilesOutside = profilesOutside;
  }

  /**
   * @param context of the verticle, on virtual threads
   */
  void start(Context context) {
    batcher =
        new Batcher<>(
            context,
            database,
            "match.action",
            Action::room,
            new Refusal.Unavailable("busy"),
            (batch, _) -> write(batch));
  }

  /**
   * Stores an action with its event; blocks the virtual thread until both are committed. {@code
   * Unavailable("not_owner")} if the lease was lost.
   */
  void write(Action action) {
    Objects.requireNonNull(batcher).ask(action);
  }

  private List<Outcome<Done>> write(List<Action> batch) {
    return database.write(tx -> write(tx, batch));
  }

  private List<Outcome<Done>> write(Transaction tx, List<Action> batch) {
    Set<Lease> held = Leases.findHeld(tx, batch.stream().map(Action::lease).toList());
    Map<String, RecordRow> rows =
        batch.stream()
            .filter(action -> held.contains(action.lease))
            .collect(Collectors.toMap(Action::room, Action::row));
    Set<String> stored = rows.isEmpty() ? Set.of() : store.appendRecords(tx, rows);
    var outcomes = new ArrayList<Outcome<Done>>(batch.size());
    var commits = new ArrayList<ProfileStore.Commit>();
    for (Action action : batch) {
      if (stored.contains(action.room)) {
        if (action.snapshot != null) {
          store.insertSnapshot(tx, action.room, action.snapshot);
        }
        commits.addAll(action.profiles);
        tx.append(MatchTopic.of(action.room), action.event);
        outcomes.add(Outcome.done(Done.DONE));
      } else {
        outcomes.add(Outcome.refused(NOT_OWNER));
      }
    }
    profiles.commit(tx, commits, profilesOutside);
    return outcomes;
  }
}

package dev.rookery.match;

import dev.rookery.base.Position;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a room by its owner, refused with {@code not_owner} once another node owns it. It
 * remembers which commands have been carried out, with the event of each. Not thread-safe.
 */
final class RoomWriter {
  private final RoomDependencies with;
  private final String id;
  private final Lease lease;
  private final Runnable onFailure;
  private RoomRequests requests = RoomRequests.of(null);

  /** The id of the command that is carried out; null for one whose repetition does no harm. */
  private @Nullable String request;

  @FunctionalInterface
  private interface Work {
    /**
     * @param requests what the row of the room has to say about them; null for no change
     */
    void accept(Transaction tx, @Nullable String requests);
  }

  /**
   * @param onFailure called after a failed write: what is in memory may differ from the rows
   */
  RoomWriter(RoomDependencies with, String id, Lease lease, Runnable onFailure) {
    this.with = with;
    this.id = id;
    this.lease = lease;
    this.onFailure = onFailure;
  }

  /** A command is carried out from now on. */
  void begin(@Nullable String by) {
    request = by;
  }

  /** The commands of the room that have been carried out, as they are stored. */
  void restore(RoomRequests stored) {
    requests = stored;
  }

  /** Whether the command that is carried out has been carried out before. */
  boolean isRepeated() {
    return request != null && requests.contains(request);
  }

  void write(Consumer<Transaction> work) {
    boolean done = false;
    try {
      with.database()
          .write(
              tx -> {
                Leases.fence(tx, lease);
                work.accept(tx);
                return true;
              });
      done = true;
    } finally {
      if (!done) {
        onFailure.run();
      }
    }
  }

  /** As {@link #write(Consumer)}, together with the actions of other rooms. */
  void append(ActionWriter.Action action) {
    boolean done = false;
    try {
      with.actions().write(action);
      done = true;
    } finally {
      if (!done) {
        onFailure.run();
      }
    }
  }

  /** Writes together with an event; returns the position of the event. */
  Position write(MatchEvent event, Consumer<Transaction> work) {
    return write(
        event,
        (tx, requests) -> {
          work.accept(tx);
          if (requests != null) {
            with.stores().rooms().saveRequests(tx, id, requests);
          }
        });
  }

  /**
   * Writes what changes in the lobby together with an event.
   *
   * @param also what is written with it
   */
  void saveLobby(
      MatchEvent event, LobbyRules before, LobbyRules after, Consumer<Transaction> also) {
    write(
        event,
        (tx, requests) -> {
          with.stores().rooms().saveLobby(tx, id, before, after, requests);
          also.accept(tx);
        });
  }

  private Position write(MatchEvent event, Work work) {
    String by = request;
    String stored = by == null ? null : requests.toText(by);
    var appended = new ArrayList<AppendResult>(1);
    write(
        tx -> {
          work.accept(tx, stored);
          appended.clear();
          appended.add(tx.append(MatchTopic.of(id), event));
        });
    if (by != null) {
      requests.add(by);
    }
    return appended.getFirst().position();
  }
}

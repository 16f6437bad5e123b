package dev.rookery.script;

import dev.rookery.keyspace.Keyspace;
import dev.rookery.script.KeyspaceStore.LogRow;
import dev.rookery.script.KeyspaceStore.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Restores a keyspace from its newest snapshot and the log after it. */
final class KeyspaceRestorer {
  private final KeyspaceStore store;

  KeyspaceRestorer(KeyspaceStore store) {
    this.store = store;
  }

  /**
   * Where the log of a restored keyspace goes on.
   *
   * @param number of the last row that is stored
   * @param sinceSnapshot bytes of the rows since the last snapshot
   */
  record Position(long number, long sinceSnapshot) {}

  /**
   * Restores into an empty keyspace; blocks.
   *
   * @throws IllegalStateException if a part of the snapshot or a row of the log is missing
   */
  Position restore(Keyspace keyspace) {
    Optional<Snapshot> snapshot = store.newestSnapshot();
    snapshot.ifPresent(newest -> keyspace.load(parts(newest)));
    long number = snapshot.map(Snapshot::number).orElse(0L);
    long logBytes = 0;
    List<LogRow> rows = store.logAfter(number);
    while (!rows.isEmpty()) {
      for (LogRow row : rows) {
        if (row.number() != number + 1) {
          throw new IllegalStateException(
              "row %d of the log of the keyspace is missing".formatted(number + 1));
        }
        number = row.number();
        logBytes += row.content().length;
        ChangeBuffer.apply(row.content(), keyspace);
      }
      rows = store.logAfter(number);
    }
    return new Position(number, logBytes);
  }

  /** Reads one part at a time: a keyspace is not twice in memory while it is restored. */
  private Iterable<byte[]> parts(Snapshot snapshot) {
    return () ->
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < snapshot.parts();
          }

          @Override
          public byte[] next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return store.part(snapshot, next++);
          }
        };
  }
}

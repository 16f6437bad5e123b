package dev.rookery.keyspace;

import dev.rookery.keyspace.ScoreTree.Node;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is being taken, read in chunks of a bounded size.
 *
 * <p>The chunks are slices of one sequence of bytes: for each key its type, name, time of expiry
 * and content. A value that changes before its turn comes is written first, so the snapshot shows
 * one moment although it may be taken between changes. The memory it needs beyond the keyspace is
 * what was written ahead for that reason and one value.
 */
public final class SnapshotWriter {
  static final byte VERSION = 1;
  static final byte END = 0;
  static final byte STRING = 1;
  static final byte HASH = 2;
  static final byte LIST = 3;
  static final byte SET = 4;
  static final byte SORTED_SET = 5;
  static final byte STREAM = 6;

  private static final int SMALLEST_CHUNK = 64;

  private final Database database;
  private final OrderedTable<Value> keys;
  private final long number;
  private final long endSequence;
  private final Queue<byte[]> chunks = new ArrayDeque<>();
  private final byte[] chunk;
  private int length = 1;
  private long nextSequence;
  private long savedKeys;
  private boolean finished;

  SnapshotWriter(Database database, OrderedTable<Value> keys, long number, int chunkBytes) {
    if (chunkBytes < SMALLEST_CHUNK) {
      throw new IllegalArgumentException("Chunks have at least 64 bytes, not " + chunkBytes);
    }
    this.database = database;
    this.keys = keys;
    this.number = number;
    this.endSequence = keys.nextSequence();
    this.chunk = new byte[chunkBytes];
    this.chunk[0] = VERSION;
  }

  /** The next chunk, or null after the last. */
  public byte @Nullable [] next() {
    while (chunks.isEmpty() && !finished) {
      saveNext();
    }
    return chunks.poll();
  }

  /** Gives the snapshot up. From now on nothing is written ahead, and there are no more chunks. */
  public void cancel() {
    finished = true;
    chunks.clear();
    database.finish(this);
  }

  private void saveNext() {
    int position = keys.positionOf(nextSequence);
    while (position < keys.positions() && keys.sequenceAt(position) < endSequence) {
      byte[] key = keys.keyAt(position);
      if (key != null) {
        nextSequence = keys.sequenceAt(position) + 1;
        Value value = keys.valueAt(position);
        if (value.snapshot != number) {
          value.snapshot = number;
          save(key, value);
          return;
        }
      }
      position++;
    }
    write(END);
    writeLong(savedKeys);
    flush();
    finished = true;
    database.finish(this);
  }

  /** Writes a key as it is now. */
  void save(byte[] key, Value value) {
    savedKeys++;
    switch (value) {
      case StringValue string -> {
        header(STRING, key, value);
        write(string.bytes());
      }
      case HashValue hash -> {
        header(HASH, key, value);
        writeLong(hash.size());
        OrderedTable<byte[]> fields = hash.fields();
        for (int i = 0; i < fields.positions(); i++) {
          byte[] field = fields.keyAt(i);
          if (field != null) {
            write(field);
            write(fields.valueAt(i));
          }
        }
      }
      case ListValue list -> {
        header(LIST, key, value);
        writeLong(list.size());
        for (int i = 0; i < list.size(); i++) {
          write(list.get(i));
        }
      }
      case SetValue set -> {
        header(SET, key, value);
        writeLong(set.size());
        set.members().forEach(this::write);
      }
      case SortedSetValue sortedSet -> {
        header(SORTED_SET, key, value);
        writeLong(sortedSet.size());
        for (Node node : sortedSet.order().range(0, sortedSet.size())) {
          write(node.member);
          writeLong(Double.doubleToRawLongBits(node.score));
        }
      }
      case StreamValue stream -> {
        header(STREAM, key, value);
        writeLong(stream.lastId().millis());
        writeLong(stream.lastId().counter());
        writeLong(stream.size());
        stream.entries().forEach(this::writeEntry);
      }
    }
  }

  private void header(byte type, byte[] key, Value value) {
    write(type);
    write(key);
    writeLong(value.expiresAt);
  }

  private void writeEntry(StreamValue.Id id, List<byte[]> fields) {
    writeLong(id.millis());
    writeLong(id.counter());
    writeLong(fields.size());
    fields.forEach(this::write);
  }

  private void write(byte value) {
    if (length == chunk.length) {
      flush();
    }
    chunk[length++] = value;
  }

  private void writeLong(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      write((byte) (value >> shift));
    }
  }

  private void write(byte[] bytes) {
    int rest = bytes.length;
    while (rest > 0x7F) {
      write((byte) (rest | 0x80));
      rest >>>= 7;
    }
    write((byte) rest);
    int offset = 0;
    while (offset < bytes.length) {
      if (length == chunk.length) {
        flush();
      }
      int part = Math.min(chunk.length - length, bytes.length - offset);
      System.arraycopy(bytes, offset, chunk, length, part);
      length += part;
      offset += part;
    }
  }

  private void flush() {
    chunks.add(Arrays.copyOf(chunk, length));
    length = 1;
  }
}

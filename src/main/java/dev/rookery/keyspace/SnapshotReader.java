package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Reads what a {@link SnapshotWriter} wrote. */
final class SnapshotReader {
  private static final int BYTES_MAX = 512 << 20;

  private final Iterator<byte[]> chunks;
  private byte[] chunk = ByteStrings.EMPTY;
  private int offset;

  SnapshotReader(Iterator<byte[]> chunks) {
    this.chunks = chunks;
  }

  void read(Database database) {
    long keys = 0;
    while (true) {
      byte type = readByte();
      if (type == SnapshotWriter.END) {
        if (readLong() != keys || chunks.hasNext()) {
          throw damaged("it does not end where it should");
        }
        return;
      }
      byte[] key = readBytes();
      long expiresAt = readLong();
      Value value = readValue(type);
      value.expiresAt = expiresAt;
      database.put(key, value);
      keys++;
    }
  }

  private Value readValue(byte type) {
    return switch (type) {
      case SnapshotWriter.STRING -> new StringValue(readBytes());
      case SnapshotWriter.HASH -> readHash();
      case SnapshotWriter.LIST -> readList();
      case SnapshotWriter.SET -> readSet();
      case SnapshotWriter.SORTED_SET -> readSortedSet();
      case SnapshotWriter.STREAM -> readStream();
      default -> throw damaged("it has a value of the unknown type " + type);
    };
  }

  private Value readHash() {
    var hash = new HashValue();
    for (long rest = readLong(); rest > 0; rest--) {
      hash.put(readBytes(), readBytes());
    }
    return hash;
  }

  private Value readList() {
    var list = new ListValue();
    for (long rest = readLong(); rest > 0; rest--) {
      list.addLast(readBytes());
    }
    return list;
  }

  private Value readSet() {
    var set = new SetValue();
    for (long rest = readLong(); rest > 0; rest--) {
      set.add(readBytes());
    }
    return set;
  }

  private Value readSortedSet() {
    var sortedSet = new SortedSetValue();
    for (long rest = readLong(); rest > 0; rest--) {
      sortedSet.put(readBytes(), Double.longBitsToDouble(readLong()));
    }
    return sortedSet;
  }

  private Value readStream() {
    var stream = new StreamValue();
    var lastId = new StreamValue.Id(readLong(), readLong());
    for (long rest = readLong(); rest > 0; rest--) {
      var id = new StreamValue.Id(readLong(), readLong());
      List<byte[]> fields = new ArrayList<>();
      for (long more = readLong(); more > 0; more--) {
        fields.add(readBytes());
      }
      stream.add(id, List.copyOf(fields));
    }
    stream.setLastId(lastId);
    return stream;
  }

  private void nextChunk() {
    if (!chunks.hasNext()) {
      throw damaged("it ends too early");
    }
    chunk = chunks.next();
    if (chunk.length < 2 || chunk[0] != SnapshotWriter.VERSION) {
      throw damaged("a chunk is empty or of another version");
    }
    offset = 1;
  }

  private byte readByte() {
    if (offset == chunk.length) {
      nextChunk();
    }
    return chunk[offset++];
  }

  private long readLong() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | readByte() & 0xFF;
    }
    return value;
  }

  private byte[] readBytes() {
    long length = 0;
    int shift = 0;
    byte part;
    do {
      part = readByte();
      length |= (long) (part & 0x7F) << shift;
      shift += 7;
    } while (part < 0 && shift <= 28);
    if (part < 0 || length > BYTES_MAX) {
      throw damaged("it has a string of an impossible length");
    }
    // Grows with what is there, so that a damaged length takes no memory.
    byte[] bytes = new byte[(int) Math.min(length, Math.max(64, chunk.length - offset))];
    int filled = 0;
    while (filled < length) {
      if (offset == chunk.length) {
        nextChunk();
      }
      int take = (int) Math.min(chunk.length - offset, length - filled);
      if (filled + take > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, (filled + take) * 2L));
      }
      System.arraycopy(chunk, offset, bytes, filled, take);
      filled += take;
      offset += take;
    }
    return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
  }

  private static IllegalArgumentException damaged(String what) {
    return new IllegalArgumentException("The snapshot is damaged: " + what);
  }
}

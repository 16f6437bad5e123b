package dev.rookery.keyspace;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A list in a circular array: both ends and every index in constant time, changes in the middle by
 * moving references.
 */
final class ListValue extends Value {
  private static final int SMALLEST = 4;

  private byte[] @Nullable [] items = new byte[SMALLEST][];
  private int head;
  private int size;
  private long itemMemory;

  int size() {
    return size;
  }

  private int slot(int index) {
    return head + index & items.length - 1;
  }

  byte[] get(int index) {
    byte[] item = index < 0 || index >= size ? null : items[slot(index)];
    if (item == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return item;
  }

  void set(int index, byte[] item) {
    itemMemory += ByteStrings.memory(item) - ByteStrings.memory(get(index));
    items[slot(index)] = item;
  }

  void addLast(byte[] item) {
    makeRoom();
    items[slot(size)] = item;
    size++;
    itemMemory += ByteStrings.memory(item);
  }

  void addFirst(byte[] item) {
    makeRoom();
    head = head - 1 & items.length - 1;
    items[head] = item;
    size++;
    itemMemory += ByteStrings.memory(item);
  }

  void insert(int index, byte[] item) {
    addLast(item);
    for (int i = size - 1; i > index; i--) {
      items[slot(i)] = items[slot(i - 1)];
    }
    items[slot(index)] = item;
  }

  byte[] removeFirst() {
    byte[] item = get(0);
    items[head] = null;
    head = head + 1 & items.length - 1;
    size--;
    itemMemory -= ByteStrings.memory(item);
    shrink();
    return item;
  }

  byte[] removeLast() {
    byte[] item = get(size - 1);
    items[slot(size - 1)] = null;
    size--;
    itemMemory -= ByteStrings.memory(item);
    shrink();
    return item;
  }

  /** Keeps the items from one index up to another, which is not kept. */
  void keep(int from, int to) {
    while (size > to) {
      removeLast();
    }
    for (int i = 0; i < from && size > 0; i++) {
      removeFirst();
    }
  }

  /** Removes at most so many items equal to this one, from the front or from the back. */
  int remove(byte[] item, int atMost, boolean fromBack) {
    int removed = 0;
    int to = fromBack ? size - 1 : 0;
    int step = fromBack ? -1 : 1;
    for (int from = to; from >= 0 && from < size; from += step) {
      byte[] other = get(from);
      if (removed < atMost && Arrays.equals(other, item)) {
        removed++;
        itemMemory -= ByteStrings.memory(other);
      } else {
        items[slot(to)] = other;
        to += step;
      }
    }
    for (int i = 0; i < removed; i++) {
      items[slot(fromBack ? i : size - 1 - i)] = null;
    }
    if (fromBack) {
      head = slot(removed);
    }
    size -= removed;
    shrink();
    return removed;
  }

  private void makeRoom() {
    if (size == items.length) {
      resize(items.length * 2);
    }
  }

  private void shrink() {
    if (items.length > 16 && size < items.length / 8) {
      resize(items.length / 4);
    }
  }

  private void resize(int capacity) {
    byte[] @Nullable [] resized = new byte[capacity][];
    for (int i = 0; i < size; i++) {
      resized[i] = items[slot(i)];
    }
    items = resized;
    head = 0;
  }

  @Override
  String type() {
    return "list";
  }

  @Override
  long memory() {
    return 72 + items.length * 4L + itemMemory;
  }

  @Override
  boolean isEmpty() {
    return size == 0;
  }

  @Override
  Value copy() {
    var copy = new ListValue();
    for (int i = 0; i < size; i++) {
      copy.addLast(get(i));
    }
    return copy;
  }
}

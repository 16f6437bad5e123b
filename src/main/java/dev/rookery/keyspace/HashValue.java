package dev.rookery.keyspace;

import org.jspecify.annotations.Nullable;

/** Fields with values, in the order in which the fields came. */
final class HashValue extends Value {
  private final OrderedTable<byte[]> fields = new OrderedTable<>();
  private long valueMemory;

  OrderedTable<byte[]> fields() {
    return fields;
  }

  int size() {
    return fields.size();
  }

  byte @Nullable [] get(byte[] field) {
    return fields.get(field);
  }

  /** Returns whether the field is new. */
  boolean put(byte[] field, byte[] value) {
    byte[] earlier = fields.put(field, value);
    valueMemory += ByteStrings.memory(value);
    if (earlier == null) {
      return true;
    }
    valueMemory -= ByteStrings.memory(earlier);
    return false;
  }

  boolean remove(byte[] field) {
    byte[] earlier = fields.remove(field);
    if (earlier == null) {
      return false;
    }
    valueMemory -= ByteStrings.memory(earlier);
    return true;
  }

  @Override
  String type() {
    return "hash";
  }

  @Override
  long memory() {
    return 48 + fields.memory() + valueMemory;
  }

  @Override
  boolean isEmpty() {
    return fields.size() == 0;
  }

  @Override
  Value copy() {
    var copy = new HashValue();
    for (int i = 0; i < fields.positions(); i++) {
      byte[] field = fields.keyAt(i);
      if (field != null) {
        copy.put(field, fields.valueAt(i));
      }
    }
    return copy;
  }
}

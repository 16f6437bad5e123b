package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.List;

/** Members without order; read in the order in which they came. */
final class SetValue extends Value {
  private final OrderedTable<Boolean> members = new OrderedTable<>();

  OrderedTable<Boolean> table() {
    return members;
  }

  int size() {
    return members.size();
  }

  boolean contains(byte[] member) {
    return members.contains(member);
  }

  boolean add(byte[] member) {
    return members.put(member, Boolean.TRUE) == null;
  }

  boolean remove(byte[] member) {
    return members.remove(member) != null;
  }

  List<byte[]> members() {
    var list = new ArrayList<byte[]>(members.size());
    for (int i = 0; i < members.positions(); i++) {
      byte[] member = members.keyAt(i);
      if (member != null) {
        list.add(member);
      }
    }
    return list;
  }

  @Override
  String type() {
    return "set";
  }

  @Override
  long memory() {
    return 40 + members.memory();
  }

  @Override
  boolean isEmpty() {
    return members.size() == 0;
  }

  @Override
  Value copy() {
    var copy = new SetValue();
    members().forEach(copy::add);
    return copy;
  }
}

package dev.rookery.keyspace;

import dev.rookery.keyspace.ScoreTree.Node;
import org.jspecify.annotations.Nullable;

/** Members with scores, found by member and by rank. */
final class SortedSetValue extends Value {
  private final OrderedTable<Node> members = new OrderedTable<>();
  private final ScoreTree order = new ScoreTree();

  OrderedTable<Node> table() {
    return members;
  }

  ScoreTree order() {
    return order;
  }

  int size() {
    return members.size();
  }

  @Nullable Double score(byte[] member) {
    Node node = members.get(member);
    return node == null ? null : node.score;
  }

  /** Sets the score of a member, new or not. */
  void put(byte[] member, double score) {
    Node earlier = members.get(member);
    if (earlier == null) {
      members.put(member, order.add(member, score));
      return;
    }
    order.remove(earlier);
    members.put(earlier.member, order.add(earlier.member, score));
  }

  boolean remove(byte[] member) {
    Node node = members.remove(member);
    if (node == null) {
      return false;
    }
    order.remove(node);
    return true;
  }

  @Override
  String type() {
    return "zset";
  }

  @Override
  long memory() {
    return 72 + members.memory() + members.size() * ScoreTree.NODE_MEMORY;
  }

  @Override
  boolean isEmpty() {
    return members.size() == 0;
  }

  @Override
  Value copy() {
    var copy = new SortedSetValue();
    for (int i = 0; i < members.positions(); i++) {
      byte[] member = members.keyAt(i);
      if (member != null) {
        copy.put(member, members.valueAt(i).score);
      }
    }
    return copy;
  }
}

package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Members in the order of their scores, then of their bytes, with ranks in logarithmic time.
 *
 * <p>A treap: a binary search tree whose nodes know the size of their subtree and have a random
 * priority that falls from the root down, so that its expected depth is logarithmic in whatever
 * order the members come.
 */
final class ScoreTree {
  /** A member with its score. */
  static final class Node {
    final byte[] member;
    final double score;
    private final int priority;
    private int size = 1;
    private @Nullable Node left;
    private @Nullable Node right;

    private Node(byte[] member, double score, int priority) {
      this.member = member;
      this.score = score;
      this.priority = priority;
    }

    private void update() {
      size = size(left) + 1 + size(right);
    }

    private boolean isBefore(Node other) {
      if (score != other.score) {
        return score < other.score;
      }
      return Arrays.compareUnsigned(member, other.member) < 0;
    }
  }

  static final long NODE_MEMORY = 48;

  private @Nullable Node root;
  private long randomState = 0x2545F4914F6CDD1DL;

  private static int size(@Nullable Node node) {
    return node == null ? 0 : node.size;
  }

  /** Adds a member that is not in the tree. */
  Node add(byte[] member, double score) {
    randomState = randomState * 6364136223846793005L + 1442695040888963407L;
    var node = new Node(member, score, (int) (randomState >>> 32));
    root = insert(root, node);
    return node;
  }

  private static Node insert(@Nullable Node tree, Node node) {
    if (tree == null) {
      return node;
    }
    if (node.priority > tree.priority) {
      split(tree, node);
      node.update();
      return node;
    }
    if (node.isBefore(tree)) {
      tree.left = insert(tree.left, node);
    } else {
      tree.right = insert(tree.right, node);
    }
    tree.size++;
    return tree;
  }

  /** Hangs what lies before the pivot to its left and the rest to its right. */
  private static void split(@Nullable Node tree, Node pivot) {
    if (tree == null) {
      pivot.left = null;
      pivot.right = null;
    } else if (pivot.isBefore(tree)) {
      split(tree.left, pivot);
      tree.left = pivot.right;
      tree.update();
      pivot.right = tree;
    } else {
      split(tree.right, pivot);
      tree.right = pivot.left;
      tree.update();
      pivot.left = tree;
    }
  }

  /** Removes a node that is in the tree. */
  void remove(Node node) {
    root = remove(root, node);
  }

  private static @Nullable Node remove(@Nullable Node tree, Node node) {
    if (tree == null) {
      throw new IllegalStateException("The member is not in the tree");
    }
    if (tree == node) {
      return merge(tree.left, tree.right);
    }
    if (node.isBefore(tree)) {
      tree.left = remove(tree.left, node);
    } else {
      tree.right = remove(tree.right, node);
    }
    tree.size--;
    return tree;
  }

  private static @Nullable Node merge(@Nullable Node before, @Nullable Node after) {
    if (before == null) {
      return after;
    }
    if (after == null) {
      return before;
    }
    if (before.priority > after.priority) {
      before.right = merge(before.right, after);
      before.update();
      return before;
    }
    after.left = merge(before, after.left);
    after.update();
    return after;
  }

  /** How many members lie before a node of the tree. */
  int rank(Node node) {
    return count(other -> other.isBefore(node));
  }

  /** How many members fulfil a condition that holds up to some place in the order and not after. */
  int count(Predicate<Node> condition) {
    int count = 0;
    Node tree = root;
    while (tree != null) {
      if (condition.test(tree)) {
        count += size(tree.left) + 1;
        tree = tree.right;
      } else {
        tree = tree.left;
      }
    }
    return count;
  }

  /** The nodes from one rank up to another, which is not among them. */
  List<Node> range(int from, int to) {
    var nodes = new ArrayList<Node>(Math.max(0, to - from));
    collect(root, from, to, nodes);
    return nodes;
  }

  private static void collect(@Nullable Node tree, int from, int to, List<Node> nodes) {
    if (tree == null || from >= to) {
      return;
    }
    int own = size(tree.left);
    if (from < own) {
      collect(tree.left, from, Math.min(to, own), nodes);
    }
    if (from <= own && own < to) {
      nodes.add(tree);
    }
    if (to > own + 1) {
      collect(tree.right, Math.max(0, from - own - 1), to - own - 1, nodes);
    }
  }
}

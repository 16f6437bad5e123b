package dev.rookery.lua;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables of a function while it is parsed. */
final class FunctionScope {
  static final int LOCALS_MAX = 200;
  static final int UPVALUES_MAX = 60;

  /** A local variable. The number is its position among all declarations of the chunk. */
  record Variable(String name, int slot, int number, boolean captured) {}

  /** A block, and whether {@code break} may leave it. */
  private record BlockScope(int variables, boolean loop) {}

  final @Nullable FunctionScope parent;
  final int line;
  boolean variadic;
  boolean usesDots;
  int argSlot;
  int frameSize = Proto.FIRST_LOCAL;

  private final List<Variable> active = new ArrayList<>();
  private final List<BlockScope> blocks = new ArrayList<>();
  private final List<String> upvalueNames = new ArrayList<>();
  private final List<Integer> upvalueSources = new ArrayList<>();

  FunctionScope(@Nullable FunctionScope parent, int line) {
    this.parent = parent;
    this.line = line;
  }

  int nextSlot() {
    return Proto.FIRST_LOCAL + active.size();
  }

  int activeCount() {
    return active.size();
  }

  void activate(Variable variable) {
    active.add(variable);
    frameSize = Math.max(frameSize, nextSlot());
  }

  @Nullable Variable find(String name) {
    for (int i = active.size() - 1; i >= 0; i--) {
      if (active.get(i).name.equals(name)) {
        return active.get(i);
      }
    }
    return null;
  }

  int findUpvalue(String name) {
    return upvalueNames.indexOf(name);
  }

  int addUpvalue(String name, int source) {
    upvalueNames.add(name);
    upvalueSources.add(source);
    return upvalueNames.size() - 1;
  }

  int upvalueCount() {
    return upvalueNames.size();
  }

  int[] upvalues() {
    return upvalueSources.stream().mapToInt(Integer::intValue).toArray();
  }

  void openBlock(boolean loop) {
    blocks.add(new BlockScope(active.size(), loop));
  }

  void closeBlock() {
    BlockScope block = blocks.removeLast();
    active.subList(block.variables, active.size()).clear();
  }

  boolean isInLoop() {
    return blocks.stream().anyMatch(BlockScope::loop);
  }
}

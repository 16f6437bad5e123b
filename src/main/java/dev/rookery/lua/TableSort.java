package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * {@code table.sort}: the quicksort of Lua 5.1, step by step, so that an order function sees the
 * same pairs and equal elements end in the same order.
 */
final class TableSort {
  private final LuaCall call;
  private final LuaTable table;
  private final @Nullable LuaFunction order;

  private TableSort(LuaCall call, LuaTable table, @Nullable LuaFunction order) {
    this.call = call;
    this.table = table;
    this.order = order;
  }

  static Object sort(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    int n = table.length();
    LuaFunction order = Args.get(args, 1) == null ? null : Args.function(c, args, 1);
    if (table.readOnly && n > 0) {
      throw new LuaError("Attempt to modify a readonly table");
    }
    new TableSort(c, table, order).sort(1, n);
    return Expr.EMPTY;
  }

  private boolean less(@Nullable Object a, @Nullable Object b) {
    call.tick();
    return order == null
        ? Ops.lessThan(call, a, b, null)
        : Ops.truthy(Expr.first(call.invoke(order, a, b)));
  }

  private void swap(int i, int j) {
    Object value = table.get(i);
    table.set(i, table.get(j));
    table.set(j, value);
  }

  private void sort(int from, int to) {
    int l = from;
    int u = to;
    while (l < u) {
      if (less(table.get(u), table.get(l))) {
        swap(l, u);
      }
      if (u - l == 1) {
        return;
      }
      int i = (l + u) / 2;
      if (less(table.get(i), table.get(l))) {
        swap(i, l);
      } else if (less(table.get(u), table.get(i))) {
        swap(i, u);
      }
      if (u - l == 2) {
        return;
      }
      Object pivot = table.get(i);
      swap(i, u - 1);
      call.hold(pivot);
      i = partition(l, u, pivot);
      call.release();
      swap(u - 1, i);
      // The smaller half by recursion, the larger one by the loop.
      int j;
      if (i - l < u - i) {
        j = l;
        i--;
        l = i + 2;
      } else {
        j = i + 1;
        i = u;
        u = j - 2;
      }
      sort(j, i);
    }
  }

  private int partition(int l, int u, @Nullable Object pivot) {
    int i = l;
    int j = u - 1;
    while (true) {
      while (less(table.get(++i), pivot)) {
        if (i > u) {
          throw invalidOrder();
        }
      }
      while (less(pivot, table.get(--j))) {
        if (j < l) {
          throw invalidOrder();
        }
      }
      if (j < i) {
        return i;
      }
      swap(i, j);
    }
  }

  private LuaError invalidOrder() {
    return call.error("invalid order function for sorting");
  }
}
